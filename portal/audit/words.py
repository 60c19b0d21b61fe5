"""The audit's actions in words, for the histories that pages show. The log itself keeps the action."""

from collections.abc import Mapping

from django.utils.translation import gettext

WORDS: dict[str, str] = {}
"""Action → what pages call it. Each app adds its own (registration.py)."""
FIRST_NAMES: dict[str, str] = {}
"""Names that actions had when events were sealed under them, and the names of today: the log itself never changes."""


def register(words: Mapping[str, str], *, first_names: Mapping[str, str] | None = None) -> None:
    """Add the words for the actions of an app, and the names that its actions had before."""
    WORDS.update(words)
    FIRST_NAMES.update(first_names or {})


def actions_named(action: str) -> list[str]:
    """Every name under which events of an action stand in the log, today's first."""
    return [action, *(first for first, today in FIRST_NAMES.items() if today == action)]


def event_words(action: str) -> str:
    """ "flag.dismissed" as "Flag dismissed"; an action that is not listed above in English."""
    action = FIRST_NAMES.get(action, action)
    words = action.replace(".", " ").replace("_", " ")
    return gettext(WORDS.get(action, words[:1].upper() + words[1:]))
