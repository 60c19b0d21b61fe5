"""The units of deadlines in the reader's language."""

from django.utils.translation import gettext_noop, ngettext

UNITS = {
    "seconds": gettext_noop("seconds"),
    "minutes": gettext_noop("minutes"),
    "hours": gettext_noop("hours"),
    "working_days": gettext_noop("working days"),
}


def in_units(amount: int, unit: str) -> str:
    """For example "6 hours" or "1 working day"; `unit` is one of UNITS, or days."""
    words = {
        "seconds": ngettext("%(count)d second", "%(count)d seconds", amount),
        "minutes": ngettext("%(count)d minute", "%(count)d minutes", amount),
        "hours": ngettext("%(count)d hour", "%(count)d hours", amount),
        "days": ngettext("%(count)d day", "%(count)d days", amount),
        "working_days": ngettext("%(count)d working day", "%(count)d working days", amount),
    }
    return words[unit] % {"count": amount}
