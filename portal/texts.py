"""What a request may carry as text and as the number of a row. Knows nothing of Django."""

import re

LARGEST_KEY = 2**63 - 1  # of PostgreSQL's bigint
_MAX_DIGITS = len(str(LARGEST_KEY))
_NOT_STORED = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether there are bytes for it: PostgreSQL has none for a NUL, UTF-8 none for half of a surrogate pair."""
    return _NOT_STORED.search(text) is None


def key_in(text: str) -> int | None:
    """The primary key that a form or an address names; None where it is none that a row can have.

    `²` and `٣` are digits to Python but no key, and a number of 5,000 digits is not even converted.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        return None
    return number if (number := int(text)) <= LARGEST_KEY else None
