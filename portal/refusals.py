"""Why a service did nothing, in words that a page can translate."""

import math
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError


class Refusal(Exception):
    """Why nothing was done: in English as a string; a page translates the marked `message` and fills it in again.

    `params` are names and numbers, `states` labels of ours, which a page translates too. `wait` is after how many seconds
    the same may be possible, where that is known: the API says it, and keeps no such answer for a repeated call.
    """

    wait: int | None = None

    def __init__(
        self, message: str, params: Mapping[str, object] | None = None, states: Mapping[str, str] | None = None
    ) -> None:
        self.message, self.params, self.states = message, dict(params or {}), dict(states or {})
        filled = self.params | {name: label.lower() for name, label in self.states.items()}
        super().__init__(message % filled if filled else message)


class TooSoon(ValidationError):
    """What is asked for is right and comes too early: the same is possible after `wait` seconds."""

    def __init__(self, message: str, *, wait: float) -> None:
        super().__init__(message)
        self.wait = max(1, math.ceil(wait))

    def __str__(self) -> str:
        return str(self.messages[0])


class NotPermitted(PermissionDenied):
    """Somebody lacks a permission: in English with both names for programs and the record; a page says it in its language."""

    def __init__(self, label: str, permission: str) -> None:
        super().__init__(f"{label} may not do this ({permission}).")
        self.permission = permission
