"""Switching rules of the matching engine off and on."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from listings import past_removals
from listings.matching.rules import RULES
from listings.models import RuleSwitch
from portal import audit
from portal.identity.actors import Actor
from portal.reasons import require_reason

SIGNALS = (*(signal for rule in RULES for signal in rule.signals), *past_removals.WEIGHTS)


def switched_off() -> frozenset[str]:
    """The signals that matching ignores."""
    return frozenset(RuleSwitch.objects.values_list("signal", flat=True))


def switch_rule(*, signal: str, on: bool, reason: str, actor: Actor) -> None:
    """Switch a signal off, or on again, for every match from now on; existing flags keep their evidence.

    Raises ValidationError for an unknown signal, a missing reason, or where it is already so, also where two people
    switch it at the same moment. Reversible.
    """
    actor.require("rule.switch")
    if signal not in SIGNALS:
        detail = gettext_noop("There is no rule %(signal)s.")
        raise ValidationError({"signal": ValidationError(detail, params={"signal": signal})})
    require_reason(reason)
    detail = gettext_noop("%(signal)s is already on.") if on else gettext_noop("%(signal)s is already off.")
    already = ValidationError({"signal": ValidationError(detail, params={"signal": signal})})
    with transaction.atomic():
        if on:
            existing = RuleSwitch.objects.select_for_update().filter(signal=signal).first()
            if existing is None:
                raise already
            audit.record(actor=actor, action="rule.switched_on", subject=existing, reason=reason)
            existing.delete()
            return
        try:
            with transaction.atomic():
                switch = RuleSwitch.objects.create(signal=signal, reason=reason, off_by=actor.label)
        except IntegrityError:
            raise already from None
        audit.record(actor=actor, action="rule.switched_off", subject=switch, reason=reason)
