"""Removal checks of pages that are due: leased, paced, fetched in parallel, then recorded."""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from enforcement.checks.fetch import Capture, fetch_page
from enforcement.checks.services.browser_checks import noted, plan_browser_checks
from enforcement.checks.services.control_checks import with_controls
from enforcement.checks.services.flagged_pages import AsFlagged, as_flagged, both_pages, judge_listing, pages_as_flagged
from enforcement.checks.services.observations import Seen, newest_decisions, record_checks
from enforcement.checks.services.pace import host_of, reserve, robots_refuse
from enforcement.models import CheckPlan, Observation, Takedown
from enforcement.rules.destinations import live_where_recalled, not_restricted
from enforcement.rules.verdict import Judgement
from enforcement.states import Source, Verdict
from listings.models import Listing
from listings.states import CLAIMED
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import Organisation

logger = logging.getLogger(__name__)
BATCH = 100
MAX_SECONDS = 20.0
LEASE = timedelta(minutes=2)  # how long a worker may take for its checks before another takes them
WITHIN = timedelta(seconds=20)  # how long a leased check may wait for its host
MAX_ATTEMPTS = 8
HERE = "here"
_LEASED = """
UPDATE enforcement_checkplan p SET attempts = n.attempts, next_at = n.at
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) AS n(id, attempts, at) WHERE p.takedown_id = n.id
"""


@dataclass(frozen=True)
class Check:
    """One check to make: when, of which address, after which decision, and what an earlier check knows about the page."""

    takedown: Takedown
    at: datetime
    url: str
    flagged: AsFlagged = field(default_factory=AsFlagged)
    known: dict[str, str] = field(default_factory=dict)
    decision: int = 0


def observe_due() -> int:
    """Check the pages that are due, for MAX_SECONDS; returns how many checks were made.

    A due row is leased first (its time moved forward), then fetched outside any transaction: a worker that dies in
    between only delays the check. A check that breaks repeatedly is set aside and reported by the deadline monitor.
    Each host gets CHECKS_PER_SECOND from all workers together; what does not fit into the lease is postponed. Platforms
    share each lease, so that a platform with many checks does not delay one with few.
    """
    checked, actor, until = 0, Actor.system("page check"), time.monotonic() + MAX_SECONDS
    with ThreadPoolExecutor(settings.CHECK_THREADS) as threads:
        while time.monotonic() < until and (leased := _lease()) is not None:
            fetched = [(check, threads.submit(_seen, check)) for check in sorted(leased, key=lambda check: check.at)]
            seen, broke = [], []
            for check, future in fetched:
                try:
                    seen.append(noted(replace(_judged(check, future.result()), decision=check.decision)))
                except Exception as error:
                    logger.exception("the check of takedown %s broke", check.takedown.pk)
                    broke.append((check.takedown, error))
            flagged = pages_as_flagged(seen, check=_checked_as_flagged, threads=threads)
            judged = with_controls([*seen, *flagged.values()], fetch=fetch_page, threads=threads)
            beside = dict(zip(flagged, judged[len(seen) :], strict=True))
            seen = [both_pages(each, beside.get(place)) for place, each in enumerate(judged[: len(seen)])]
            broke += [(each.takedown, reason) for each, reason in record_checks(checks=seen, actor=actor)]
            plan_browser_checks(seen)
            for takedown, reason in broke:
                CheckPlan.objects.filter(pk=takedown.pk).update(error=sweeping.error_text(reason))
            checked += len(leased) - len(broke)
    return checked


def _lease() -> list[Check] | None:
    """The next checks to make; None where nothing is due. Checks of a host that do not fit are postponed."""
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
            logger.exception("%s checks could not be leased together; they are leased one by one", len(batch))
            leased = [check for plan in batch for check in _plan_alone(plan)]
    validators = _validators([check.takedown.pk for check in leased])
    decisions = newest_decisions([check.takedown.flag_id for check in leased])
    flagged = as_flagged([check.takedown for check in leased])
    return [
        replace(
            check,
            flagged=flagged[check.takedown.pk],
            known=validators.get(check.takedown.pk, {}),
            decision=decisions.get(check.takedown.flag_id, 0),
        )
        for check in leased
    ]


def _due() -> list[CheckPlan]:
    """The plans whose check is due, locked, the same number of each platform that has that many."""
    now = timezone.now()
    due = CheckPlan.objects.filter(next_at__lte=now)
    platforms = Organisation.objects.platforms().filter(Exists(due.order_by().filter(platform=OuterRef("pk"))))
    chosen = list(platforms.order_by("?").values_list("pk", flat=True)[:BATCH])
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related(
        "takedown__flag__listing__platform", "takedown__flag__regulator"
    )
    wide = ("evidence", "listing_as_flagged", "listing__description", "listing__keys")
    narrow = locked.order_by("next_at").defer("takedown__terms", *(f"takedown__flag__{name}" for name in wide))
    return [row for pk in chosen for row in narrow.filter(platform=pk)[: BATCH // len(chosen)]]


def _plan(batch: Sequence[CheckPlan]) -> list[Check]:
    """Give each host its times of checks, and store for the whole batch what is leased, postponed or set aside."""
    now, step = timezone.now(), timedelta(seconds=1 / settings.CHECKS_PER_SECOND)
    hosts: dict[str, list[CheckPlan]] = defaultdict(list)
    for plan in batch:
        hosts[host_of(plan.takedown.flag.listing.page_url)].append(plan)
    leased = []
    for host, of_host in hosts.items():
        # What is claimed comes as often as a platform likes; checks that are planned keep the later half of the time.
        claimed = [plan for plan in of_host if plan.takedown.flag.status in CLAIMED]
        planned = [plan for plan in of_host if plan.takedown.flag.status not in CLAIMED]
        for rows, within in ((planned, WITHIN), (claimed, WITHIN / 2)):
            moments = reserve(host, len(rows), within=within) if host else [now] * len(rows)
            for plan, at in zip(rows, moments, strict=False):
                plan.attempts += 1
                plan.next_at = None if plan.attempts > MAX_ATTEMPTS else now + LEASE
                if plan.attempts <= MAX_ATTEMPTS:
                    leased.append(Check(plan.takedown, at, plan.takedown.flag.listing.page_url))
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
        logger.exception("the check of takedown %s could not be leased", plan.pk)
        again = None if attempts >= MAX_ATTEMPTS else timezone.now() + LEASE
        CheckPlan.objects.filter(pk=plan.pk).update(
            attempts=attempts + 1, next_at=again, error=sweeping.error_text(error)
        )
        return []


def _validators(takedowns: Sequence[int]) -> dict[int, dict[str, str]]:
    """The validators of the newest page check of each takedown, to ask "has it changed since?". Only of pages seen
    live: a removal is read again each time, because a shop can answer "unchanged" to anything."""
    newest = Observation.objects.filter(takedown__in=takedowns, source=Source.PAGE).order_by("takedown", "-pk")
    rows = newest.distinct("takedown").values_list("takedown", "headers", "verdict", "redirects")
    return {
        takedown: {name: headers[name] for name in ("etag", "last-modified") if headers.get(name)}
        for takedown, headers, verdict, redirects in rows
        if verdict == Verdict.LIVE and not redirects
    }


def _seen(check: Check) -> dict[str, tuple[Capture, Judgement | None]]:
    """The page as seen from here and through each proxy, with its judgement, by name of the place; empty where there is
    no address. None for a page that did not change: only the database knows its judgement."""
    url = check.url
    if not url:
        return {}
    time.sleep(max(0.0, (check.at - timezone.now()).total_seconds()))
    if robots_refuse(url):
        captures = {
            HERE: Capture(url, timezone.now(), failure="The shop's robots.txt asks us not to check this address.")
        }
    elif not settings.EGRESS_PROXIES:
        captures = {HERE: fetch_page(url, known=check.known)}
    else:
        captures = {HERE: fetch_page(url)} | {
            name: fetch_page(url, proxy=proxy) for name, proxy in settings.EGRESS_PROXIES.items()
        }
    listing, known = check.takedown.flag.listing, {} if settings.EGRESS_PROXIES else check.known
    return {place: (capture, _judge(capture, listing, check.flagged, known)) for place, capture in captures.items()}


def _checked_as_flagged(takedown: Takedown, flagged: AsFlagged, at: datetime) -> Seen:
    """The page as flagged, as it is seen at a time of its host; in a thread, without the database."""
    check = Check(takedown, at, flagged.url, flagged)
    return noted(_judged(check, _seen(check)))


def _judge(capture: Capture, listing: Listing, flagged: AsFlagged, known: dict[str, str]) -> Judgement | None:
    if capture.status is None:
        return Judgement(Verdict.UNKNOWN, "no_answer", capture.failure)
    if capture.status == HTTPStatus.NOT_MODIFIED and known:
        return None
    return judge_listing(capture.answer, listing, flagged)


def _judged(check: Check, places: dict[str, tuple[Capture, Judgement | None]]) -> Seen:
    takedown = check.takedown
    if not places:
        detail = "The listing has no address to check. The next full feed or a person can confirm its removal."
        return Seen(takedown, Source.PAGE, Verdict.UNKNOWN, "no_address", detail)
    found = {place: judgement or _unchanged(takedown) for place, (_, judgement) in places.items()}
    listing, country = takedown.flag.listing, takedown.flag.regulator.country
    place, judgement = _together(found, country)
    judgement = not_restricted(judgement, country=country, destinations=listing.destinations)
    capture = replace(places[place][0], extracted=judgement.extracted)
    return Seen(
        takedown, Source.PAGE, judgement.verdict, judgement.rule, judgement.detail, capture, doubtful=judgement.doubtful
    )


def _unchanged(takedown: Takedown) -> Judgement:
    """The shop answers that the page has not changed: the earlier judgement still applies."""
    last = takedown.observations.filter(source=Source.PAGE).exclude(verdict=Verdict.UNKNOWN).order_by("-pk").first()
    if last is None:
        return Judgement(
            Verdict.UNKNOWN,
            "unchanged_since_nothing",
            "The shop answers unchanged, but there was no earlier check.",
            {},
        )
    detail = f"Unchanged since the check on {last.at:%d %b %Y %H:%M:%S} UTC: {last.detail}"
    return Judgement(last.verdict, "unchanged", detail, dict(last.extracted))


def _together(found: dict[str, Judgement], country: str) -> tuple[str, Judgement]:
    """The joint judgement of checks from several places, and the place whose capture shows it: live somewhere and gone
    elsewhere is restricted, unless it is live from a place that a recall of `country` covers; where one place has no
    result, the others decide."""
    known = {place: finding for place, finding in found.items() if finding.verdict != Verdict.UNKNOWN}
    if not known:
        return next(iter(found.items()))
    live = [place for place, finding in known.items() if finding.verdict == Verdict.LIVE]
    if len(live) < len(known) and (still := live_where_recalled(country, live)):
        detail = f"On sale from {', '.join(still)}, where the recall applies."
        return still[0], Judgement(Verdict.LIVE, "live_where_recalled", detail, dict(known[still[0]].extracted))
    if live and len(live) < len(known):
        gone = [place for place in known if place not in live]
        detail = f"On sale from {', '.join(live)}; not from {', '.join(gone)}."
        extracted = known[gone[0]].extracted | {"places": detail}
        return gone[0], Judgement(Verdict.RESTRICTED, "gone_from_some_places", detail, extracted)
    return next(iter(known.items()))
