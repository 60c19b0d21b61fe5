"""A notice's terms in words, for the page, the mail and the API."""

from typing import Any

_UNITS = {"seconds": "second", "minutes": "minute", "hours": "hour", "working_days": "working day"}
_STARTS = {
    "sent": "when the notice is sent",
    "delivered": "when the notice is delivered",
    "acknowledged": "when the platform acknowledges the notice",
}


def terms_in_words(terms: dict[str, Any]) -> str:
    """For example "6 hours from when the notice is sent" or "2 working days (US, America/New_York) from …"."""
    unit = _UNITS[terms["unit"]]
    span = f"{terms['amount']} {unit}{'' if terms['amount'] == 1 else 's'}"
    if terms["unit"] == "working_days":
        span += f" ({terms['country']}, {terms['time_zone']})"
    words = f"{span} from {_STARTS[terms['starts_on']]}"
    if terms["starts_on"] != "sent":
        words += f", or {terms['start_latest_hours']} hours after sending at the latest"
    return words
