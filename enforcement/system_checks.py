"""System checks that refuse settings of enforcement that cannot work."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from enforcement.checks.rendering import process


@register()
def browser_checks_can_run(**_kwargs: Any) -> list[Error]:
    """Browser checks that are on and cannot run would leave pages unread without a word."""
    if settings.BROWSER_CHECKS and (missing := process.problem()):
        return [Error(f"BROWSER_CHECKS is on. {missing}", id="offshelf.E003")]
    return []
