"""What a version may record of risk, injuries, measures and businesses: refused here whoever writes it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

from recalls.importers import safety
from recalls.services.content import RecallContent

UNKNOWN = gettext_noop("%(given)s is not one of the allowed values: %(values)s.")
NOT_A_COUNT = gettext_noop("Enter a whole number from 0 to 10,000,000, or leave it empty if it is unknown.")
DEATHS_NOT_FATAL = gettext_noop("Deaths are recorded, so the worst severity is fatal.")
FATAL_NO_DEATHS = gettext_noop(
    "The worst severity is fatal, so at least one death is recorded or the number is unknown."
)


def require_recorded(content: RecallContent) -> None:
    """Raise ValidationError, by field, for what is outside a vocabulary, out of range, or contradicts itself."""
    errors: dict[str, Any] = {}

    def require_word(field: str, value: str, words: tuple[str, ...], *, empty: bool = True) -> None:
        if value not in words and not (empty and not value):
            params = {"given": value[:40] or "''", "values": ", ".join(words)}
            errors.setdefault(field, ValidationError(UNKNOWN, params=params))

    require_word("risk_level", content.risk_level, safety.RISK_LEVELS)
    require_word("worst_severity", content.worst_severity, safety.SEVERITIES)
    for measure in content.measures:
        require_word("measures", measure.kind, safety.MEASURES, empty=False)
        require_word("measures", measure.basis, safety.BASES)
    for business in content.businesses:
        require_word("businesses", business.role, safety.ROLES, empty=False)
    for name in safety.COUNTS:
        value = getattr(content, name)
        if value is not None and not 0 <= value <= safety.MAX_COUNT:
            errors[name] = NOT_A_COUNT
    if contradiction := safety.contradiction(content.deaths, content.worst_severity):
        errors.setdefault("worst_severity", {"deaths": DEATHS_NOT_FATAL, "fatal": FATAL_NO_DEATHS}[contradiction])
    if errors:
        raise ValidationError(errors)
