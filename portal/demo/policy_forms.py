"""The form of a policy as drills fill it in: in seconds, which the page offers nobody who begins a policy."""

from collections.abc import Sequence

Row = tuple[str, int, str]
"""What happens, after how many units of the policy, and on which side of the deadline: before, at or after."""


def policy_fields(
    name: str, amount: int, unit: str, rows: Sequence[Row], *, check_seconds: int, rescans: str, history_rescans: str
) -> dict[str, object]:
    """The fields to send to `/policies/add/`."""
    fields: dict[str, object] = {
        "name": name, "description": "A drill", "amount": amount, "unit": unit, "starts_on": "sent", "begins": "at_once",
        "country": "US", "time_zone": "UTC", "repeat_after": 0, "repeat_amount": 0,
        "start_latest_hours_0": 24, "start_latest_hours_1": "hours",
        "checks_needed": 2, "check_interval_seconds_0": check_seconds, "check_interval_seconds_1": "seconds",
        "rescans": rescans, "history_after": 1, "history_rescans": history_rescans, "is_active": "on",
        "steps-TOTAL_FORMS": len(rows), "steps-INITIAL_FORMS": 0,
    }  # fmt: skip
    for place, (kind, length, when) in enumerate(rows):
        step = {"kind": kind, "amount": length, "unit": unit, "when": when}
        fields |= {f"steps-{place}-{field}": value for field, value in step.items()}
    return fields
