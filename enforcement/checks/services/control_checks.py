"""Control checks next to page checks: what the host answers for an address that cannot exist, and for a listing on
sale.

A host that answers both the same way proves nothing, whatever it says: this finds a shop that answers 404 to us for
everything. An unclear answer counts as gone where it is like the one for the impossible address and unlike the one on
sale, in any language. Both controls come after the target's own answer: a bot wall that appeared in between would also
block the listing on sale.

The listing on sale is one of the same platform, and what it shows counts for the checks of that platform alone: an address
in a catalogue can be on anybody's host, and would decide there what another platform's removals are worth.
"""

import hashlib
import logging
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from enforcement.checks.fetch import Capture
from enforcement.checks.services.observations import Seen
from enforcement.checks.services.pace import host_of, reserve, robots_refuse
from enforcement.models import ControlCheck
from enforcement.rules.similarity import are_alike, compare, impossible_address, print_of
from enforcement.rules.verdict import Answer, judge
from enforcement.states import ControlFinding, Source, Verdict
from listings import services as listings
from listings.models import Flag, Listing

logger = logging.getLogger(__name__)
Fetch = Callable[[str], Capture]
KEPT = timedelta(hours=1)  # how long a control check confirms clear answers of a host
APART = timedelta(minutes=10)  # doubtful answers do not make us ask a host more often
WITHIN = timedelta(seconds=20)
MAX_HOSTS = 16  # asked for one batch: slow ones must not outlast the lease of its checks
MAX_BODY = 500_000  # bytes kept of each answer
MAX_TRIED = 3  # listings that should be on sale, of one control check
CANDIDATES = 50  # newest listings of the platform in which to find one on the same host
# Rules by which the page still has something of the listing: its likeness to a missing page decides nothing.
HOLDS_LISTING = frozenset({
    "title_alone", "data_alone", "contradiction", "another_product", "hidden_offer", "moved", "pictured", "sellers_words",
})  # fmt: skip
# Rules by which a part of the page was not read: it is like a missing page if that one is so too.
UNLIKE_OTHERS = frozenset({
    "framed", "leads_on", "not_whole", "other_versions", "drawn_with_links", "not_filled_in", "asks_first", "sold_on",
})  # fmt: skip
_READ = frozenset({200, 203, 404, 410})


def with_controls(checks: Sequence[Seen], *, fetch: Fetch, threads: Executor) -> list[Seen]:
    """The checks, with those that say gone or are doubtful judged again using their host's control checks.

    Never raises for a host: where its control check breaks, its checks stay as they are.
    """
    hosts: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, seen in enumerate(checks):
        if _asks(seen) and seen.capture is not None and (host := host_of(seen.capture.url)):
            hosts[host, seen.takedown.platform_id].append(number)
    found = list(checks)
    plans: dict[tuple[str, int], _Plan | ControlCheck | None] = {}
    asked: dict[tuple[str, int], Future[tuple[Capture, Capture | None, Listing | None]]] = {}
    for key, rows in hosts.items():
        if len(asked) >= MAX_HOSTS:
            break
        host, _ = key
        try:
            plans[key] = plan = _plan(host, [checks[at] for at in rows])
        except Exception:
            logger.exception("the control check of %s could not be planned", host)
            continue
        if isinstance(plan, _Plan):
            asked[key] = threads.submit(_ask, plan, fetch)
    for key, plan in plans.items():
        (host, _), rows = key, hosts[key]
        try:
            control = _stored_as(plan, *asked[key].result()) if isinstance(plan, _Plan) else plan
            for at in rows:
                found[at] = _beside(checks[at], control) if control is not None else checks[at]
        except Exception:
            logger.exception("the control check of %s broke", host)
    return found


def _asks(seen: Seen) -> bool:
    """Whether a check needs a control: an answer with its own body or status that says gone or is unclear."""
    if seen.source != Source.PAGE or seen.capture is None or seen.capture.status not in _READ:
        return False
    return seen.doubtful or seen.verdict == Verdict.GONE


@dataclass(frozen=True)
class _Plan:
    """A control check to make: which addresses to request, and when."""

    host: str
    moments: list[datetime]
    impossible: str
    known: list[Listing]


def _plan(host: str, checks: Sequence[Seen]) -> "_Plan | ControlCheck | None":
    """The host's newest control check with a listing of the checks' platform where it is still valid, else the plan of a
    new one; None where the next free time of the host is too late."""
    listing, address = checks[0].takedown.flag.listing, checks[0].capture.url if checks[0].capture else ""
    own = ControlCheck.objects.filter(host=host, live_listing__platform=listing.platform_id)
    newest = own.select_related("live_listing__platform").order_by("-at").first()
    now = timezone.now()
    if newest is not None and now - newest.at < (APART if any(seen.doubtful for seen in checks) else KEPT):
        return newest
    known = on_sale(
        host, listing, newest.live_listing if newest and newest.finding == ControlFinding.READABLE else None
    )
    moments = reserve(host, 1 + len(known), within=WITHIN)
    if len(moments) < min(2, 1 + len(known)):
        return newest if newest is not None and now - newest.at < KEPT else None
    return _Plan(host, moments, impossible_address(address, listing.external_id), known)


def _ask(plan: _Plan, fetch: Fetch) -> tuple[Capture, Capture | None, Listing | None]:
    """The host's answers for an impossible address and for a listing on sale, one after the other at its pace, in its
    own thread: no database access here. A catalogue may be out of date, so of a few listings the first that is seen on
    sale counts; else the last."""
    impossible = _answer_of(plan.impossible, plan.moments[0], fetch)
    live, known = None, None
    for moment, known in zip(plan.moments[1:], plan.known, strict=False):
        live = _answer_of(known.page_url, moment, fetch)
        if _finding(impossible, live, known)[0] == ControlFinding.READABLE:
            break
    return impossible, live, known


def _answer_of(url: str, moment: datetime, fetch: Fetch) -> Capture:
    time.sleep(max(0.0, (moment - timezone.now()).total_seconds()))
    if robots_refuse(url):
        refusal = "The shop's robots.txt asks us not to check this address."
        return Capture(url, timezone.now(), failure=refusal)
    return fetch(url)


def _stored_as(plan: _Plan, impossible: Capture, live: Capture | None, known: Listing | None) -> ControlCheck:
    finding, detail = _finding(impossible, live, known)
    return ControlCheck.objects.create(
        host=plan.host,
        at=live.at if live else impossible.at,
        finding=finding,
        detail=detail,
        impossible_url=plan.impossible,
        impossible_status=impossible.status,
        impossible_final_url=impossible.final_url,
        live_listing=known,
        live_title=known.title if known else "",
        live_url=live.url if live else "",
        live_status=live.status if live else None,
        live_final_url=live.final_url if live else "",
        **_kept("impossible", impossible),
        **(_kept("live", live) if live else {}),
    )


def _kept(which: str, capture: Capture) -> dict[str, object]:
    body = capture.body[:MAX_BODY]
    digest = hashlib.sha256(body).hexdigest() if body else ""
    return {f"{which}_digest": digest, f"{which}_body": zlib.compress(body, 6) if body else b""}


def on_sale(host: str, listing: Listing, before: Listing | None) -> list[Listing]:
    """Up to MAX_TRIED listings of the same platform on the same host that were never flagged and are still in its feed:
    first the one that was seen on sale `before`, then others of as many sellers as there are, not only the newest. One
    seller's listings, however many and however new, do not decide alone what the host's answers are worth."""
    carried = Listing.objects.filter(platform=listing.platform_id, present=True).exclude(pk=listing.pk)
    rows = carried.select_related("platform").defer("description", "keys")
    ends = [*rows.order_by("-pk")[:CANDIDATES], *rows.order_by("pk")[:CANDIDATES]]
    here = [
        row
        for row in dict.fromkeys([*([before] if before else []), *ends])
        if host_of(row.page_url) == host and row.page_url != listing.page_url  # a second row for the same page
    ]
    flagged = set(Flag.objects.filter(listing__in=here).values_list("listing", flat=True))
    free = [row for row in here if row.pk not in flagged and row.present]
    of_sellers = list({listings.seller_key(row.seller, row.pk): row for row in reversed(free)}.values())
    others = [rows[place] for rows in (of_sellers, free) if rows for place in (-1, len(rows) // 2, 0)]
    return list(dict.fromkeys([*([before] if before in free else []), *others]))[:MAX_TRIED]


def _finding(impossible: Capture, live: Capture | None, known: Listing | None) -> tuple[str, str]:
    """What the two answers show about the host."""
    if impossible.status is None:
        return ControlFinding.UNCLEAR, f"There was no answer for the address that cannot exist: {impossible.failure}"
    if live is None or known is None:
        return ControlFinding.NO_LISTING, "No other listing of the platform on this host is known to be on sale."
    if live.status is None:
        return ControlFinding.UNCLEAR, f"There was no answer for the listing on sale: {live.failure}"
    prints = [
        print_of(impossible.answer, echoes=()),
        print_of(live.answer, echoes=(known.title, known.external_id)),
    ]
    answers = f"{impossible.status} for an address that cannot exist, {live.status} for a listing on sale"
    verdict = judge(live.answer, listing_id=known.external_id, title=known.title).verdict
    is_alike = are_alike(*prints)
    if verdict == Verdict.LIVE and not is_alike:
        return ControlFinding.READABLE, f"The shop answers differently: {answers}."
    if is_alike or verdict == Verdict.GONE:
        said = "answers both the same way" if is_alike else "says of both that they are not there"
        return ControlFinding.UNREADABLE, f"The shop {said}: {answers}. Its answers cannot confirm a removal."
    return ControlFinding.UNCLEAR, f"The listing that should be on sale was not seen on sale: {answers}."


def _beside(seen: Seen, control: ControlCheck) -> Seen:
    """The check with its control, judged again with the host's other answers."""
    capture = seen.capture
    if capture is None:
        return seen
    noted = replace(capture, extracted=capture.extracted | {"control": _summary(control)})
    beside = replace(seen, capture=noted, control=control)
    if control.finding == ControlFinding.UNREADABLE:
        return replace(beside, verdict=Verdict.UNKNOWN, rule="host_unreadable", detail=control.detail)
    if seen.doubtful and control.finding == ControlFinding.READABLE and _is_like_impossible(seen, capture, control):
        detail = "The shop answers as for an address that cannot exist, and differently for a listing on sale."
        return replace(beside, verdict=Verdict.GONE, rule="like_impossible", detail=detail)
    return beside


def _is_like_impossible(seen: Seen, capture: Capture, control: ControlCheck) -> bool:
    """Only controls after the target's answer count, and only for an answer that was read: one from a bot wall, an
    outage or a sign-in page is not doubtful. The answer for the impossible address must have been read as well."""
    if control.at < capture.at or seen.rule in HOLDS_LISTING:
        return False
    listing = seen.takedown.flag.listing
    impossible = _stored(control, "impossible", capture)
    about = judge(impossible, listing_id=impossible.url, title="")
    if about.verdict == Verdict.UNKNOWN and not about.doubtful:
        return False
    if seen.rule in UNLIKE_OTHERS and about.rule != seen.rule:
        return False
    prints = {
        "impossible": print_of(impossible, echoes=(listing.external_id,)),
        "live": print_of(_stored(control, "live", capture), echoes=(control.live_title,)),
    }
    return compare(print_of(capture.answer, echoes=(listing.title, listing.external_id)), **prints) == "impossible"


def _stored(control: ControlCheck, which: str, capture: Capture) -> Answer:
    status, url, final, body = (getattr(control, f"{which}_{name}") for name in ("status", "url", "final_url", "body"))
    content_type = {"content-type": capture.headers.get("content-type", "")}
    kept = Capture(
        url, control.at, status, final, headers=content_type, body=zlib.decompress(bytes(body)) if body else b""
    )
    return kept.answer


def _summary(control: ControlCheck) -> str:
    """What the capture, and with it the audit chain, states about the control check."""
    return (
        f"control check {control.pk} of {control.host}: {control.detail} "
        f"impossible {control.impossible_url} sha256 {control.impossible_digest or 'none'}; "
        f"on sale {control.live_url or 'none'} sha256 {control.live_digest or 'none'}"
    )


def unreadable_hosts(now: datetime | None = None) -> list[ControlCheck]:
    """Hosts whose newest control check of the last week found them unreadable, newest first."""
    since = (now or timezone.now()) - timedelta(days=7)
    newest = ControlCheck.objects.filter(at__gte=since).order_by("host", "-at").distinct("host")
    rows = newest.defer("impossible_body", "live_body")
    return sorted(
        (row for row in rows if row.finding == ControlFinding.UNREADABLE), key=lambda row: row.at, reverse=True
    )
