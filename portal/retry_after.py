"""Retry-After: how long a server asks to wait (RFC 9110, 10.2.3). Knows nothing of Django."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds_in(header: str, now: datetime) -> float:
    """The seconds that it asks to wait from `now` on, given as a number or a date; 0 where it says nothing that can be read.

    Never negative; how much of it is honoured is for the caller to limit.
    """
    given = header.strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        at = parsedate_to_datetime(given)
    except (ValueError, OverflowError):
        return 0
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
