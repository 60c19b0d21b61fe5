"""One JSON value at a time: a bad value costs only its own row."""

import json
from decimal import Decimal
from typing import Any

from listings.ingest.outcome import Complaint, Row

MAX_DIGITS = 40
MAX_KEYS = 300
NOT_JSON = "not JSON"


class _NoNumber(ValueError):
    """NaN or Infinity, which are not JSON."""


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits  # more digits are an id or nonsense, not a number


def _constant(name: str) -> Any:
    raise _NoNumber(f"{name} is not a JSON value: write null")


_decode = json.JSONDecoder(parse_int=_integer, parse_float=Decimal, parse_constant=_constant).decode


def row_of(text: str) -> Row | Complaint:
    """The object in a text, or why there is none. Numbers stay exact (Decimal)."""
    try:
        row = _decode(text)
    except json.JSONDecodeError as error:
        return Complaint(f"not JSON: {error.msg} at column {error.colno}; write one object per line", NOT_JSON)
    except RecursionError:
        return Complaint("nested too deeply: write each listing as one flat object", NOT_JSON)
    except (ValueError, ArithmeticError) as error:  # _NoNumber among them
        return Complaint(f"not JSON: {str(error)[:100]}", NOT_JSON)
    if not isinstance(row, dict):
        return Complaint('not an object: write each listing as {"id": …, "title": …}', "not an object")
    if len(row) > MAX_KEYS:
        return Complaint(
            f"the object has {len(row):,} keys; the maximum is {MAX_KEYS}: remove unused keys", "too many keys"
        )
    return row
