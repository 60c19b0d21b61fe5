"""Checks of listings, from four sources through one function; what they prove, and when the next check is due."""

import hashlib
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement import rules
from enforcement.checks.captures import capture_digest, warc_digest
from enforcement.checks.fetch import Capture
from enforcement.clocks.chance import chance
from enforcement.models import CheckPlan, ControlCheck, Observation, Takedown
from enforcement.states import OPEN, Source, Verdict
from listings import services as listings
from listings.models import CatalogueImport, Decision, Flag, Listing
from listings.states import CLAIMED, CLOCK_RUNS, CLOSED, PROVED, UNDECIDED, WATCHED, FlagStatus
from portal import audit
from portal.background import sweeping
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation
from portal.models.jobs import JobStatus

MAX_CHECKS_READ = 50
FEEDS = "feeds to look at"
_PLAN_NEXT = """
UPDATE enforcement_checkplan p SET unknown_in_a_row = n.unknown, checks_after_proof = n.after, next_at = n.at, attempts = 0,
    error = '', last_verdict = n.verdict
FROM unnest(%s::bigint[], %s::smallint[], %s::smallint[], %s::timestamptz[], %s::text[]) AS n(id, unknown, after, at, verdict)
WHERE p.takedown_id = n.id
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """One check to record. `doubtful`: the page was read but not understood; control checks may decide.

    `decision`: the flag's newest decision when the check began (0 for none). None where the check took no time.
    """

    takedown: Takedown
    source: str
    verdict: str
    rule: str
    detail: str = ""
    capture: Capture | None = None
    feed: CatalogueImport | None = None
    doubtful: bool = False
    control: ControlCheck | None = None
    decision: int | None = None
    picture: bytes = b""


def record_observation(*, seen: Seen, actor: Actor) -> Observation | None:
    """Store a check, seal its capture into the audit event, and apply its consequences, all in one transaction.

    Returns None where this feed was observed before. An unknown verdict changes only the time of the next check.
    """
    actor.require("observation.record")
    with transaction.atomic():
        Flag.objects.select_for_update(of=("self",)).get(takedown=seen.takedown.pk)  # before its clock, as decisions do
        locked = Takedown.objects.select_for_update(of=("self",)).select_related("flag__recall")
        takedown = locked.get(pk=seen.takedown.pk)
        if seen.feed is not None and takedown.observations.filter(feed=seen.feed).exists():
            return None
        row = _row(seen, takedown, actor)
        row.save()
        audit.require_current(actor)
        audit.record_many([_event(row, takedown, actor)])
        _draw_consequences(takedown, row, began_after=seen.decision)
    return row


def record_checks(*, checks: Sequence[Seen], actor: Actor) -> list[tuple[Seen, Exception]]:
    """Store many checks. Those that change only the time of the next check share one transaction and a few statements;
    the others are recorded one by one. Returns those that broke, each with its error; they do not affect the others."""
    actor.require("observation.record")
    broke = []
    try:
        others = _record_quiet(checks, actor)
    except Exception:
        logger.exception("%s checks could not be recorded together; they are recorded one by one", len(checks))
        others = list(checks)
    for seen in others:
        try:
            record_observation(seen=seen, actor=actor)
        except Exception as error:
            logger.exception("the check of takedown %s broke", seen.takedown.pk)
            broke.append((seen, error))
    return broke


def _record_quiet(checks: Sequence[Seen], actor: Actor) -> list[Seen]:
    """Record the checks that confirm what is proved, see what nobody decided on still on sale, or have no result; returns
    the others."""
    others, quiet, plans = [], [], []
    with transaction.atomic():
        numbers = [seen.takedown.pk for seen in checks]
        list(Flag.objects.select_for_update(of=("self",)).filter(takedown__in=numbers).order_by("pk").values_list("pk"))
        locked = Takedown.objects.select_for_update(of=("self",)).select_related("flag__listing", "check_plan")
        rows = locked.in_bulk(numbers)
        for seen in checks:
            takedown = rows[seen.takedown.pk]
            if not _is_quiet(takedown.flag.status, seen.verdict):
                others.append(seen)
                continue
            known, plan = seen.verdict != Verdict.UNKNOWN, takedown.check_plan
            plan.unknown_in_a_row = 0 if known else plan.unknown_in_a_row + 1
            plan.checks_after_proof += known and _is_planned_recheck(
                takedown, plan, seen.capture.at if seen.capture else timezone.now()
            )
            plan.last_verdict = seen.verdict
            is_watched = takedown.flag.status in WATCHED
            plan.next_at = _next_check(takedown, plan) if is_watched else _open_check(takedown, takedown.flag)
            plans.append(plan)
            quiet.append(_row(seen, takedown, actor))
        Observation.objects.bulk_create(quiet)
        audit.require_current(actor)
        audit.record_many(_event(row, row.takedown, actor) for row in quiet)
        with connection.cursor() as cursor:
            columns = ("pk", "unknown_in_a_row", "checks_after_proof", "next_at", "last_verdict")
            cursor.execute(_PLAN_NEXT, [[getattr(plan, name) for plan in plans] for name in columns])
    return others


def _is_quiet(status: str, verdict: str) -> bool:
    """Whether a check changes only the time of the next check: it confirms what is proved, sees what is undecided still on
    sale, or has no result."""
    confirmed = {FlagStatus.REMOVED: Verdict.GONE, FlagStatus.RESTRICTED: Verdict.RESTRICTED}
    if status in UNDECIDED:
        return verdict == Verdict.LIVE
    return status in WATCHED and (verdict == Verdict.UNKNOWN or confirmed.get(FlagStatus(status)) == verdict)


def _row(seen: Seen, takedown: Takedown, actor: Actor) -> Observation:
    capture, feed = seen.capture, seen.feed
    return Observation(
        takedown=takedown,
        at=capture.at if capture else feed.created_at if feed else timezone.now(),
        source=seen.source,
        verdict=seen.verdict,
        rule=seen.rule,
        detail=seen.detail,
        status_code=capture.status if capture else None,
        url=capture.url if capture else "",
        final_url=capture.final_url if capture else "",
        redirects=list(capture.chain) if capture else [],
        headers=capture.headers if capture else {},
        exchanges=_exchanges(capture) if capture else [],
        extracted=capture.extracted if capture else {},
        body_digest=hashlib.sha256(capture.body).hexdigest() if capture and capture.body else "",
        body=zlib.compress(capture.body, 6) if capture and capture.body else b"",
        picture=seen.picture,
        feed=feed,
        control=seen.control,
        actor_label=actor.label,
        user_id=actor.user_id,
    )


def _exchanges(capture: Capture) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = [
        {"url": each.url, "at": each.at.isoformat(), "request": each.request, "answer": each.answer}
        for each in capture.exchanges
    ]
    if kept and capture.truncated:
        kept[-1]["truncated"] = True
    return kept


def _event(row: Observation, takedown: Takedown, actor: Actor) -> AuditEvent:
    return audit.event_for(
        actor=actor,
        action="observation.recorded",
        subject=row,
        after={"takedown": takedown.pk, "flag": takedown.flag_id, "source": row.source, "verdict": row.verdict, "rule": row.rule,
               "body_digest": row.body_digest, "capture_digest": capture_digest(row), "warc_digest": warc_digest(row)},
        reason=row.detail,
    )  # fmt: skip


def newest_decisions(flags: Sequence[int]) -> dict[int, int]:
    """The newest decision of each flag that has one."""
    rows = Decision.objects.filter(flag__in=flags).order_by("flag", "-pk").distinct("flag")
    return dict(rows.values_list("flag", "pk"))


@as_system("what a check proves moves the clock, the ladder and letters")
def _draw_consequences(takedown: Takedown, seen: Observation, *, began_after: int | None) -> None:
    """A page that was read before the newest decision says nothing against it. `began_after` tells that by the order of
    rows: a clock that was set back in between cannot deceive it."""
    terms, flag = rules.Terms.from_json(takedown.terms), takedown.flag
    rows = takedown.observations.only("at", "verdict", "source", "takedown").order_by("-pk")[:MAX_CHECKS_READ]
    decision = takedown.flag.decisions.order_by("-pk").first()
    outdated = decision is not None and (seen.at < decision.at or began_after not in {None, decision.pk})
    checks = [(row.pk, rules.Check(row.at, row.verdict, row.source)) for row in rows]
    proved = rules.proves(rules.agreeing(checks), terms)
    prover = Actor.system("proof")
    plan = CheckPlan.objects.select_for_update().get(pk=takedown.pk)
    plan.last_verdict = seen.verdict
    if seen.source == Source.PAGE:
        plan.unknown_in_a_row = plan.unknown_in_a_row + 1 if seen.verdict == Verdict.UNKNOWN else 0
        if seen.verdict != Verdict.UNKNOWN and _is_planned_recheck(takedown, plan, seen.at):
            plan.checks_after_proof += 1
        plan.attempts, plan.error = 0, ""
    plan.save(update_fields=["unknown_in_a_row", "checks_after_proof", "attempts", "error", "last_verdict"])
    if seen.verdict == Verdict.LIVE and flag.status in WATCHED and not outdated:
        listings.prove(flag=flag, to=FlagStatus.OPEN, actor=prover, reason=f"Seen on sale: {seen.detail}")
        return
    target = {"gone": FlagStatus.REMOVED, "restricted": FlagStatus.RESTRICTED}.get(proved)
    if (
        target is not None
        and flag.status != target
        and (flag.status in CLOCK_RUNS or flag.status == FlagStatus.RESTRICTED)
    ):
        listings.prove(
            flag=flag,
            to=target,
            actor=prover,
            reason=f"{_matching(terms)}: {seen.detail}",
        )
        return
    _plan_next(takedown, flag, plan, seen)


def _is_planned_recheck(takedown: Takedown, plan: CheckPlan, at: datetime) -> bool:
    """Whether a check of the page at that time is the next one of those after proof; one before its time is extra."""
    rescans = rules.Terms.from_json(takedown.terms).rescans
    if takedown.flag.status not in PROVED or takedown.met_at is None or plan.checks_after_proof >= len(rescans):
        return False
    return at >= takedown.met_at + timedelta(seconds=rescans[plan.checks_after_proof])


def _plan_next(takedown: Takedown, flag: Flag, plan: CheckPlan, seen: Observation) -> None:
    """When the page is checked next. What somebody reports, and a feed, can bring that check forward, never put it off."""
    if flag.status in CLOSED:  # closed while the page was read
        at = None
    elif flag.status not in WATCHED and seen.verdict not in {Verdict.GONE, Verdict.RESTRICTED}:
        at = _open_check(takedown, flag)
    else:
        at = _next_check(takedown, plan)
    if seen.source != Source.PAGE and flag.status not in CLOSED:
        if plan.next_at is None or (at is not None and at >= plan.next_at):
            return
        if at is None or flag.status in PROVED:
            return
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=at)


def _matching(terms: rules.Terms) -> str:
    """The checks that confirmed a removal, like "2 matching checks at least 1 hour apart"."""
    if terms.checks_needed == 1:
        return "1 check"
    apart = rules.duration(*rules.largest_unit(terms.check_interval_seconds))
    return f"{terms.checks_needed} matching checks at least {apart} apart"


def _open_check(takedown: Takedown, flag: Flag) -> datetime | None:
    """A listing without a claimed removal is checked on its own schedule while its clock runs."""
    runs = takedown.status in OPEN and flag.status in CLOCK_RUNS and flag.listing.page_url
    if not runs:
        return None
    given = {"now": timezone.now(), "started": takedown.started_at, "due": takedown.due_at}
    return rules.next_open_check(**given, moved=chance())


def _next_check(takedown: Takedown, plan: CheckPlan) -> datetime | None:
    return rules.next_check(
        rules.Terms.from_json(takedown.terms),
        now=timezone.now(),
        last_verdict=plan.last_verdict,
        unknown_in_a_row=plan.unknown_in_a_row,
        proved_at=takedown.met_at if takedown.flag.status in PROVED else None,
        checks_after_proof=plan.checks_after_proof,
        moved=chance(),
    )


def record_person_check(
    *,
    takedown: Takedown,
    verdict: str,
    note: str,
    url: str = "",
    screenshot: tuple[bytes, str] | None = None,
    actor: Actor,
) -> Observation | None:
    """A person reports what they saw, optionally with a screenshot (its bytes and content type). It counts as a check
    like any other, and is sealed like one."""
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": _no_verdict()})
    if not note.strip():
        raise ValidationError({"note": gettext_noop("Describe what you saw.")})
    capture = None
    if url or screenshot:
        body, content_type = screenshot or (b"", "")
        headers = {"content-type": content_type} if content_type else {}
        capture = Capture(url=url, at=timezone.now(), final_url=url, headers=headers, body=body)
    source = Source.PERSON if actor.platform_id is None else _source_of_report(takedown)
    return record_observation(seen=Seen(takedown, source, verdict, "person_looked", note, capture), actor=actor)


def _no_verdict() -> ValidationError:
    detail = gettext_noop("Choose one of %(verdicts)s.")
    return ValidationError(detail, params={"verdicts": ", ".join(Verdict.values)})


def record_api_report(
    *, takedown: Takedown, verdict: str, note: str, url: str = "", actor: Actor
) -> Observation | None:
    """A platform reports about its own listing. That is a claim: independent checks alone confirm it, but in a sandbox."""
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": _no_verdict()})
    capture = Capture(url=url, at=timezone.now(), final_url=url) if url else None
    source = _source_of_report(takedown)
    return record_observation(seen=Seen(takedown, source, verdict, "platform_report", note, capture), actor=actor)


def _source_of_report(takedown: Takedown) -> Source:
    """A platform's word proves no removal. In a sandbox nobody else looks, so there it stands for the check of a page."""
    return Source.PERSON if takedown.platform.is_sandbox else Source.API


def record_off_sale(*, listing: Listing, actor: Actor) -> int:
    """A platform took one listing off sale: its word, noted in each takedown that watches the listing; returns how many.

    Whoever may store listings may say so; what follows is the system's, as with a feed.
    """
    detail = f"{actor.label} reported the listing off sale. A report alone is not sufficient proof."
    return _record_report(listing, CLOCK_RUNS | PROVED, Verdict.GONE, detail)


def record_on_sale(*, listing: Listing, actor: Actor) -> int:
    """A platform said that a listing is on sale again: where its removal is claimed or confirmed, it is live, as a listing
    that a feed contains; returns how many takedowns that opened again."""
    return _record_report(listing, CLAIMED | PROVED, Verdict.LIVE, f"{actor.label} reported the listing on sale again.")


def _record_report(listing: Listing, statuses: frozenset[FlagStatus], verdict: Verdict, detail: str) -> int:
    takedowns = Takedown.objects.filter(flag__listing=listing, flag__status__in=statuses).order_by("pk")
    for takedown in takedowns:
        seen = Seen(takedown, Source.API, verdict, "platform_report", detail)
        record_observation(seen=seen, actor=Actor.system("report of a platform"))
    return len(takedowns)


def observe_feeds_due() -> int:
    """Check watched listings against the newest finished feed of each platform; returns how many checks that gave.

    A listing that is absent from a full feed counts as gone, but only by the platform's word, which is no part of a
    proof. A listing in any feed counts as live. Absence from a delta feed has no meaning, nor has a full feed that
    waits for a person.
    """
    observed = 0
    open_or_proved = Takedown.objects.filter(flag__status__in=CLOCK_RUNS | PROVED)
    sweeping.forget_others(open_or_proved, sweep=FEEDS)
    for platform in Organisation.objects.platforms():
        feed = CatalogueImport.objects.filter(platform=platform, status=JobStatus.DONE).order_by("-pk").first()
        if feed is not None:
            observed += _observe_feed(feed, open_or_proved.filter(platform=platform))
    return observed


def _observe_feed(feed: CatalogueImport, rows: QuerySet[Takedown]) -> int:
    observed, actor = 0, Actor.system("feed check")
    waiting = rows.filter(created_at__lt=feed.created_at).exclude(check_plan__last_feed__gte=feed.pk)

    def observe(takedown: Takedown) -> None:
        nonlocal observed
        verdict, detail = _feed_finding(feed, takedown.flag)
        if verdict:
            seen = Seen(takedown, Source.FEED, verdict, f"{feed.kind}_feed", detail, feed=feed)
            observed += record_observation(seen=seen, actor=actor) is not None
        CheckPlan.objects.filter(pk=takedown.pk).update(last_feed=feed)

    ready = sweeping.ready(waiting, sweep=FEEDS).select_related("flag__listing").order_by("pk")
    sweeping.each(list(ready[:2_000]), observe, sweep=FEEDS)
    return observed


def _feed_finding(feed: CatalogueImport, flag: Flag) -> tuple[str, str]:
    listing = flag.listing
    if feed.kind == CatalogueImport.Kind.FULL:
        if not listing.present:
            return (
                Verdict.GONE,
                f"Full feed {feed.pk} ({feed.filename}) no longer contains the listing. A feed alone is not sufficient proof.",
            )
        if flag.status in CLAIMED | PROVED:
            return Verdict.LIVE, f"Full feed {feed.pk} ({feed.filename}) contains the listing."
        return "", ""
    if listing.present and listing.seen_in_id == feed.pk and flag.status in CLAIMED | PROVED:
        return Verdict.LIVE, f"Delta feed {feed.pk} ({feed.filename}) contains the listing."
    return "", ""
