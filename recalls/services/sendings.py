"""Many recalls to many platforms at once: what would go out, sending it under one address, and stopping what has not begun."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.transitions import IllegalTransition
from recalls.models import Notice, Recall, Sending
from recalls.services.assessments import unsigned_risks
from recalls.services.notices import already_sent, not_published, send_notice, withdraw_notice
from recalls.states import RecallStatus

MAX_NOTICES = 1_000  # at once; each is written and told of while the sender waits


@dataclass(frozen=True, slots=True)
class SendPlan:
    """What a sending would do: the notices as (recall, platform), and (recall, platform, why) for those left out.

    A recall that no platform can get is left out once, with None for the platform. `unsigned` are those recalls of the
    notices whose risk level has no signed assessment, which stops nothing.
    """

    notices: list[tuple[Recall, Organisation]]
    left_out: list[tuple[Recall, Organisation | None, str]]
    unsigned: list[Recall] = field(default_factory=list)

    def of(self, platform: Organisation) -> int:
        """How many notices would go to the platform."""
        return sum(to == platform for _, to in self.notices)


def plan_sending(*, recalls: Sequence[Recall], platforms: Sequence[Organisation]) -> SendPlan:
    """Tell what can be sent from what cannot, with the reason. Changes nothing."""
    plan = SendPlan([], [])
    active = set(
        Notice.objects.active()
        .filter(recall__in=recalls, platform__in=platforms)
        .order_by()
        .values_list("recall_id", "platform_id")
    )
    for recall in recalls:
        if recall.status != RecallStatus.PUBLISHED or recall.current_id is None:
            plan.left_out.append((recall, None, str(not_published(recall))))
            continue
        for platform in platforms:
            if (recall.pk, platform.pk) in active:
                plan.left_out.append((recall, platform, str(already_sent(recall, platform))))
            else:
                plan.notices.append((recall, platform))
    plan.unsigned.extend(unsigned_risks(dict.fromkeys(recall for recall, _ in plan.notices)))
    return plan


def send_notices(
    *,
    recalls: Sequence[Recall],
    platforms: Sequence[Organisation],
    terms: dict[str, Any],
    message: str = "",
    actor: Actor,
) -> Sending:
    """Send every recall to every platform; what cannot be sent is named in `left_out` and stops nothing else.

    Each notice is a transaction of its own: what broke off in the middle is sent by sending again, as the rest is left
    out then. Raises IllegalTransition where nothing at all can be sent, ValidationError where it is too much at once.
    """
    actor.require("notice.send")
    plan = plan_sending(recalls=recalls, platforms=platforms)
    if not plan.notices:
        raise IllegalTransition(gettext_noop("None of these recalls can be sent to these platforms."))
    if len(plan.notices) > MAX_NOTICES:
        raise too_many(plan)
    with transaction.atomic():
        sending = Sending.objects.create(
            regulator_id=plan.notices[0][0].regulator_id,
            policy=terms["policy"],
            left_out=[_named(*each) for each in plan.left_out],
            sent_by_id=actor.user_id,
        )
        after = {"notices": len(plan.notices), "left_out": len(plan.left_out), "policy": sending.policy}
        if plan.unsigned:
            after["risk_not_signed"] = len(plan.unsigned)
        audit.record(actor=actor, action="sending.started", subject=sending, after=after, reason=message)
    late = []
    for recall, platform in plan.notices:
        try:
            send_notice(recall=recall, platform=platform, terms=terms, message=message, sending=sending, actor=actor)
        except IllegalTransition as refusal:  # someone else was first, a moment ago
            late.append(_named(recall, platform, str(refusal)))
    if late:
        sending.left_out += late
        sending.save(update_fields=["left_out"])
    return sending


def too_many(plan: SendPlan) -> ValidationError:
    """The refusal of a sending of more than MAX_NOTICES notices."""
    detail = gettext_noop(
        "You selected %(count)s notices. The maximum is %(most)s at a time. "
        "Choose fewer recalls or platforms, and send the others afterwards."
    )
    return ValidationError(detail, params={"count": f"{len(plan.notices):,}", "most": f"{MAX_NOTICES:,}"})


def _named(recall: Recall, platform: Organisation | None, reason: str) -> dict[str, str]:
    return {"recall": recall.number, "platform": platform.name if platform else "", "why": reason}


def stop_sending(*, sending: Sending, reason: str, actor: Actor) -> int:
    """Withdraw the notices of a sending that are not matched yet; returns how many. What is matched stays.

    A notice that is being matched at this moment is let be: its matching holds the row.
    """
    actor.require("notice.withdraw")
    stopped = 0
    for pk in sending.notices.active().filter(matched_at=None).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            free = (
                Notice.objects.active().filter(pk=pk, matched_at=None).select_for_update(skip_locked=True, of=("self",))
            )
            notice = free.select_related("recall", "platform").first()
            if notice is not None:
                withdraw_notice(notice=notice, reason=reason, actor=actor)
                stopped += 1
    return stopped
