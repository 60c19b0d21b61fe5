"""A listing as it was flagged, where its catalogue has said something else since: another page, or another title.

Both come from the platform or the seller, like all of a catalogue. Whoever points the address at a page that is gone would
otherwise have a removal proved while the offer goes on where it was; and by the title the rules tell whose offer a page
shows. So a listing is gone only where both pages say so, each by both titles, and on sale where one of them does.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from enforcement.checks.services.observations import Seen
from enforcement.checks.services.pace import host_of, reserve
from enforcement.models import Takedown
from enforcement.rules.verdict import Answer, Judgement, judge
from enforcement.states import Source, Verdict
from listings.models import Flag, Listing

WITHIN = timedelta(seconds=20)  # how long the second page may wait for its host


@dataclass(frozen=True, slots=True)
class AsFlagged:
    """Page and title as they were when a listing was flagged; empty where they are the same now."""

    url: str = ""
    title: str = ""


CheckAsFlagged = Callable[[Takedown, AsFlagged, datetime], Seen]


def as_flagged(takedowns: Sequence[Takedown]) -> dict[int, AsFlagged]:
    """Takedown → what its listing was when it was flagged."""
    first_link = Coalesce(KT("listing_as_flagged__first_link"), KT("listing_as_flagged__link"))
    stated = Flag.objects.filter(pk__in=[row.flag_id for row in takedowns]).values_list(
        "pk", first_link, KT("listing_as_flagged__title")
    )
    known = {pk: (link, title) for pk, link, title in stated if link is not None}
    found = {}
    for row in takedowns:
        listing = row.flag.listing
        link, title = known.get(row.flag_id, (listing.link, listing.title))
        url = listing.page_at(link)
        found[row.pk] = AsFlagged(url if url != listing.page_url else "", title if title != listing.title else "")
    return found


def judge_listing(answer: Answer, listing: Listing, flagged: AsFlagged) -> Judgement:
    """The verdict on a page of a listing: a removal is one by the title of now and by the one as flagged, and it is on
    sale under either."""
    found = judge(answer, listing_id=listing.external_id, title=listing.title)
    if not flagged.title or found.verdict == Verdict.LIVE:
        return found
    as_then = judge(answer, listing_id=listing.external_id, title=flagged.title)
    decides = as_then.verdict == Verdict.LIVE or found.verdict in {Verdict.GONE, Verdict.RESTRICTED}
    return as_then if decides else found


def pages_as_flagged(checks: Sequence[Seen], *, check: CheckAsFlagged, threads: Executor) -> dict[int, Seen]:
    """Place among `checks` → what the page says under which the listing was flagged. Asked only where it is another one,
    and the page of now does not show the listing on sale."""
    asked = {place: seen for place, seen in enumerate(checks) if seen.verdict != Verdict.LIVE}
    known = as_flagged([seen.takedown for seen in asked.values()])
    running, found = {}, {}
    for place, seen in asked.items():
        if not (url := known[seen.takedown.pk].url):
            continue
        if moments := reserve(host_of(url), 1, within=WITHIN):
            running[place] = threads.submit(check, seen.takedown, known[seen.takedown.pk], moments[0])
        else:
            found[place] = not_seen(seen.takedown, "its host is being checked as often as it may be")
    for place, future in running.items():
        try:
            found[place] = future.result()
        except Exception as error:  # noqa: BLE001  whatever it is, the page was not seen
            found[place] = not_seen(checks[place].takedown, f"the check broke ({type(error).__name__})")
    return found


def not_seen(takedown: Takedown, reason: str) -> Seen:
    """The page as flagged, where it could not be checked: unknown, for a reason that ends a sentence."""
    return Seen(takedown, Source.PAGE, Verdict.UNKNOWN, "flagged_page", f"It was not seen: {reason}.")


def both_pages(now: Seen, flagged: Seen | None) -> Seen:
    """One check of the two pages: what both of them prove, with the capture of the page that decides."""
    if flagged is None:
        return now
    flagged = replace(flagged, decision=now.decision)
    if now.capture is None:  # the catalogue names no page any more
        return flagged
    if flagged.verdict == Verdict.LIVE:
        return replace(_noted(flagged, now), detail=f"At the address under which it was flagged: {flagged.detail}")
    if now.verdict == Verdict.UNKNOWN:
        return now
    if flagged.verdict == Verdict.UNKNOWN:
        detail = (
            "The catalogue has given the listing another address since it was flagged. The new page counts only with the "
            f"one under which it was flagged: {flagged.detail}"
        )
        return replace(_noted(flagged, now), rule="flagged_page", detail=detail, doubtful=False)
    weaker, other = (flagged, now) if flagged.verdict == Verdict.RESTRICTED else (now, flagged)
    return _noted(weaker, other)


def _noted(seen: Seen, other: Seen) -> Seen:
    """The check, whose capture, and with it the audit chain, says what the other page showed."""
    if seen.capture is None or other.capture is None:
        return replace(seen, capture=seen.capture or other.capture)
    status = other.capture.status if other.capture.status is not None else "no answer"
    said = f"{other.capture.url}: {other.verdict}, {status}. {other.detail}"[:600]
    return replace(seen, capture=replace(seen.capture, extracted=seen.capture.extracted | {"other_page": said}))
