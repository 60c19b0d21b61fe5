"""The reason without which an act that is recorded with one does nothing."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

NO_REASON = gettext_noop("Enter a reason. It is recorded in the audit log.")


def require_reason(reason: str) -> None:
    """Raises ValidationError, by the field `reason`, where none is given."""
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
