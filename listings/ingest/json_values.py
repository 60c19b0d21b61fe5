"""One JSON value at a time: what a stranger wrote costs its own row, whatever it is."""

import json
from decimal import Decimal
from typing import Any

from listings.ingest.outcome import Complaint, Row

MAX_DIGITS = 40
MAX_KEYS = 300
NOT_JSON = "not JSON"


class _NoNumber(ValueError):
    """NaN or Infinity, which JSON does not know."""


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits  # more digits are an id or nonsense, no number


def _constant(name: str) -> Any:
    raise _NoNumber(f"{name} is no JSON value: write null")


def row_of(text: str) -> Row | Complaint:
    """The object that a text is, or why it is none. Numbers stay exact (Decimal)."""
    try:
        row = json.loads(text, parse_int=_integer, parse_float=Decimal, parse_constant=_constant)
    except json.JSONDecodeError as error:
        return Complaint(f"not JSON: {error.msg} at column {error.colno}; write one object a line", NOT_JSON)
    except RecursionError:
        return Complaint("nested too deeply: a listing is one flat object", NOT_JSON)
    except (ValueError, ArithmeticError) as error:  # _NoNumber among them
        return Complaint(f"not JSON: {str(error)[:100]}", NOT_JSON)
    if not isinstance(row, dict):
        return Complaint(f"a {type(row).__name__}; one object was expected", "not an object")
    if len(row) > MAX_KEYS:
        return Complaint(f"{len(row):,} keys; {MAX_KEYS} are the most that is read", "too many keys")
    return row
