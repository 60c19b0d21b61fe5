"""Answers the requests of a page with the product's HTTP client: public addresses only, limits for every size.

The browser has no network of its own: its proxy does not exist and it resolves no name. What is not answered here, such as
web sockets, fails. Each connection is checked where it is made, so a name that changes its mind gains nothing.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from portal.http.client import Answer, NoAnswer, ask

MAX_REQUESTS, MAX_NAVIGATIONS = 200, 8
MAX_ANSWER, MAX_ALL = 4_000_000, 20_000_000  # bytes of one answer, of all
MAX_REDIRECTS = 5
AT_ONCE = 6
SHOWN = frozenset({"document", "stylesheet", "image", "script", "xhr", "fetch", "other", "font"})
SENT = ("accept", "accept-language", "content-type", "origin", "referer", "x-requested-with")
# The answer is unpacked and whole; nothing of it is kept for later, or saved.
_LEFT_OUT = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie",
                       "content-disposition", "strict-transport-security", "alt-svc"})  # fmt: skip


@dataclass
class Spent:
    """What the page has used so far."""

    requests: int = 0
    navigations: int = 0
    size: int = 0
    refused: int = 0
    answered: int | None = None  # the status of the page's newest document


class Network:
    """The network that a page sees, with `first` as the page's own answer. Other sites only get GET requests."""

    def __init__(self, first: Answer, *, seconds: float) -> None:
        self.spent, self.seconds = Spent(answered=first.status), seconds
        self._first: Answer | None = first
        self._page = first.url
        self._threads = ThreadPoolExecutor(AT_ONCE)
        self.waiting = 0

    async def answer(self, route: Any) -> None:
        """Answer one request of the browser, or refuse it. Never raises: the page may be gone already."""
        self.waiting += 1
        try:
            found = await self._found(route.request)
            if found is None:
                self.spent.refused += 1
                await route.abort("blockedbyclient")
            else:
                await route.fulfill(status=found.status, headers=_passed_on(found.headers), body=found.body)
        except Exception:  # noqa: BLE001  Playwright's are known only where it is installed
            self.spent.refused += 1
        finally:
            self.waiting -= 1

    async def _found(self, request: Any) -> Answer | None:
        is_page = request.is_navigation_request() and request.frame.parent_frame is None
        if is_page and self._first is not None and request.method == "GET":
            found, self._first = self._first, None
            return found
        spent = self.spent
        spent.requests += 1
        spent.navigations += is_page
        if spent.requests > MAX_REQUESTS or spent.navigations > MAX_NAVIGATIONS or spent.size > MAX_ALL:
            return None
        if request.resource_type not in SHOWN or request.method not in {"GET", "POST"}:
            return None
        content = request.post_data_buffer if request.method == "POST" else None
        if request.method == "POST" and not is_own(request.url, page=self._page):
            return None
        headers = {name: value for name, value in request.headers.items() if name in SENT}
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self._threads, self._ask, request.url, headers, content
            )
        except NoAnswer:
            return None
        spent.size += len(found.body)
        if is_page:
            spent.answered = found.status
        return found

    def _ask(self, url: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        return ask(
            url,
            seconds=self.seconds,
            max_bytes=MAX_ANSWER,
            headers=headers,
            content=content,
            max_redirects=0 if content is not None else MAX_REDIRECTS,
        )


def _passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in _LEFT_OUT and value.isprintable()}


def is_own(url: str, *, page: str) -> bool:
    """Whether an address is on the page's own host or below it, as a shop's API is."""
    host, own = ((urlsplit(each).hostname or "") for each in (url, page))
    own = own.removeprefix("www.")
    return bool(own) and (host == own or host.endswith(f".{own}"))
