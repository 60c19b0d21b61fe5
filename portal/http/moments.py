"""Moments in words: in the language and zone that are active, with the zone named."""

from datetime import UTC, datetime, timedelta, tzinfo

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

_SHARED = frozenset({"CST", "CDT", "IST", "PST", "PDT"})
"""Abbreviations that name zones of different offsets (CST is Chicago's and Shanghai's), with those of their summers."""


_YEARS = range(1900, 9000)


def in_reach(moment: datetime) -> datetime | None:
    """A moment in UTC; None where no reader's zone can show it. Neither could PostgreSQL's answer be read."""
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment if moment.year in _YEARS else None


def zone_label(local: datetime) -> str:
    """The zone of a local moment: "CET"; its offset, as "UTC+8", where an abbreviation is missing or means several."""
    name = local.tzname() or ""
    if name[:1].isalpha() and name not in _SHARED:
        return name
    minutes = int((local.utcoffset() or timedelta(0)).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"


def moment_words(moment: datetime, *, to_the_second: bool = False) -> str:
    """ "05 Mar 2026, 16:00 CET"."""
    local, style = timezone.localtime(moment), get_format("DATETIME_FORMAT")
    return f"{date_format(local, style.replace('H:i', 'H:i:s') if to_the_second else style)} {zone_label(local)}"


def deadline_words(moment: datetime) -> str:
    """As `moment_words`; a deadline with which a day ends is the end of that day, as people say it. Only what is shown
    differs."""
    ended = day_ended(moment, timezone.get_current_timezone())
    return f"{end_of_day(ended)} {zone_label(ended)}" if ended is not None else moment_words(moment)


def day_ended(moment: datetime, zone: tzinfo) -> datetime | None:
    """The last moment of the day that ends with `moment` in `zone`; None where none does. The next day begins at midnight,
    or later where clocks are put forward over it."""
    before = (moment.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone)
    return before if before.date() < moment.astimezone(zone).date() else None


def end_of_day(moment: datetime) -> str:
    """ "end of Thu 5 Mar 2026" for a moment of that Thursday."""
    return gettext("end of %(day)s") % {"day": date_format(moment, gettext("D j M Y"))}


def on_hover(moment: datetime, words: str) -> SafeString:
    """The words for a page, with the exact moment on hover and for programs."""
    exact = moment.isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', exact, exact, words)
