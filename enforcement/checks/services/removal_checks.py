"""Looking at the pages of listings whose moment has come: leased, paced, fetched side by side, then recorded."""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from enforcement.checks.fetch import Capture, look_at
from enforcement.checks.services.control_checks import with_controls
from enforcement.checks.services.observations import Seen, record_looks
from enforcement.checks.services.pace import host_of, reserve, robots_refuse
from enforcement.models import Observation, Takedown
from enforcement.rules.verdict import Answer, Judgement, judge
from enforcement.states import Source, Verdict
from listings.models import Listing
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import Organisation

logger = logging.getLogger(__name__)
BATCH = 100
AT_MOST_SECONDS = 20.0
LEASE = timedelta(minutes=2)  # how long a worker may take over its looks before another takes them up
WITHIN = timedelta(seconds=20)  # how long a leased look may wait for its host's turn
MOST_ATTEMPTS = 8
HERE = "here"
_LEASED = """
UPDATE enforcement_takedown t SET look_attempts = n.attempts, next_look_at = n.at
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) AS n(id, attempts, at) WHERE t.id = n.id
"""


@dataclass(frozen=True)
class Look:
    """One look to make: when, at what, and what an earlier look knows of the page."""

    takedown: Takedown
    at: datetime
    known: dict[str, str] = field(default_factory=dict)


def observe_due() -> int:
    """Look at the pages whose moment has come, for AT_MOST_SECONDS; returns how many looks were made.

    A due row is leased first (its moment pushed forward), then fetched outside any transaction: a worker that dies in
    between only delays the look. A look that breaks again and again is set aside and reported by the watchdog. Each
    host gets LOOKS_PER_SECOND from all workers together; what does not fit into the lease is put off. Platforms share
    each lease, so that the many of one do not hold up the few of another.
    """
    looked, actor, until = 0, Actor.system("page look"), time.monotonic() + AT_MOST_SECONDS
    with ThreadPoolExecutor(settings.LOOK_THREADS) as threads:
        while time.monotonic() < until and (leased := _lease()) is not None:
            fetched = [(look, threads.submit(_seen, look)) for look in sorted(leased, key=lambda look: look.at)]
            seen, broke = [], []
            for look, future in fetched:
                try:
                    seen.append(_judged(look, future.result()))
                except Exception as error:
                    logger.exception("the look at takedown %s broke", look.takedown.pk)
                    broke.append((look.takedown, error))
            seen = with_controls(seen, fetch=look_at, threads=threads)
            broke += [(each.takedown, why) for each, why in record_looks(looks=seen, actor=actor)]
            for takedown, why in broke:
                Takedown.objects.filter(pk=takedown.pk).update(check_error=sweeping.told(why))
            looked += len(leased) - len(broke)
    return looked


def _lease() -> list[Look] | None:
    """The next looks to make; None where nothing is due. Of a host's looks those that do not fit are put off."""
    with transaction.atomic():
        batch = _due()
        if not batch:
            return None
        try:
            with transaction.atomic():
                leased = _plan(batch)
        except Exception as error:
            if sweeping.database_is_gone(error):
                raise
            logger.exception("%s looks could not be leased at once; they are taken one by one", len(batch))
            leased = [look for takedown in batch for look in _plan_alone(takedown)]
    validators = _validators([look.takedown.pk for look in leased])
    return [replace(look, known=validators.get(look.takedown.pk, {})) for look in leased]


def _due() -> list[Takedown]:
    """Takedowns whose moment has come, locked, the same number of each platform that has that many."""
    now = timezone.now()
    due = Takedown.objects.filter(next_look_at__lte=now)
    platforms = Organisation.objects.platforms().filter(Exists(due.order_by().filter(platform=OuterRef("pk"))))
    chosen = list(platforms.order_by("?").values_list("pk", flat=True)[:BATCH])
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("flag__listing__platform")
    narrow = locked.order_by("next_look_at").defer(
        "terms", "flag__evidence", "flag__listing_as_flagged", "flag__listing__description", "flag__listing__keys"
    )
    return [row for pk in chosen for row in narrow.filter(platform=pk)[: BATCH // len(chosen)]]


def _plan(batch: Sequence[Takedown]) -> list[Look]:
    """Give each host's looks their moments, and note all of the batch as leased, put off, or set aside."""
    now, step = timezone.now(), timedelta(seconds=1 / settings.LOOKS_PER_SECOND)
    hosts: dict[str, list[Takedown]] = defaultdict(list)
    for takedown in batch:
        hosts[host_of(takedown.flag.listing.page_url)].append(takedown)
    leased = []
    for host, rows in hosts.items():
        moments = reserve(host, len(rows), within=WITHIN) if host else [now] * len(rows)
        for takedown, at in zip(rows, moments, strict=False):
            takedown.look_attempts += 1
            takedown.next_look_at = None if takedown.look_attempts > MOST_ATTEMPTS else now + LEASE
            if takedown.look_attempts <= MOST_ATTEMPTS:
                leased.append(Look(takedown, at))
        for place, takedown in enumerate(rows[len(moments) :]):
            takedown.next_look_at = now + WITHIN + step * place
    with connection.cursor() as cursor:
        columns = ("pk", "look_attempts", "next_look_at")
        cursor.execute(_LEASED, [[getattr(takedown, name) for takedown in batch] for name in columns])
    return leased


def _plan_alone(takedown: Takedown) -> list[Look]:
    attempts = Takedown.objects.values_list("look_attempts", flat=True).get(pk=takedown.pk)
    takedown.look_attempts = attempts  # what broke together counts for nobody
    try:
        with transaction.atomic():
            return _plan([takedown])
    except Exception as error:
        if sweeping.database_is_gone(error):
            raise
        logger.exception("the look at takedown %s could not be leased", takedown.pk)
        again = None if attempts >= MOST_ATTEMPTS else timezone.now() + LEASE
        Takedown.objects.filter(pk=takedown.pk).update(
            look_attempts=attempts + 1, next_look_at=again, check_error=sweeping.told(error)
        )
        return []


def _validators(takedowns: Sequence[int]) -> dict[int, dict[str, str]]:
    """What the newest page look of each takedown can ask "has it changed since?" with. Only of what was seen live: that
    a removal stands is read anew each time, for a shop can say "unchanged" of anything."""
    newest = Observation.objects.filter(takedown__in=takedowns, source=Source.PAGE).order_by("takedown", "-pk")
    rows = newest.distinct("takedown").values_list("takedown", "headers", "verdict", "redirects")
    return {
        takedown: {name: headers[name] for name in ("etag", "last-modified") if headers.get(name)}
        for takedown, headers, verdict, redirects in rows
        if verdict == Verdict.LIVE and not redirects
    }


def _seen(look: Look) -> dict[str, tuple[Capture, Judgement | None]]:
    """The page as seen from here and through each proxy, with what it says, by the place's name; empty where there is
    nothing to look at. None for a page that did not change: only the database knows what it said."""
    url = look.takedown.flag.listing.page_url
    if not url:
        return {}
    time.sleep(max(0.0, (look.at - timezone.now()).total_seconds()))
    if robots_refuse(url):
        captures = {
            HERE: Capture(url, timezone.now(), failure="The shop's robots.txt asks us not to look at this address.")
        }
    elif not settings.EGRESS_PROXIES:
        captures = {HERE: look_at(url, known=look.known)}
    else:
        captures = {HERE: look_at(url)} | {
            name: look_at(url, proxy=proxy) for name, proxy in settings.EGRESS_PROXIES.items()
        }
    listing = look.takedown.flag.listing
    return {place: (capture, _judge(capture, listing)) for place, capture in captures.items()}


def _judge(capture: Capture, listing: Listing) -> Judgement | None:
    if capture.status is None:
        return Judgement(Verdict.UNKNOWN, "no_answer", capture.failure)
    if capture.status == 304:
        return None
    answer = Answer(capture.status, capture.url, capture.final_url, capture.headers, capture.text)
    return judge(answer, listing_id=listing.external_id, title=listing.title)


def _judged(look: Look, places: dict[str, tuple[Capture, Judgement | None]]) -> Seen:
    takedown = look.takedown
    if not places:
        says = "The listing has no address to look at; the next full feed or a person can prove its removal."
        return Seen(takedown, Source.PAGE, Verdict.UNKNOWN, "no_address", says)
    found = {place: judgement or _unchanged(takedown) for place, (_, judgement) in places.items()}
    place, judgement = _together(found)
    capture = replace(places[place][0], extracted=judgement.extracted)
    return Seen(
        takedown, Source.PAGE, judgement.verdict, judgement.rule, judgement.says, capture, doubtful=judgement.doubtful
    )


def _unchanged(takedown: Takedown) -> Judgement:
    """The shop says that the page is the one we saw: then it says what that one said."""
    last = takedown.observations.filter(source=Source.PAGE).exclude(verdict=Verdict.UNKNOWN).order_by("-pk").first()
    if last is None:
        return Judgement(
            Verdict.UNKNOWN, "unchanged_since_nothing", "The shop says unchanged, but nothing was seen yet.", {}
        )
    says = f"Unchanged since the look of {last.at:%d %b %Y %H:%M:%S} UTC: {last.says}"
    return Judgement(last.verdict, "unchanged", says, dict(last.extracted))


def _together(found: dict[str, Judgement]) -> tuple[str, Judgement]:
    """What looks from several places say together, and the place whose capture shows it: live somewhere and gone
    elsewhere is restricted; what cannot be told from one place is told by the others."""
    known = {place: finding for place, finding in found.items() if finding.verdict != Verdict.UNKNOWN}
    if not known:
        return next(iter(found.items()))
    live = [place for place, finding in known.items() if finding.verdict == Verdict.LIVE]
    if live and len(live) < len(known):
        gone = [place for place in known if place not in live]
        says = f"On sale from {', '.join(live)}; not from {', '.join(gone)}."
        extracted = known[gone[0]].extracted | {"places": says}
        return gone[0], Judgement(Verdict.RESTRICTED, "gone_from_some_places", says, extracted)
    return next(iter(known.items()))
