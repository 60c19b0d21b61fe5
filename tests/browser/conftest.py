"""A real Chromium against a real server with a populated world; without a Chromium these tests are skipped, with CI=true they fail."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from portal.models import User

# The first is the same engine without the windows of a desktop, which nobody sees and which take a third of its time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--max-optimized-bytecode-size=0",  # no page lives long enough to be worth compiling its scripts twice
]
SLOWDOWN = float(os.environ.get("SLOW_BROWSER", "1"))
"""How many times slower than this machine's the processor is that pages of `visit` are given."""
MAX_WAIT = 30_000  # milliseconds for what a page does after an act; a test that waits as long has failed
expect.set_options(timeout=MAX_WAIT)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """It is closed before the database is dropped, which a connection that it keeps to the server would hold up."""
    if CHROMIUM is None:
        detail = "There is no Chromium: on Debian run 'apt-get install chromium', or set CHROMIUM=/path/to/it."
        if os.environ.get("CI") == "true":
            pytest.fail(detail)
        pytest.skip(detail)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Connections:
    """Those of browsers to a live server: counted from when one is accepted until its thread has ended."""

    def __init__(self, server: Any) -> None:
        self._open, self._changed = 0, threading.Condition()
        accept, attend = server.process_request, server.process_request_thread

        def accepted(*of: object) -> None:
            self._count(1)
            accept(*of)

        def attended(*of: object) -> None:
            try:
                attend(*of)
            finally:
                self._count(-1)

        server.process_request, server.process_request_thread = accepted, attended

    def _count(self, more: int) -> None:
        with self._changed:
            self._open += more
            self._changed.notify_all()

    def wait_for_end(self, seconds: float = 30.0) -> None:
        with self._changed:
            ended = self._changed.wait_for(lambda: self._open == 0, seconds)
            assert ended, (
                f"{self._open} connections are still open {seconds:.0f} seconds after their browsers were closed."
            )


@cache
def connections_of(server: Any) -> Connections:
    return Connections(server)


@pytest.fixture
def live_server(live_server: LiveServer, transactional_db: None) -> Iterator[LiveServer]:
    """What a page asked for by itself, and its browser no longer waits for, is answered before the tables are emptied.

    Whatever opens a browser asks for this fixture first, and so has closed it by then.
    """
    connections = connections_of(live_server.thread.httpd)
    yield live_server
    connections.wait_for_end()


class Visit:
    """A page of one signed-in person that remembers every complaint of the browser."""

    def __init__(self, page: Page, base: str) -> None:
        self.base = base
        self.answer: Response | None = None
        self.complaints: list[str] = []
        self.page = self._heard(page)

    def _heard(self, page: Page) -> Page:
        if SLOWDOWN > 1:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        page.on("console", self._hear)
        page.on("pageerror", self._note)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _note(self, error: Error) -> None:
        self.complaints.append(str(error))

    def open(self, path: str) -> Page:
        self.answer = self.page.goto(f"{self.base}{path}")
        return self.page

    def start_again(self) -> None:
        """Leave the page, wherever it is on its way to, for an empty one."""
        context = self.page.context
        self.page.close()
        self.page = self._heard(context.new_page())

    @property
    def served(self) -> str:
        """The page that was opened, as the server wrote it."""
        return self.answer.text() if self.answer else ""


@pytest.fixture
def visit(
    chromium: Browser, live_server: LiveServer, sign_in: Callable[[User], Client]
) -> Iterator[Callable[..., Visit]]:
    """`visit(person, width=390, dark=True)`: a page of that size in which the person is signed in; with `scripts=False` it
    runs no JavaScript.

    The session is given to the browser: that the form makes one is tested where it is filled in.
    """
    contexts: list[BrowserContext] = []

    def enter(person: User, *, width: int = 1440, dark: bool = False, scripts: bool = True) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(MAX_WAIT)
        contexts.append(context)
        session = sign_in(person).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return Visit(context.new_page(), live_server.url)

    yield enter
    for context in contexts:
        context.close()
