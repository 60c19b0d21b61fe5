"""What templates need again and again: times in the reader's zone, time left, styled fields, marked text."""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop, to_locale

from portal.audit.sentences import sentence
from portal.audit.system_actors import actor_words
from portal.audit.words import event_words, reason_words
from portal.http import language, stored_texts
from portal.http.active_filters import ActiveFilter, active_filters
from portal.http.moments import day_ended, deadline_words, end_of_day, moment_words, on_hover, zone_label
from portal.http.object_names import object_name
from portal.http.tables import as_table
from portal.notifications.event_words import shown_event_type

register = template.Library()
SOON = timedelta(hours=2)
_ADDRESS = re.compile(r"(https?://[^\s<>]+)")
_DASHES = BLANK_CHOICE_DASH[0][1]
_LINK = '<a href="{}" rel="noopener noreferrer nofollow">{}</a>'

register.filter("action_words", event_words)
register.filter("actor_words", actor_words)
register.filter("as_json", json.dumps)
register.filter("event_reason", reason_words)
register.filter("event_type", shown_event_type)
register.filter("object_name", object_name)
register.filter("sentence", sentence)
register.filter("shown", language.shown)
register.filter("shown_inside", language.shown_inside)
register.filter("stored", stored_texts.stored)
register.filter("stored_lines", stored_texts.stored_lines)
register.filter("zone_label", zone_label, expects_localtime=True)


@register.simple_tag(takes_context=True, name="active_filters")
def _active_filters(context: template.Context, form: forms.BaseForm) -> list[ActiveFilter]:
    """The filters that the address of the page sets."""
    return active_filters(form, context["request"].GET)


@register.simple_block_tag
def table(content: str, *, scrolls: bool = False) -> SafeString:
    """A table that is read on a phone too: its rows become blocks there, or it scrolls in an area of its own."""
    return as_table(content, scrolls=scrolls)


@register.filter
def under_way(rows: Iterable[Any]) -> bool:
    """Whether any of the jobs, or of the feeds with their frequency, goes on by itself: their list is then renewed."""
    return any((row[0] if isinstance(row, tuple) else row).is_under_way for row in rows)


@register.filter
def when(moment: datetime | None) -> str:
    """A moment in the reader's zone, with the zone named; the exact moment in UTC on hover."""
    return on_hover(moment, moment_words(moment)) if moment else gettext("never")


@register.filter
def to_the_second(moment: datetime | None) -> str:
    """As `when`, with seconds: where events stand in a row, so that the order within a minute is seen."""
    return on_hover(moment, moment_words(moment, to_the_second=True)) if moment else gettext("never")


@register.filter
def due(moment: datetime | None) -> str:
    """A deadline, as `when`: one at midnight is the end of the day before."""
    return on_hover(moment, deadline_words(moment)) if moment else gettext("no deadline")


@register.filter
def in_zone(moment: datetime, zone: str) -> str:
    """A moment of a deadline as the clocks on the walls of a zone show it; the end of a day as `due` says it."""
    ended = day_ended(moment, ZoneInfo(zone))
    if ended is not None:
        return end_of_day(ended)
    return date_format(moment.astimezone(ZoneInfo(zone)), gettext("D d M Y, H:i"))


@register.filter(name="span")
def span_words(span: timedelta) -> str:
    """A length of time in two units."""
    seconds = int(abs(span).total_seconds())
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3_600, seconds % 3_600 // 60
    if days >= 2:
        return gettext("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if seconds >= 3_600:
        return gettext("%(hours)d h %(minutes)02d min") % {"hours": days * 24 + hours, "minutes": minutes}
    if seconds >= 60:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    return gettext("%(seconds)d s") % {"seconds": seconds}


@register.filter
def time_left(due: datetime | None) -> str:
    """ "2 h 10 min left", "3 h 00 min late", or "no deadline"."""
    if due is None:
        return gettext("no deadline")
    left = due - timezone.now()
    detail = gettext("%(span)s left") if left > timedelta(0) else gettext("%(span)s late")
    return detail % {"span": span_words(left)}


@register.filter
def late_by(moment: datetime, due: datetime) -> str:
    """How long after it was due something came: "3 h 00 min late"."""
    return gettext("%(span)s late") % {"span": span_words(moment - due)}


@register.filter
def tone(due: datetime | None) -> str:
    """late, soon (two hours or less) or ok: how urgent a deadline is."""
    if due is None:
        return "ok"
    left = due - timezone.now()
    return "late" if left <= timedelta(0) else "soon" if left <= SOON else "ok"


@register.filter
def styled(field: BoundField) -> SafeString:
    """A form field with the classes of the design, and tied to its hint and errors; and what it showed at first,
    hidden, where the form wants to know what was changed."""
    widget = field.field.widget
    kind = "usa-input"
    if isinstance(widget, forms.Select | forms.SelectMultiple):
        kind = "usa-select"
        _name_empty_choice(field)
    elif isinstance(widget, forms.Textarea):
        kind = "usa-textarea"
    elif isinstance(widget, forms.CheckboxInput):
        kind = "wb-row-check"
    attributes: dict[str, str | bool] = {"class": f"{kind}{' usa-input--error' if field.errors else ''}"}
    described = [f"{field.id_for_label}_helptext"] if field.help_text else []
    if field.errors:
        described.append(f"{field.id_for_label}_error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    shown = field.as_widget(attrs=attributes)
    return shown + field.as_hidden(only_initial=True) if field.field.show_hidden_initial else shown


def _name_empty_choice(field: BoundField) -> None:
    """Say in words what an empty choice means, where the form has not: Django's own label is a row of dashes."""
    widget: Any = field.field.widget
    words = gettext("Choose") if field.field.required else gettext("None")
    widget.choices = [(value, words if label == _DASHES else label) for value, label in widget.choices]


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether a field is a group of radio buttons or checkboxes."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether a field is one checkbox, which is ticked or not: neither is left out."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def language_tag(code: str) -> str:
    """The language as HTML wants it: zh-Hans, not zh-hans."""
    return to_locale(code).replace("_", "-")


@register.filter
def one_line(text: object) -> str:
    """Text from outside on one line, so that in a plain text it cannot pass for a line of ours."""
    return " ".join(str(text).split())


@register.filter
def linked(text: str) -> SafeString:
    """Text from outside with its line breaks, and with addresses of pages as links that tell and lend nothing to them."""
    pieces = []
    for piece in _ADDRESS.split(text):
        address = piece.rstrip(".,;:!?'\")]}") if _ADDRESS.fullmatch(piece) else ""
        link = format_html(_LINK, address, address) if address else ""
        pieces.append(format_html("{}{}", link, piece[len(address) :]))
    return mark_safe("".join(pieces).replace("\n", "<br>"))  # noqa: S308  made of what format_html escaped


@register.filter
def percent(score: float) -> str:
    """A score from 0 to 1 as a whole percentage."""
    return gettext("%(number)d%%") % {"number": round(score * 100)}


@register.filter
def marked(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """`text` with the given (start, end) places marked; overlapping places become one."""
    pieces: list[tuple[str, str, str]] = []
    place = 0
    for first, last in sorted(spans):
        start, end = max(first, place), min(last, len(text))
        if start >= end:
            continue
        if start > place:
            pieces.append(("", text[place:start], ""))
        pieces.append(("mark", text[start:end], ""))
        place = end
    pieces.append(("", text[place:], ""))
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", piece) if tag else piece,) for tag, piece, _ in pieces)
    )


_CHANGED = {
    "added": ('<ins class="wb-ins"><span class="usa-sr-only">{}: </span>{}</ins>', gettext_noop("added")),
    "removed": ('<del class="wb-del"><span class="usa-sr-only">{}: </span>{}</del>', gettext_noop("removed")),
}


@register.filter
def differences(parts: Iterable[Any]) -> SafeString:
    """A text that was changed, from its parts (`kind`: same, added or removed; `text`); no blank is put between them."""
    shown = []
    for part in parts:
        if part.kind in _CHANGED:
            form, word = _CHANGED[part.kind]
            shown.append(format_html(form, gettext(word), part.text))
        else:
            shown.append(escape(part.text))
    return mark_safe("".join(shown))  # noqa: S308  each piece is escaped
