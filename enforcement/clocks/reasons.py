"""The reasons of clocks, stored as data by `enforcement.rules`, as sentences in the reader's language and time zone.

Rows from before reasons were stored as data have only their English sentence, which is marked as English. What cannot be
read as data is shown as that sentence too: one bad row never breaks a page.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop, ngettext

from enforcement import rules
from enforcement.models import Takedown
from portal.http import moments
from portal.models import AuditEvent, Language
from portal.units import in_units

log = logging.getLogger(__name__)
_MISSED = re.compile(r"The deadline was (\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d) UTC\.")

_EVENTS = {
    "sent": gettext_noop("the notice was sent"),
    "delivered": gettext_noop("the notice was delivered"),
    "acknowledged": gettext_noop("the notice was acknowledged"),
    "not_delivered": gettext_noop("the notice was not delivered within %(time)s"),
    "not_acknowledged": gettext_noop("the notice was not acknowledged within %(time)s"),
    "flagged": gettext_noop("the listing was flagged"),
}
_MOVED = {
    "next_working_day": gettext_noop("%(event)s (%(at)s); the clock starts on the next working day"),
    "day_off": gettext_noop("%(event)s (%(at)s), not on a working day: this counts as the next working day"),
    "cut_off": gettext_noop(
        "%(event)s (%(at)s), after the cut-off at %(cut_off)s: this counts as the next working day"
    ),
}
_COUNTED = {
    "after": gettext_noop("%(time)s after %(from)s"),
    "working_day_after": gettext_noop("end of working day %(number)s (%(place)s) after %(day)s in %(zone)s"),
    "working_day_from": gettext_noop("end of working day %(number)s (%(place)s), counted from %(day)s in %(zone)s"),
}


def start_words(takedown: Takedown) -> SafeString:
    """What started a clock."""
    return _or_english(takedown.start_reason, lambda: _start(takedown.start_data or {}), takedown.start_data)


def deadline_words(takedown: Takedown) -> SafeString:
    """Why the deadline of a takedown is what it is."""
    return _or_english(
        takedown.deadline_reason, lambda: _deadline(takedown.deadline_data or {}), takedown.deadline_data
    )


def start_text(takedown: Takedown, language: str) -> str:
    """What started a clock, as plain text in a language, with moments in UTC: what leaves in writing."""
    if language == Language.ENGLISH:
        return takedown.start_reason
    with translation.override(language), timezone.override(UTC):
        return unescape(strip_tags(start_words(takedown)))


def deadline_text(takedown: Takedown, language: str) -> str:
    """Why the deadline of a takedown is what it is, as plain text in a language, with moments in UTC: what leaves in writing."""
    if language == Language.ENGLISH:
        return takedown.deadline_reason
    with translation.override(language), timezone.override(UTC):
        return unescape(strip_tags(deadline_words(takedown)))


def reason_words(reason: rules.Reason) -> SafeString:
    """A deadline reason that is not stored, like that of a preview."""
    return _or_english(reason.text, lambda: _deadline(reason.data), reason.data)


def started_words(event: AuditEvent) -> SafeString | None:
    """The reason of `takedown.started`; None where the event has no data."""
    if not (event.after.get("start_data") and event.after.get("deadline_data")):
        return None
    return _or_english(event.reason, lambda: _started(event.after), event.after)


def retimed_words(event: AuditEvent) -> SafeString | None:
    """The reason of `takedown.retimed`; None where the event has no data."""
    if not (event.after.get("cause") and event.after.get("deadline_data")):
        return None
    return _or_english(event.reason, lambda: _retimed(event.after), event.after)


def missed_words(event: AuditEvent) -> SafeString | None:
    """The reason of `takedown.missed`, which names its deadline in UTC; None where it is another sentence."""
    if (found := _MISSED.fullmatch(event.reason)) is None:
        return None
    at = datetime.strptime(found[1], "%d %b %Y %H:%M:%S").replace(tzinfo=UTC)
    return _say(gettext_noop("Deadline: %(at)s."), at=moments.on_hover(at, moments.deadline_words(at)))


def _or_english(text: str, words: Callable[[], SafeString], data: Any) -> SafeString:
    if data:
        try:
            return words()
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            log.warning("A reason of a clock cannot be read as data: %.200r", data)
    return format_html('<span lang="en" dir="ltr">{}</span>', text)


def _say(words: str, **values: object) -> SafeString:
    """A translated text with its values, each escaped once."""
    filled = conditional_escape(gettext(words)) % {
        name: conditional_escape(str(value) if not isinstance(value, SafeString) else value)
        for name, value in values.items()
    }
    return mark_safe(filled)  # noqa: S308  the text and every value are escaped above


def _joined(parts: list[SafeString], between: str) -> SafeString:
    return format_html_join(between, "{}", ((part,) for part in parts))


def _at(moment: str) -> SafeString:
    """A stored moment in the reader's zone, to the second; the exact moment in UTC on hover."""
    at = datetime.fromisoformat(moment)
    return moments.on_hover(at, moments.moment_words(at, to_the_second=True))


def _day(day: str) -> str:
    return date_format(date.fromisoformat(day), "DATE_FORMAT")


def _start(data: dict[str, Any]) -> SafeString:
    time = in_units(data["amount"], data["unit"]) if "amount" in data else ""
    event = _say(_EVENTS[data["kind"]], time=time)
    if "moved" not in data:
        return event
    cut_off = _at(data["cut_off"]) if "cut_off" in data else ""
    return _say(_MOVED[data["moved"]], event=event, at=_at(data["at"]), cut_off=cut_off)


def _deadline(data: dict[str, Any]) -> SafeString:
    if data["kind"] == "after":
        counted = _say(_COUNTED["after"], **{"time": in_units(data["amount"], data["unit"]), "from": _at(data["from"])})
    else:
        values = {"number": data["amount"], "place": data["place"], "day": _day(data["day"]), "zone": data["time_zone"]}
        counted = _say(_COUNTED[data["kind"]], **values)
    return _joined([counted, *_additions(data)], "; ")


def _additions(data: dict[str, Any]) -> list[SafeString]:
    """What else moved the deadline, in the order of the English sentence."""
    parts = []
    if half := data.get("half_day"):
        words = gettext_noop("%(day)s is a half day and ends %(at)s")
        parts.append(_say(words, day=_day(half["day"]), at=_at(half["closes_at"])))
    if off := data.get("days_off"):
        named = [_say(gettext_noop("%(day)s is %(name)s"), day=_day(each["day"]), name=each["name"]) for each in off]
        parts.append(_joined(named, ", "))
    if less := data.get("shortened"):
        parts.append(_shortened(less))
    if more := data.get("extended"):
        parts.append(_say(gettext_noop("extended by %(time)s"), time=in_units(more, data["unit"])))
    parts += [
        _say(gettext_noop("paused from %(start)s to %(end)s"), start=_at(start), end=_at(end))
        for start, end in data.get("paused", ())
    ]
    return parts


def _shortened(data: dict[str, Any]) -> SafeString:
    if "text" in data:
        return format_html('<span lang="en" dir="ltr">{}</span>', data["text"])
    words = ngettext(
        "shortened from %(amount)s because %(count)s listing of %(seller)s was taken down before",
        "shortened from %(amount)s because %(count)s listings of %(seller)s were taken down before",
        data["listings"],
    )
    values = {"amount": data["amount"], "count": data["listings"], "seller": data["seller"]}
    return mark_safe(conditional_escape(words) % {name: conditional_escape(each) for name, each in values.items()})  # noqa: S308


def _started(after: dict[str, Any]) -> SafeString:
    words = gettext_noop("The clock started: %(reason)s. Deadline: %(deadline)s.")
    return _say(words, reason=_start(after["start_data"]), deadline=_deadline(after["deadline_data"]))


def _retimed(after: dict[str, Any]) -> SafeString:
    return _say(
        gettext_noop("%(cause)s Deadline: %(deadline)s."),
        cause=_cause(after["cause"]),
        deadline=_deadline(after["deadline_data"]),
    )


def _cause(cause: dict[str, Any]) -> SafeString:
    kind = cause["kind"]
    if kind == "started":
        return _say(gettext_noop("The clock started: %(reason)s."), reason=_start(cause["start"]))
    if kind == "paused":
        words = gettext_noop("The clock was paused from %(start)s to %(end)s.")
        return _say(words, start=_at(cause["from"]), end=_at(cause["to"]))
    if kind == "passed":
        words = gettext_noop("Time passed in the sandbox: %(time)s.")
        return _say(words, time=in_units(cause["amount"], cause["unit"]))
    words = {"extended": gettext_noop("Extended: %(reason)s"), "recounted": gettext_noop("Recounted: %(reason)s")}[kind]
    return _say(words, reason=cause["text"])
