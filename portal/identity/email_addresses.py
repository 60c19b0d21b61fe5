"""E-mail addresses as one writes them and as they are meant."""

import unicodedata

MAX_LENGTH = 254  # RFC 5321


def normal(address: str | None) -> str:
    """The one way to write an address: no blanks around it, full-width letters and the like as plain ones, no case.

    Accounts are kept and found by it, and tries to sign in are counted by it, so no spelling gets tries of its own.
    """
    plain = unicodedata.normalize("NFKC", (address or "").strip()).casefold()
    return unicodedata.normalize("NFKC", plain).strip()[:MAX_LENGTH]
