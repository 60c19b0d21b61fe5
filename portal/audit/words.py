"""The audit's actions in words, for the histories that pages show. The log itself keeps the action."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal.http.stored_texts import stored

WORDS: dict[str, str] = {}
"""Action → what pages call it. Each app adds its own (registration.py)."""
FIRST_NAMES: dict[str, str] = {}
"""Names that actions had when events were sealed under them, and the names of today: the log itself never changes."""

REASONS: dict[str, Callable[[Any], SafeString | None]] = {}
"""Action → its reason in the reader's language and time zone, from the data of the event; None where it has none."""


def register(words: Mapping[str, str], *, first_names: Mapping[str, str] | None = None) -> None:
    """Add the words for the actions of an app, and the names that its actions had before."""
    WORDS.update(words)
    FIRST_NAMES.update(first_names or {})


def register_reasons(reasons: Mapping[str, Callable[[Any], SafeString | None]]) -> None:
    """Add the actions of an app whose reasons are sentences of ours with values in them."""
    REASONS.update(reasons)


def reason_words(event: Any) -> SafeString:
    """The reason of an event for a page, as safe HTML.

    From the event's data where its action has a way to write it; what a person wrote as it is; a sentence of ours
    translated, or else marked as English.
    """
    from_data = REASONS.get(FIRST_NAMES.get(event.action, event.action), lambda _event: None)(event)
    if from_data is not None:
        return from_data
    if event.actor_kind != "system":
        return escape(_with_our_first_sentence(event.reason))
    translated = gettext(event.reason) if event.reason else ""
    return escape(translated) if translated != event.reason else stored(event.reason)


def _with_our_first_sentence(reason: str) -> str:
    """What a person gave as a reason: the part that was chosen from a list, as in "Accessory or spare part. Only the lid.",
    in the language of the page, the rest as it was written."""
    if (whole := _translated(reason)) != reason:
        return whole
    first, stop, rest = reason.partition(". ")
    if stop:
        return f"{_translated(first)}{stop}{rest}"
    words = first.removesuffix(".")
    return _translated(words) + first[len(words) :]


def _translated(text: str) -> str:
    return gettext(text) if text else ""  # the catalogue's own header stands under the empty text


def actions_named(action: str) -> list[str]:
    """Every name under which events of an action stand in the log, today's first."""
    return [action, *(first for first, today in FIRST_NAMES.items() if today == action)]


def event_words(action: str) -> str:
    """ "flag.dismissed" as "Flag dismissed"; an action that is not listed above in English."""
    action = FIRST_NAMES.get(action, action)
    words = action.replace(".", " ").replace("_", " ")
    return gettext(WORDS.get(action, words[:1].upper() + words[1:]))
