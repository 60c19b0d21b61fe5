"""A flag's clock: it starts, ends and resumes with the flag, with an explanation in one sentence."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement import rules
from enforcement.clocks.chance import chance
from enforcement.clocks.services.timing import (
    begun,
    leave_out_time,
    missed_reason,
    pause_clock,
    resume_clock,
    step_of,
)
from enforcement.letters.services import take_back
from enforcement.models import CheckPlan, Takedown
from enforcement.states import OPEN, TakedownStatus
from listings import services as listings
from listings.models import Flag
from listings.states import CLAIMED, CLOCK_RUNS, CLOSED, PROVED, WATCHED, FlagStatus
from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent, User
from portal.notifications.outbox import notify
from portal.transitions import move
from recalls.models import Notice

# Whole sentences: pages show them in the reader's language.
_FLAG_IS = {
    FlagStatus.OPEN: gettext_noop("The flag is open."),
    FlagStatus.ASKED_SELLER: gettext_noop("The seller was asked."),
    FlagStatus.REFERRED: gettext_noop("The flag is with the regulator."),
    FlagStatus.SECOND_ASKED: gettext_noop("The flag waits for a second person."),
    FlagStatus.CLAIMED_REMOVED: gettext_noop("Removal was claimed."),
    FlagStatus.CLAIMED_RESTRICTED: gettext_noop("Geo-restriction was claimed."),
    FlagStatus.REMOVED: gettext_noop("Removal was confirmed."),
    FlagStatus.RESTRICTED: gettext_noop("Geo-restriction was confirmed."),
    FlagStatus.DISMISSED: gettext_noop("The flag was dismissed: not the product."),
    FlagStatus.WITHDRAWN: gettext_noop("The notice was withdrawn."),
    FlagStatus.NOT_COVERED: gettext_noop("The recall no longer covers the listing."),
}
_ON_SALE_AGAIN = gettext_noop("The listing is on sale again.")
_DISMISSAL_ENDED = gettext_noop("The dismissal is no longer valid.")
_NOT_AS_DISMISSED = gettext_noop("The listing or the recall has changed since the dismissal.")
_COVERED_AGAIN = gettext_noop("The recall covers the listing again.")
_WAITS_FOR_ANSWER = gettext_noop("The flag waits for the regulator's answer.")


def start_clock(*, flag: Flag) -> Takedown:
    """Start the clock of one new flag."""
    return start_clocks(flags=[flag])[0]


def start_clocks(*, flags: Sequence[Flag]) -> list[Takedown]:
    """Start the clocks of new flags under the terms of their notices, which are frozen now. Same transaction as the
    flags."""
    begins = [_beginning(flag) for flag in flags]
    takedowns = [takedown for takedown, _ in begins]
    with transaction.atomic():
        Takedown.objects.bulk_create(takedowns)
        CheckPlan.objects.bulk_create(
            CheckPlan(
                takedown=row, platform_id=row.platform_id, next_at=open_check_at(row.flag, row.started_at, row.due_at)
            )
            for row in takedowns
        )
        dues, seconds = defaultdict(list), defaultdict(list)
        for takedown, terms in begins:
            dues[takedown.due_at].append(takedown.flag)
            if terms.second_person_from or terms.overrule_needs_second:
                score = terms.second_person_from / 100 if terms.second_person_from else None
                seconds[score, terms.overrule_needs_second].append(takedown.flag)
        for due, of_flags in dues.items():
            listings.set_due(flags=of_flags, due_at=due)
        for (score, overrule), of_flags in seconds.items():
            listings.ask_for_second(flags=of_flags, dismissal_from=score, overrule=overrule)
        audit.record_many(_started_event(takedown, terms) for takedown, terms in begins)
        for takedown in takedowns:
            if takedown.flag.relisted_from_id:
                _notify_of_relisting(takedown.flag, takedown)
    return takedowns


def _beginning(flag: Flag) -> tuple[Takedown, rules.Terms]:
    """The unsaved takedown of a new flag, and its terms."""
    notice = flag.notice
    terms = rules.Terms.from_json(notice.terms).for_repeat(flag.listing.seller, _taken_down_before(flag))
    start, because = begun(terms, notice, flag.opened_at)
    due, deadline_reason = rules.due_at(terms, start)
    step, step_at = rules.next_moment(terms, due, 0, start=start, now=timezone.now())
    takedown = Takedown(
        flag=flag,
        regulator_id=flag.regulator_id,
        platform_id=flag.platform_id,
        terms=terms.as_json(),
        started_at=start,
        start_reason=because.text,
        start_data=because.data,
        due_at=due,
        deadline_reason=deadline_reason.text,
        deadline_data=deadline_reason.data,
        next_step=step,
        next_step_at=step_at,
        ladder_done=step_at is None,
    )
    return takedown, terms


def _started_event(takedown: Takedown, terms: rules.Terms) -> AuditEvent:
    return audit.event_for(
        actor=Actor.system("clock"),
        action="takedown.started",
        subject=takedown,
        after={
            "status": takedown.status, "started_at": takedown.started_at, "due_at": takedown.due_at,
            "policy": terms.policy, "start_data": takedown.start_data, "deadline_data": takedown.deadline_data,
        },
        reason=f"The clock started because {takedown.start_reason}. Deadline: {takedown.deadline_reason}.",
    )  # fmt: skip


def require_countable(*, notice: Notice) -> None:
    """Raise where no clock can start under the terms of a notice: then the notice is at fault, not a listing."""
    terms = rules.Terms.from_json(notice.terms)
    start, _ = begun(terms, notice, timezone.now())
    due, _ = rules.due_at(terms, start)
    rules.ladder(terms, due)


def open_check_at(flag: Flag, started: datetime, due: datetime) -> datetime | None:
    """When the page of an open flag is checked next without a claimed removal; None where it has no address."""
    if not flag.listing.page_url:
        return None
    return rules.next_open_check(now=timezone.now(), started=started, due=due, moved=chance())


def plan_check(takedown: Takedown, at: datetime | None, **counts: int) -> None:
    """Say when the listing is checked next (None: not any more), and set the plan's `counts` that go with it."""
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=at, **counts)


def _taken_down_before(flag: Flag) -> int:
    """How many other listings of the same seller were taken down on the platform, under any recall."""
    if not flag.listing.seller:
        return 0
    gone = Flag.objects.filter(platform_id=flag.platform_id, status__in=WATCHED, listing__seller=flag.listing.seller)
    return gone.exclude(listing=flag.listing_id).values("listing").distinct().count()


def _notify_of_relisting(flag: Flag, takedown: Takedown) -> None:
    people = User.objects.filter(organisation_id=flag.platform_id, is_active=True)
    officers = User.objects.filter(organisation_id=flag.recall.regulator_id, role="regulator_staff", is_active=True)
    notify(
        people=[*people, *officers],
        key=f"flag:{flag.pk}:relisted",
        subject=f"Relisted: {flag.listing.title}"[:200],
        body=f"Listing {flag.listing.external_id} is a relisting of one that was taken down ({flag.relisted_reason}). "
        f"Deadline: {takedown.due_at:%d %b %Y %H:%M} UTC.",
        link=reverse("listings:flag", args=[flag.pk]),
    )


def follow_flag(*, flag: Flag, before: str, actor: Actor) -> None:
    """Bring a flag's clock in line with its new status, in the flag's own transaction."""
    takedown = Takedown.objects.select_for_update().get(flag=flag)
    if takedown.paused_at is not None and (
        flag.status not in CLOCK_RUNS or (before == FlagStatus.REFERRED and _waits_for_answer(takedown))
    ):
        system = Actor.system(f"clock, after {actor.label}")
        takedown = resume_clock(takedown=takedown, reason=_FLAG_IS[FlagStatus(flag.status)], actor=system)
    if flag.status in PROVED:
        if takedown.status in OPEN:
            meet_deadline(takedown=takedown)
    elif flag.status in CLOSED:
        _cancel(takedown, actor, flag)
        plan_check(takedown, None)  # also of one that was proved gone
        if flag.status != FlagStatus.DISMISSED:
            _take_back(takedown, flag, actor.label)
    elif before == FlagStatus.NOT_COVERED or (before == FlagStatus.DISMISSED and _was_rightly_dismissed(flag)):
        reason = _COVERED_AGAIN if before == FlagStatus.NOT_COVERED else _NOT_AS_DISMISSED
        left_out = leave_out_time(takedown=takedown, reason=reason, actor=Actor.system("clock"))
        _resume(left_out, actor, reason)
    elif before in PROVED or before == FlagStatus.DISMISSED:
        _resume(takedown, actor, _ON_SALE_AGAIN if before in PROVED else _DISMISSAL_ENDED)
    elif before in CLAIMED:
        plan_check(takedown, open_check_at(flag, takedown.started_at, takedown.due_at))
    elif flag.status in CLAIMED:  # until the claim is final, nothing leaves; then `follow_final_decision` checks
        plan_check(takedown, None)
    if flag.status == FlagStatus.REFERRED:  # by a decision, or as one is undone
        _pause_if_agreed(Takedown.objects.get(pk=takedown.pk), actor)


def _waits_for_answer(takedown: Takedown) -> bool:
    """Whether the clock is paused because the regulator owes an answer; a pause by a person goes on until a person ends it."""
    return takedown.pauses.filter(ended_at=None, reason=_WAITS_FOR_ANSWER).exists()


def _was_rightly_dismissed(flag: Flag) -> bool:
    """Whether the dismissal still counts for what was judged: then the listing or the recall has changed since, and a seller
    who edits a listing makes no platform late. Whoever overrules or undoes a dismissal withdraws its exclusion first, and
    one that expired was the platform's own choice: there, the time in between counts."""
    known = flag.exclusions.order_by("-pk").first()
    return known is not None and known.holds


def follow_final_decision(*, flag: Flag, decided_by: str) -> None:
    """A decision on the flag is final: checks of a claimed removal begin, and for a dismissed flag nothing more is
    sent. Before, the person who decided can undo it."""
    if flag.status in CLAIMED:
        _check_now(Takedown.objects.select_for_update().get(flag=flag))
    elif flag.status == FlagStatus.DISMISSED:
        _take_back(Takedown.objects.get(flag=flag), flag, decided_by)


def _take_back(takedown: Takedown, flag: Flag, by: str) -> None:
    reason = _FLAG_IS[FlagStatus(flag.status)]
    take_back(takedown=takedown, reason=reason, actor=Actor.system(f"clock, after {by}"))


def _pause_if_agreed(takedown: Takedown, actor: Actor) -> None:
    """If the terms say so, pause the clock while the regulator owes an answer."""
    runs = takedown.status == TakedownStatus.RUNNING and takedown.paused_at is None
    if runs and takedown.due_at > timezone.now() and rules.Terms.from_json(takedown.terms).pauses_while_referred:
        system = Actor.system(f"clock, after {actor.label}")
        pause_clock(takedown=takedown, reason=_WAITS_FOR_ANSWER, actor=system)


def _check_now(takedown: Takedown) -> None:
    plan_check(takedown, timezone.now(), unknown_in_a_row=0, attempts=0, checks_after_proof=0)


def meet_deadline(*, takedown: Takedown) -> Takedown:
    """The removal is confirmed: the ladder ends, and checks at increasing intervals begin. A deadline that had passed before
    was missed, whether or not a sweep came in between."""
    now = timezone.now()
    if takedown.status == TakedownStatus.RUNNING and now > takedown.due_at:
        move(
            takedown,
            TakedownStatus.MISSED,
            actor=Actor.system("proof"),
            reason=missed_reason(takedown.due_at),
            missed_at=now,
        )
    terms = rules.Terms.from_json(takedown.terms).for_history(_came_back(takedown))
    next_check = rules.next_check(
        terms, now=now, last_verdict="gone", unknown_in_a_row=0, proved_at=now, checks_after_proof=0, moved=chance()
    )
    changes: dict[str, Any] = {
        "met_at": now,
        "next_step": None,
        "next_step_at": None,
    }
    plan_check(takedown, next_check, checks_after_proof=0)
    if terms.as_json() != takedown.terms:
        changes["terms"] = terms.as_json()
    return move(takedown, TakedownStatus.MET, actor=Actor.system("proof"), reason=terms.quickened, **changes)


def _came_back(takedown: Takedown) -> int:
    """How often listings came back on the platform: this one after a confirmed removal, relistings of its seller or
    recall."""
    flag = takedown.flag
    same = Q(recall_id=flag.recall_id)
    if flag.listing.seller:
        same |= Q(listing__seller=flag.listing.seller)
    relisted = Flag.objects.filter(same, platform_id=flag.platform_id, relisted_from__isnull=False)
    met = audit.events_about(takedown).filter(action__in=("takedown.met", "takedown.met_late"))
    return relisted.count() + met.count()


def _cancel(takedown: Takedown, actor: Actor, flag: Flag) -> None:
    if takedown.status in OPEN:
        reason = _FLAG_IS[FlagStatus(flag.status)]
        system = Actor.system(f"clock, after {actor.label}")
        move(
            takedown,
            TakedownStatus.CANCELLED,
            actor=system,
            reason=reason,
            next_step=None,
            next_step_at=None,
        )
        plan_check(takedown, None)


def _resume(takedown: Takedown, actor: Actor, reason: str) -> None:
    """Continue with the earlier deadline and the next step of the ladder: neither restarted nor stopped."""
    if takedown.status in OPEN:
        return
    terms = rules.Terms.from_json(takedown.terms)
    missed = takedown.missed_at is not None
    changes = {
        "met_at": None,
        **step_of(takedown, terms, takedown.due_at, takedown.started_at),
    }
    next_check = open_check_at(takedown.flag, takedown.started_at, takedown.due_at)
    plan_check(takedown, next_check, checks_after_proof=0)
    system = Actor.system(f"clock, after {actor.label}")
    move(takedown, TakedownStatus.MISSED if missed else TakedownStatus.RUNNING, actor=system, reason=reason, **changes)
