"""The token of a mailed link: its number and a code that only this installation can make, compared in constant time.

No table holds a token: it is made of the row and SECRET_KEY as it leaves, and made again to compare it.
"""

import re

from django.utils.crypto import constant_time_compare, salted_hmac

ACCOUNT, SELLER = "", "seller"
"""Kinds of links. A token of one kind opens nothing of another."""

_SALT = "portal.identity.account_links"
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{64})")


def token_for(number: int, nonce: str, *, kind: str = ACCOUNT) -> str:
    """What the link of that kind and number, made with that nonce, is opened by."""
    salt = f"{_SALT}.{kind}" if kind else _SALT
    return f"{number}-{salted_hmac(salt, f'{number}:{nonce}', algorithm='sha256').hexdigest()}"


def number_in(token: str) -> int | None:
    """The number that a token claims to have; None where it is none of ours by its shape."""
    found = _TOKEN.fullmatch(token)
    return int(found[1]) if found else None


def fits(token: str, nonce: str, *, kind: str = ACCOUNT) -> bool:
    """Whether we made this token for that nonce, as one of that kind."""
    number = number_in(token)
    return number is not None and constant_time_compare(token, token_for(number, nonce, kind=kind))
