"""System checks that refuse settings under which a promise of the product would not hold."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register(deploy=True)
def mail_can_leave(**_kwargs: Any) -> list[Error]:
    """Notices and escalations are mailed; without a sender address of one's own they bounce."""
    if settings.PRODUCTION and settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        return [
            Error("DEFAULT_FROM_EMAIL is not set: notices would leave from offshelf@localhost.", id="offshelf.E001")
        ]
    return []
