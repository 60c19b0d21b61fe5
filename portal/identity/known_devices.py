"""A browser in which someone signed in before keeps a mark of it: strangers' guesses do not lock it out.

The mark opens nothing: it lets someone try, with a count of its own. It is signed, and good for its accounts alone.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "offshelf_device"
KEPT = timedelta(days=180)
MAX_ACCOUNTS = 5  # of one browser
_SALT = "portal.identity.known_devices"


def device_for(account: str, request: HttpRequest) -> str:
    """The name of the device that `account` signed in from before, if this request comes from one; else empty."""
    return str(_marks(request).get(_short(account), ""))


def mark_device(account: str, request: HttpRequest, response: HttpResponse) -> None:
    """`account` has just signed in here."""
    marks = _marks(request)
    known = marks.pop(_short(account), None) or secrets.token_urlsafe(12)
    newest = dict(list(marks.items())[-(MAX_ACCOUNTS - 1) :]) | {_short(account): known}
    response.set_cookie(
        COOKIE,
        signing.dumps(newest, salt=_SALT),
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/sign-in/",
    )


def _marks(request: HttpRequest) -> dict[str, Any]:
    try:
        marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        return {}
    return marks if isinstance(marks, dict) else {}


def _short(account: str) -> str:
    return hashlib.sha256(account.encode(errors="surrogatepass")).hexdigest()[:16]
