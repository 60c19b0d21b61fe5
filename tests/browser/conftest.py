"""A real Chromium against a real server with a populated world; without a Chromium these tests are skipped, with CI=true they fail."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from portal.models import Organisation, User
from tests.factories import PASSWORD
from tests.world import PopulatedSite, build_populated_site

CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
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


class Visit:
    """A page of one signed-in person that remembers every complaint of the browser."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _note(self, error: Error) -> None:
        self.complaints.append(str(error))

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visit]]:
    """`visit(person, width=390, dark=True)`: sign in through the form and give a page of that size."""
    contexts: list[BrowserContext] = []

    def enter(person: User, *, width: int = 1440, dark: bool = False) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        seen = Visit(context.new_page(), live_server.url)
        page = seen.open("/sign-in/")
        page.fill("#id_username", person.email)
        page.fill("#id_password", PASSWORD)
        page.click("button:has-text('Sign in')")
        page.wait_for_selector("text=Sign out")
        return seen

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def populated_site(
    regulator: Organisation, platform_a: Organisation, officer: User, moderator_a: User, manager_a: User
) -> PopulatedSite:
    return build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
