"""Where somebody goes on after signing in again, whose session had ended when they sent a form."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

Return = Callable[[Mapping[str, Any], QueryDict], str]
RETURNS: dict[str, Return] = {}
"""URL name of a form → the page that takes up what was chosen in it. Each app adds its own (registration.py)."""


def register(returns: Mapping[str, Return]) -> None:
    """Add the ways back of an app."""
    RETURNS.update(returns)


def sign_in_address(request: HttpRequest) -> str:
    """The sign-in page, and from there on: the address that was asked for, or the page whose form was sent."""
    return f"{reverse('portal:sign_in')}?{urlencode({'next': _after_sign_in(request)})}"


def _after_sign_in(request: HttpRequest) -> str:
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    match = request.resolver_match
    if match is not None and (back := RETURNS.get(match.view_name)) is not None:
        return back(match.kwargs, request.POST)
    return page_of_form(request) or reverse("portal:home")


def page_of_form(request: HttpRequest) -> str:
    """The page whose form was sent, with what its address asks for; empty where the browser does not say."""
    page = request.headers.get("Referer", "")
    if not page or not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return ""
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
