"""Moments in words: in the language and zone that are active, with the zone named."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext


def moment_words(moment: datetime, *, to_the_second: bool = False) -> str:
    """ "05 Mar 2026, 16:00 CET"."""
    local, style = timezone.localtime(moment), get_format("DATETIME_FORMAT")
    return f"{date_format(local, style.replace('H:i', 'H:i:s') if to_the_second else style)} {local.tzname()}"


def deadline_words(moment: datetime) -> str:
    """As `moment_words`; a deadline at midnight is the end of the day before, as people say it. Only what is shown differs."""
    local = timezone.localtime(moment)
    return f"{end_of_day(local)} {local.tzname()}" if local.time() == time.min else moment_words(moment)


def end_of_day(midnight: datetime) -> str:
    """ "end of Thu 5 Mar 2026" for the midnight with which the Friday begins."""
    return gettext("end of %(day)s") % {"day": date_format(midnight - timedelta(days=1), gettext("D j M Y"))}


def on_hover(moment: datetime, words: str) -> SafeString:
    """The words for a page, with the exact moment on hover and for programs."""
    exact = moment.isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', exact, exact, words)
