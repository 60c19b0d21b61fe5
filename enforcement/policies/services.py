"""Writing policies, and freezing them into the terms of a notice."""

import re
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from enforcement import rules
from enforcement.calendars.services.special_days import Days, check_place, special_days
from enforcement.models import Policy, PolicyStep
from enforcement.models.policies import default_history_rescans
from enforcement.states import StepKind
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation

_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MAX_RESCANS = 100  # each is a request to a shop for every removal, and every takedown keeps the plan
MAX_WORKING_DAYS = 366  # between the deadline and a step; each is looked up whenever a step is due


@dataclass(frozen=True, slots=True)
class PolicyContent:
    """The content of a policy; `steps` are (kind, seconds after the deadline, negative before it), in order; a step at the
    end of a working day after the deadline is (kind, 0, number of that working day)."""

    name: str
    amount: int
    unit: str
    starts_on: str = "sent"
    start_latest_hours: int = 24
    description: str = ""
    begins: str = "at_once"
    cut_off: str = ""
    country: str = "US"
    subdivision: str = ""
    time_zone: str = "UTC"
    repeat_after: int = 0
    repeat_amount: int = 0
    pauses_while_referred: bool = False
    extension_needs_second: bool = True
    second_person_from: int = 0
    overrule_needs_second: bool = False
    checks_needed: int = 2
    check_interval_seconds: int = 3600
    rescans: tuple[int, ...] = (3600, 6 * 3600, 86400, 3 * 86400, 7 * 86400, 30 * 86400, 90 * 86400)
    history_after: int = 1
    history_rescans: tuple[int, ...] = tuple(default_history_rescans())
    steps: tuple[tuple[str, int] | tuple[str, int, int], ...] = (
        ("reminder", -7200),
        ("missed", 0),
        ("officer", 3600),
        ("letter", 86400),
    )
    is_active: bool = True


def create_policy(*, regulator: Organisation, content: PolicyContent, actor: Actor) -> Policy:
    """Create a policy of a regulator. Raises ValidationError by field, for example if the name is taken."""
    actor.require("policy.edit")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied(gettext_noop("You can create policies for your own regulator only."))
    policy = Policy(regulator=regulator)
    _write(policy, content)
    audit.record(actor=actor, action="policy.created", subject=policy, after=asdict(content))
    return policy


def edit_policy(*, policy: Policy, content: PolicyContent, actor: Actor) -> Policy:
    """Change a policy for future notices. Running clocks keep the terms frozen into them."""
    actor.require("policy.edit")
    with transaction.atomic():
        before = content_of(policy)
        _write(policy, content)
        audit.record(actor=actor, action="policy.edited", subject=policy, before=asdict(before), after=asdict(content))
    return policy


def content_of(policy: Policy) -> PolicyContent:
    """What a stored policy says, as `create_policy` and `edit_policy` take it."""
    return PolicyContent(
        name=policy.name,
        amount=policy.amount,
        unit=policy.unit,
        starts_on=policy.starts_on,
        start_latest_hours=policy.start_latest_hours,
        description=policy.description,
        begins=policy.begins,
        cut_off=policy.cut_off,
        country=policy.country,
        subdivision=policy.subdivision,
        time_zone=policy.time_zone,
        repeat_after=policy.repeat_after,
        repeat_amount=policy.repeat_amount,
        pauses_while_referred=policy.pauses_while_referred,
        extension_needs_second=policy.extension_needs_second,
        second_person_from=policy.second_person_from,
        overrule_needs_second=policy.overrule_needs_second,
        checks_needed=policy.checks_needed,
        check_interval_seconds=policy.check_interval_seconds,
        rescans=tuple(policy.rescans),
        history_after=policy.history_after,
        history_rescans=tuple(policy.history_rescans),
        steps=tuple(
            (step.kind, 0, step.working_days) if step.working_days else (step.kind, step.offset_seconds)
            for step in policy.steps.all()
        ),
        is_active=policy.is_active,
    )


def freeze(policy: Policy, days: Days = special_days) -> dict[str, object]:
    """The policy as a notice's terms: plain JSON that later edits do not change. To freeze many, cache `days`."""
    return _terms(content_of(policy), policy.regulator_id, days)


def draft_terms(*, content: PolicyContent, regulator: Organisation) -> dict[str, object]:
    """The terms that a policy with this content would give; stores nothing. Raises ValidationError if it is invalid."""
    _check(content)
    return _terms(content, regulator.pk, special_days)


def _terms(content: PolicyContent, regulator_id: int, days: Days) -> dict[str, object]:
    special, version = days(regulator_id, content.country, content.subdivision)
    steps = tuple(rules.Step(number, *step) for number, step in enumerate(content.steps, 1))
    return rules.Terms(
        policy=content.name,
        amount=content.amount,
        unit=content.unit,
        starts_on=content.starts_on,
        start_latest_hours=content.start_latest_hours,
        country=content.country,
        time_zone=content.time_zone,
        checks_needed=content.checks_needed,
        check_interval_seconds=content.check_interval_seconds,
        rescans=content.rescans,
        history_after=content.history_after,
        history_rescans=content.history_rescans,
        steps=steps,
        begins=content.begins,
        cut_off=content.cut_off,
        subdivision=content.subdivision,
        special_days=special,
        calendar_version=version,
        repeat_after=content.repeat_after,
        repeat_amount=content.repeat_amount,
        pauses_while_referred=content.pauses_while_referred,
        extension_needs_second=content.extension_needs_second,
        second_person_from=content.second_person_from,
        overrule_needs_second=content.overrule_needs_second,
    ).as_json()


def roughly_after(step: tuple[str, int] | tuple[str, int, int]) -> int:
    """Seconds after the deadline, to put steps in order: how long working days are is known only with a calendar."""
    return step[1] + sum(step[2:]) * 86_400


def _check(content: PolicyContent) -> None:
    offsets = [roughly_after(step) for step in content.steps]
    if offsets != sorted(offsets):
        raise ValidationError(
            {"steps": gettext_noop("Put the steps in order: each must be at or after the previous one.")}
        )
    if any(sum(step[2:]) > MAX_WORKING_DAYS for step in content.steps):
        detail = gettext_noop("A step can wait for at most %(most)s working days.")
        raise ValidationError({"steps": ValidationError(detail, params={"most": MAX_WORKING_DAYS})})
    if any(step[1] < 0 and step[0] != StepKind.REMINDER for step in content.steps):
        raise ValidationError({"steps": gettext_noop("Only reminders can come before the deadline.")})
    if "missed" not in {step[0] for step in content.steps}:
        raise ValidationError({"steps": gettext_noop("Add the step “Deadline missed”.")})
    if content.repeat_after and not 1 <= content.repeat_amount < content.amount:
        detail = gettext_noop("Enter at least 1 and less than the time allowed, which is %(amount)s.")
        raise ValidationError({"repeat_amount": ValidationError(detail, params={"amount": content.amount})})
    for name, plan in (("rescans", content.rescans), ("history_rescans", content.history_rescans)):
        if len(plan) > MAX_RESCANS:
            detail = gettext_noop("Enter at most %(most)s times.")
            raise ValidationError({name: ValidationError(detail, params={"most": MAX_RESCANS})})
        if list(plan) != sorted(set(plan)):
            raise ValidationError(
                {name: gettext_noop("Put the times in order: each must be longer than the previous one.")}
            )
    check_place(content.country, content.subdivision)
    if content.cut_off and not _CLOCK_TIME.fullmatch(content.cut_off):
        detail = gettext_noop("%(given)s is not a time of day. Enter a time like 17:00.")
        raise ValidationError({"cut_off": ValidationError(detail, params={"given": content.cut_off})})


def _write(policy: Policy, content: PolicyContent) -> None:
    _check(content)
    for name, value in asdict(content).items():
        if name != "steps":
            setattr(policy, name, list(value) if isinstance(value, tuple) else value)
    policy.full_clean(exclude=["regulator"], validate_unique=False, validate_constraints=False)
    with transaction.atomic():
        try:
            with transaction.atomic():
                policy.save()
        except IntegrityError:
            detail = gettext_noop("A policy with the name %(name)s already exists. Choose another name.")
            raise ValidationError({"name": ValidationError(detail, params={"name": content.name})}) from None
        policy.steps.all().delete()
        PolicyStep.objects.bulk_create(
            PolicyStep(policy=policy, step=number, kind=step[0], offset_seconds=step[1], working_days=sum(step[2:]))
            for number, step in enumerate(content.steps, 1)
        )
