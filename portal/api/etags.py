"""ETags: which state of an object an answer shows, and calls that are made only while it is still that one."""

import hashlib
import re
from typing import Any

from rest_framework.request import Request

from portal.api.problems import CallRefused
from portal.api.renderers import SpelledJSONRenderer

_ONE = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')


def etag_of(data: Any) -> str:
    """The ETag of an object, of what the API shows of it in full."""
    return f'"{hashlib.sha256(SpelledJSONRenderer().render(data)).hexdigest()[:32]}"'


def require_match(request: Request, current: str, *, by_name: bool = False) -> None:
    """Refuse a call whose If-Match does not name `current` (412), or names nothing that is an ETag (400). `by_name`: one
    without If-Match, or with an asterisk, which names no state, is refused as well (428, RFC 6585)."""
    given = request.headers.get("If-Match", "").strip()
    if by_name and given in {"", "*"}:
        detail = "Send If-Match with the ETag of what was read. Nothing was changed."
        raise CallRefused("precondition_required", detail)
    if given == "*" or current in _read(given, "If-Match"):
        return
    raise CallRefused("precondition_failed", "The object has changed since you fetched it. Nothing was changed.")


def is_known(request: Request, current: str) -> bool:
    """Whether the caller has this state already (If-None-Match); a header that cannot be read counts for nothing."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or current in _ONE.findall(given)


def _read(given: str, header: str) -> list[str]:
    if not (found := _ONE.findall(given)):
        raise CallRefused("bad_header", f'{header} must be * or ETags as they came, in quotes: "0123abcd".')
    return found
