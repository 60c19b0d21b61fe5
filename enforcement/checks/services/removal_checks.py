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

from enforcement.checks.fetch import Capture, fetch_page
from enforcement.checks.services.control_checks import with_controls
from enforcement.checks.services.observations import Seen, record_checks
from enforcement.checks.services.pace import host_of, reserve, robots_refuse
from enforcement.models import CheckPlan, Observation, Takedown
from enforcement.rules.verdict import Answer, Judgement, judge
from enforcement.states import Source, Verdict
from listings.models import Listing
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import Organisation

logger = logging.getLogger(__name__)
BATCH = 100
MAX_SECONDS = 20.0
LEASE = timedelta(minutes=2)  # how long a worker may take over its looks before another takes them up
WITHIN = timedelta(seconds=20)  # how long a leased look may wait for its host's turn
MAX_ATTEMPTS = 8
HERE = "here"
_LEASED = """
UPDATE enforcement_checkplan p SET attempts = n.attempts, next_at = n.at
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) AS n(id, attempts, at) WHERE p.takedown_id = n.id
"""


@dataclass(frozen=True)
class Check:
    """One look to make: when, at what, and what an earlier look knows of the page."""

    takedown: Takedown
    at: datetime
    known: dict[str, str] = field(default_factory=dict)


def observe_due() -> int:
    """Look at the pages whose moment has come, for MAX_SECONDS; returns how many looks were made.

    A due row is leased first (its moment pushed forward), then fetched outside any transaction: a worker that dies in
    between only delays the look. A look that breaks again and again is set aside and reported by the watchdog. Each
    host gets CHECKS_PER_SECOND from all workers together; what does not fit into the lease is put off. Platforms share
    each lease, so that the many of one do not hold up the few of another.
    """
    checked, actor, until = 0, Actor.system("page look"), time.monotonic() + MAX_SECONDS
    with ThreadPoolExecutor(settings.CHECK_THREADS) as threads:
        while time.monotonic() < until and (leased := _lease()) is not None:
            fetched = [(check, threads.submit(_seen, check)) for check in sorted(leased, key=lambda check: check.at)]
            seen, broke = [], []
            for check, future in fetched:
                try:
                    seen.append(_judged(check, future.result()))
                except Exception as error:
                    logger.exception("the look at takedown %s broke", check.takedown.pk)
                    broke.append((check.takedown, error))
            seen = with_controls(seen, fetch=fetch_page, threads=threads)
            broke += [(each.takedown, reason) for each, reason in record_checks(checks=seen, actor=actor)]
            for takedown, reason in broke:
                CheckPlan.objects.filter(pk=takedown.pk).update(error=sweeping.error_text(reason))
            checked += len(leased) - len(broke)
    return checked


def _lease() -> list[Check] | None:
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
            leased = [check for plan in batch for check in _plan_alone(plan)]
    validators = _validators([check.takedown.pk for check in leased])
    return [replace(check, known=validators.get(check.takedown.pk, {})) for check in leased]


def _due() -> list[CheckPlan]:
    """The plans whose moment has come, locked, the same number of each platform that has that many."""
    now = timezone.now()
    due = CheckPlan.objects.filter(next_at__lte=now)
    platforms = Organisation.objects.platforms().filter(Exists(due.order_by().filter(platform=OuterRef("pk"))))
    chosen = list(platforms.order_by("?").values_list("pk", flat=True)[:BATCH])
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("takedown__flag__listing__platform")
    wide = ("evidence", "listing_as_flagged", "listing__description", "listing__keys")
    narrow = locked.order_by("next_at").defer("takedown__terms", *(f"takedown__flag__{name}" for name in wide))
    return [row for pk in chosen for row in narrow.filter(platform=pk)[: BATCH // len(chosen)]]


def _plan(batch: Sequence[CheckPlan]) -> list[Check]:
    """Give each host's looks their moments, and note all of the batch as leased, put off, or set aside."""
    now, step = timezone.now(), timedelta(seconds=1 / settings.CHECKS_PER_SECOND)
    hosts: dict[str, list[CheckPlan]] = defaultdict(list)
    for plan in batch:
        hosts[host_of(plan.takedown.flag.listing.page_url)].append(plan)
    leased = []
    for host, rows in hosts.items():
        moments = reserve(host, len(rows), within=WITHIN) if host else [now] * len(rows)
        for plan, at in zip(rows, moments, strict=False):
            plan.attempts += 1
            plan.next_at = None if plan.attempts > MAX_ATTEMPTS else now + LEASE
            if plan.attempts <= MAX_ATTEMPTS:
                leased.append(Check(plan.takedown, at))
        for place, plan in enumerate(rows[len(moments) :]):
            plan.next_at = now + WITHIN + step * place
    with connection.cursor() as cursor:
        columns = ("pk", "attempts", "next_at")
        cursor.execute(_LEASED, [[getattr(plan, name) for plan in batch] for name in columns])
    return leased


def _plan_alone(plan: CheckPlan) -> list[Check]:
    attempts = CheckPlan.objects.values_list("attempts", flat=True).get(pk=plan.pk)
    plan.attempts = attempts  # what broke together counts for nobody
    try:
        with transaction.atomic():
            return _plan([plan])
    except Exception as error:
        if sweeping.database_is_gone(error):
            raise
        logger.exception("the look at takedown %s could not be leased", plan.pk)
        again = None if attempts >= MAX_ATTEMPTS else timezone.now() + LEASE
        CheckPlan.objects.filter(pk=plan.pk).update(
            attempts=attempts + 1, next_at=again, error=sweeping.error_text(error)
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


def _seen(check: Check) -> dict[str, tuple[Capture, Judgement | None]]:
    """The page as seen from here and through each proxy, with what it says, by the place's name; empty where there is
    nothing to look at. None for a page that did not change: only the database knows what it said."""
    url = check.takedown.flag.listing.page_url
    if not url:
        return {}
    time.sleep(max(0.0, (check.at - timezone.now()).total_seconds()))
    if robots_refuse(url):
        captures = {
            HERE: Capture(url, timezone.now(), failure="The shop's robots.txt asks us not to look at this address.")
        }
    elif not settings.EGRESS_PROXIES:
        captures = {HERE: fetch_page(url, known=check.known)}
    else:
        captures = {HERE: fetch_page(url)} | {
            name: fetch_page(url, proxy=proxy) for name, proxy in settings.EGRESS_PROXIES.items()
        }
    listing = check.takedown.flag.listing
    return {place: (capture, _judge(capture, listing)) for place, capture in captures.items()}


def _judge(capture: Capture, listing: Listing) -> Judgement | None:
    if capture.status is None:
        return Judgement(Verdict.UNKNOWN, "no_answer", capture.failure)
    if capture.status == 304:
        return None
    answer = Answer(capture.status, capture.url, capture.final_url, capture.headers, capture.text)
    return judge(answer, listing_id=listing.external_id, title=listing.title)


def _judged(check: Check, places: dict[str, tuple[Capture, Judgement | None]]) -> Seen:
    takedown = check.takedown
    if not places:
        detail = "The listing has no address to look at; the next full feed or a person can prove its removal."
        return Seen(takedown, Source.PAGE, Verdict.UNKNOWN, "no_address", detail)
    found = {place: judgement or _unchanged(takedown) for place, (_, judgement) in places.items()}
    place, judgement = _together(found)
    capture = replace(places[place][0], extracted=judgement.extracted)
    return Seen(
        takedown, Source.PAGE, judgement.verdict, judgement.rule, judgement.detail, capture, doubtful=judgement.doubtful
    )


def _unchanged(takedown: Takedown) -> Judgement:
    """The shop says that the page is the one we saw: then it says what that one said."""
    last = takedown.observations.filter(source=Source.PAGE).exclude(verdict=Verdict.UNKNOWN).order_by("-pk").first()
    if last is None:
        return Judgement(
            Verdict.UNKNOWN, "unchanged_since_nothing", "The shop says unchanged, but nothing was seen yet.", {}
        )
    detail = f"Unchanged since the look of {last.at:%d %b %Y %H:%M:%S} UTC: {last.detail}"
    return Judgement(last.verdict, "unchanged", detail, dict(last.extracted))


def _together(found: dict[str, Judgement]) -> tuple[str, Judgement]:
    """What looks from several places say together, and the place whose capture shows it: live somewhere and gone
    elsewhere is restricted; what cannot be told from one place is told by the others."""
    known = {place: finding for place, finding in found.items() if finding.verdict != Verdict.UNKNOWN}
    if not known:
        return next(iter(found.items()))
    live = [place for place, finding in known.items() if finding.verdict == Verdict.LIVE]
    if live and len(live) < len(known):
        gone = [place for place in known if place not in live]
        detail = f"On sale from {', '.join(live)}; not from {', '.join(gone)}."
        extracted = known[gone[0]].extracted | {"places": detail}
        return gone[0], Judgement(Verdict.RESTRICTED, "gone_from_some_places", detail, extracted)
    return next(iter(known.items()))
