"""Raise the steps of the escalation ladder: each exactly once, despite restarts, races or hours without a worker."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from enforcement import rules
from enforcement.clocks.services.timing import last_raised, missed_reason
from enforcement.letters.services import draft_what_steps_ask_for
from enforcement.models import Escalation, Takedown
from enforcement.states import OPEN, PLATFORM_STEPS, StepKind, TakedownStatus
from listings.models import Listing
from listings.states import FlagStatus
from portal import audit
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.identity.duty import Roster
from portal.models import Organisation, User
from portal.notifications.events import Event
from portal.notifications.nobody import report_nobody
from portal.notifications.outbox import Draft, notify_all
from portal.transitions import move_all

logger = logging.getLogger(__name__)
BATCH = 500
SWEEP = "steps of the ladder"
MAX_LISTED = 20  # listings named in one message
_STEP_ON = """
UPDATE enforcement_takedown t SET next_step = n.step, next_step_at = n.at, ladder_done = n.at IS NULL
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) AS n(id, step, at) WHERE t.id = n.id
"""


def sweep_escalations() -> int:
    """Raise everything that is due by now, in batches that parallel sweepers share; returns how many steps were raised.

    A batch is one transaction. Where it breaks, its rows are processed one by one: a row that breaks is set aside with
    its error and tried again later (portal/background/sweeping.py); it never blocks the others.
    """
    raised, due = 0, sweeping.fresh(_due(), sweep=SWEEP)
    while True:
        with transaction.atomic():
            batch = list(due.order_by("next_step_at", "pk")[:BATCH])
            try:
                with transaction.atomic():
                    raised += len(_raise(batch))
            except SoftTimeLimitExceeded:
                raise
            except Exception as error:
                if sweeping.database_is_gone(error):
                    raise
                logger.exception("a batch of %s steps broke; they are raised one by one", len(batch))
                raised += _raise_each(batch)
        if len(batch) < BATCH:
            break
        due = _due_after(batch[-1])
    with transaction.atomic():
        raised += _raise_each(sweeping.again(_due(), sweep=SWEEP).order_by("next_step_at", "pk")[:BATCH])
    sweeping.forget_others(Takedown.objects.open().exclude(next_step_at=None), sweep=SWEEP)
    return raised


def _raise_each(rows: Iterable[Takedown]) -> int:
    raised: list[Escalation] = []
    sweeping.each(rows, lambda takedown: raised.extend(_raise([takedown])), sweep=SWEEP)
    return len(raised)


def _due_after(last: Takedown) -> QuerySet[Takedown]:
    """What is due after a row, so that a long sweep does not visit processed rows again. Earlier rows that other
    sweepers lock and release are for the next sweep."""
    behind = "(enforcement_takedown.next_step_at, enforcement_takedown.id) > (%s, %s)"
    return sweeping.fresh(_due(), sweep=SWEEP).extra(where=[behind], params=[last.next_step_at, last.pk])  # noqa: S610  no text from outside


def _due() -> QuerySet[Takedown]:
    """The due rows, locked. Recalls, notices and organisations are few and shared by the rows of a batch."""
    rows = Takedown.objects.select_for_update(skip_locked=True, of=("self",))
    listings = ("external_id", "title", "seller", "platform_id")
    narrow = rows.select_related("flag__listing").defer(
        "flag__evidence",
        "flag__listing_as_flagged",
        *(f"flag__listing__{each.attname}" for each in Listing._meta.concrete_fields if each.attname not in listings),
    )
    shared = narrow.prefetch_related("platform", "flag__recall__regulator", "flag__notice")
    return shared.filter(next_step_at__lte=timezone.now(), status__in=OPEN)


def escalate(*, takedown: Takedown) -> Escalation | None:
    """Raise the step that is due, if it still is: compare-and-set on the step and its time, so a second sweeper that
    comes late does nothing (None). A time without a step is an extended deadline that is missed again (`step_of`); that
    raises nothing (None)."""
    with transaction.atomic():
        as_seen = {"next_step": takedown.next_step, "next_step_at": takedown.next_step_at}
        return next(iter(_raise(list(_due().filter(pk=takedown.pk, **as_seen)))), None)


def _raise(batch: Sequence[Takedown]) -> list[Escalation]:
    """Raise the due steps of locked rows: next steps, missed deadlines, escalations, their audit events and
    notifications, each in one statement. The time of the next step is stored in the same transaction."""
    if not batch:
        return []
    actor, now, raised, steps = Actor.system("escalation sweep"), timezone.now(), [], []
    for takedown in batch:
        terms, step, step_at = rules.Terms.from_json(takedown.terms), takedown.next_step, takedown.next_step_at
        above = step if step is not None else last_raised(takedown)
        following = rules.next_moment(terms, takedown.due_at, above, start=takedown.started_at, now=now)
        steps.append((takedown.pk, *following))
        if step is not None and step_at is not None:
            kind = next(each.kind for each in terms.steps if each.step == step)
            raised.append(
                Escalation(takedown=takedown, platform=takedown.platform, step=step, kind=kind, due_at=step_at)
            )
    with connection.cursor() as cursor:
        cursor.execute(_STEP_ON, [list(column) for column in zip(*steps, strict=True)])
    late = [row for row in batch if now >= row.due_at and row.status == TakedownStatus.RUNNING]
    reasons = [missed_reason(row.due_at) for row in late]
    move_all(late, TakedownStatus.MISSED, actor=actor, reasons=reasons, missed_at=now)
    drafts = _drafts(raised)
    Escalation.objects.bulk_create(raised)
    draft_what_steps_ask_for(raised)
    audit.record_many(
        audit.event_for(
            actor=actor,
            action="escalation.raised",
            subject=row,
            after={"step": row.step, "kind": row.kind, "takedown": row.takedown_id, "flag": row.takedown.flag_id},
        )
        for row in raised
    )
    notify_all(drafts)
    return raised


def _drafts(raised: Sequence[Escalation]) -> list[Draft]:
    """One message for each step, platform and regulator, for any number of listings, those whose deadline has passed apart
    from the others; the rows store its key."""
    together: dict[tuple[str, bool, int, int], list[Escalation]] = defaultdict(list)
    now = timezone.now()
    for row in raised:
        is_late = now >= row.takedown.due_at
        together[row.kind, is_late, row.platform_id, row.takedown.flag.recall.regulator_id].append(row)
    drafts = []
    for (_, is_late, _, _), rows in together.items():
        key = f"escalation:{rows[0].takedown_id}:{rows[0].step}"
        for row in rows:
            row.notified_in = key
        drafts.append(_draft(rows, key, is_late=is_late))
    return drafts


def _reached(people: list[User], side: Organisation, regulator: Organisation) -> list[User]:
    """Who is told of a step, so that it never lands on nobody: `people`, who stands in for those away, everybody entitled
    of the side that has to act, else of the regulator. Where nobody is left there, the operators hear so."""
    if side.is_sandbox:
        return []  # test data is nobody's work
    roster = Roster.of({side.pk, regulator.pk})
    found = roster.reach(people, side) or roster.everybody(regulator)
    if not found:
        report_nobody(regulator)
    return found


def _draft(rows: Sequence[Escalation], key: str, *, is_late: bool) -> Draft:
    first, platform, regulator = rows[0], rows[0].platform, rows[0].takedown.flag.recall.regulator
    moderators = User.objects.filter(organisation=platform, is_active=True)
    officers = User.objects.filter(organisation=regulator, role="regulator_staff", is_active=True)
    people, mail_to = {
        StepKind.REMINDER: (moderators, []),
        StepKind.MISSED: (moderators, [platform.contact_email]),
        StepKind.CONTACT: (moderators.filter(role="platform_manager"), [platform.contact_email]),
        StepKind.OFFICER: (officers, [regulator.contact_email]),
        StepKind.LETTER: (officers, []),
        StepKind.NAMING: (officers, []),
    }[StepKind(first.kind)]
    side = platform if first.kind in PLATFORM_STEPS else regulator
    late = "Late: " if is_late else ""
    if len(rows) == 1:
        about, link = first.takedown.flag.listing.title, reverse("listings:flag", args=[first.takedown.flag_id])
    else:
        about = f"{len(rows)} listings on {platform}"
        link = f"{reverse('enforcement:escalations')}?{urlencode({'kind': first.kind})}"
    lines = [_line(row) for row in rows[:MAX_LISTED]]
    if len(rows) > MAX_LISTED:
        lines.append(f"And {len(rows) - MAX_LISTED} more.")
    return Draft(
        people=_reached(list(people), side, regulator),
        key=key,
        subject=f"{late}{first.get_kind_display()}: {about}",
        body="\n".join(lines),
        link=link,
        mail_to=mail_to,
        platform=platform if side == platform else None,
        event=Event("escalation.raised", {"step": first.kind, "flag_ids": [row.takedown.flag_id for row in rows]}),
    )


def _line(escalation: Escalation) -> str:
    takedown, flag = escalation.takedown, escalation.takedown.flag
    return (
        f"Listing {flag.listing.external_id} on {takedown.platform}, recall {flag.recall.number}. Deadline: "
        f"{takedown.due_at:%d %b %Y %H:%M} UTC. Status: {FlagStatus(flag.status).label.lower()}."
    )
