"""A notice's terms in words, for the page, the mail and the API."""

from typing import Any

_UNITS = {"seconds": "second", "minutes": "minute", "hours": "hour", "working_days": "working day"}
_STARTS = {
    "sent": "the notice is sent",
    "delivered": "the notice is delivered",
    "acknowledged": "the platform acknowledges the notice",
}


def amount_in_words(amount: int, unit: str) -> str:
    """For example "6 hours" or "1 working day"."""
    return f"{amount} {_UNITS[unit]}{'' if amount == 1 else 's'}"


def terms_in_words(terms: dict[str, Any]) -> str:
    """For example "6 hours after the notice is sent" or "2 working days (US, America/New_York) after …"."""
    span = amount_in_words(terms["amount"], terms["unit"])
    if terms["unit"] == "working_days":
        part = f"-{terms['subdivision']}" if terms.get("subdivision") else ""
        span += f" ({terms['country']}{part}, {terms['time_zone']})"
    words = f"{span} after {_STARTS[terms['starts_on']]}"
    if terms.get("begins") == "next_working_day":
        words += ", starting on the next working day"
    if terms.get("cut_off"):
        words += f"; times after {terms['cut_off']} count as the next working day"
    if terms["starts_on"] != "sent":
        words += (
            f"; the clock starts no later than {amount_in_words(terms['start_latest_hours'], 'hours')} after sending"
        )
    return words


def terms_of_v1(terms: dict[str, Any]) -> dict[str, Any]:
    """Terms as version 1 of the API answers them: also under the names that it had first."""
    names = {"looks_needed": "checks_needed", "looks_apart_seconds": "check_interval_seconds"}
    also: dict[str, Any] = {old: terms[new] for old, new in names.items() if new in terms}
    if isinstance(steps := terms.get("steps"), list):
        also["steps"] = [{**step, "rung": step["step"]} if "step" in step else step for step in steps]
    return {**terms, **also}
