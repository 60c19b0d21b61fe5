"""Addresses as sellers write them: kept only if every later parser can read them."""

import re
from urllib.parse import urlsplit

import httpx

_SIMPLE = re.compile(
    r"https?://([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::(\d{1,5}))?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?", re.IGNORECASE
)
_NEXT = re.compile(r"(?<=[\s,;|])https?://", re.IGNORECASE)
MAX_LABEL = 63


def first_address(text: str) -> str:
    """The first of several addresses in one field, as shops list pictures."""
    text = text.strip()
    found = _NEXT.search(text)
    if found is None:
        return text
    end = found.start()
    while end and (text[end - 1] in ",;|" or text[end - 1].isspace()):
        end -= 1
    return text[:end]


def is_address(text: str) -> bool:
    """Whether this is an http or https address that urllib and httpx both read, with a host that can be looked up."""
    if (simple := _SIMPLE.fullmatch(text)) is not None and "xn--" not in simple[1].lower():
        return _is_host(simple[1]) and int(simple[2] or 0) < 65_536
    if any(letter.isspace() or letter in '\\<>"' or not letter.isprintable() for letter in text):
        return False
    try:
        parts = urlsplit(text)
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or parts.port == 0:
            return False
        url = httpx.URL(text)
        if not url.host:  # decodes punycode, and raises if it is invalid
            return False
        return _is_host(url.raw_host.decode("ascii")) or parts.hostname.count(":") > 1
    except (ValueError, UnicodeError, httpx.InvalidURL):
        return False


def _is_host(host: str) -> bool:
    return len(host) <= 253 and all(0 < len(label) <= MAX_LABEL for label in host.rstrip(".").split("."))
