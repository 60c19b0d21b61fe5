"""A newcomer at a real browser: finds things by what a page calls them, says what is missing, and takes pictures."""

import io
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Error, Locator, Page, Playwright, ViewportSize

from portal.demo.browser import StepFailed, expect
from walkthrough import words

PATIENCE = 90.0  # seconds that something due within seconds may take on a slow machine
WIDE, NARROW = (1280, 800), (390, 844)
MAX_BYTES = 80_000  # of one picture
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
Name = str | re.Pattern[str]


def open_chromium(playwright: Playwright) -> Browser:
    """The system's Chromium. Raises StepFailed where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise StepFailed("There is no Chromium: on Debian run 'apt-get install chromium', or set CHROMIUM=/path/to/it.")
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def keep_small(shot: bytes, path: Path, ring: tuple[int, int, int, int] | None = None) -> None:
    """Write a screenshot as a PNG of few colours, with a ring around what is to be pressed next."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    if ring:
        ImageDraw.Draw(image).rounded_rectangle(ring, radius=8, outline=(216, 57, 51), width=3)
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MAX_BYTES:
            break
    path.write_bytes(out.getvalue())


class Visitor:
    """One person who knows only what the pages show. Every failure is one sentence that names person, thing and page."""

    def __init__(self, browser: Browser, base: str, who: str, pictures: Path, *, size: tuple[int, int] = WIDE, dark: bool = False) -> None:  # fmt: skip
        self.who, self.base, self.pictures = who, base, pictures
        viewport = ViewportSize(width=size[0], height=size[1])
        self.context = browser.new_context(viewport=viewport, color_scheme="dark" if dark else "light")
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()

    def sign_in(self, mail: str, password: str) -> None:
        self.page.goto(self.base)
        self.write(words.MAIL, mail)
        self.write(words.PASSWORD, password)
        self.press(words.SIGN_IN)

    # What a person does

    def go_to(self, name: Name) -> None:
        """Follow a link of the main navigation; the menu that it is in is opened first."""
        self._act(self.in_navigation(name), "page in the navigation", name)

    def in_navigation(self, name: Name) -> Locator:
        """The link of an entry, in sight."""
        menu = self.page.get_by_role("button", name=words.MENU)
        if menu.count():  # a narrow screen has one button for all of it
            menu.click()
        entry = self.page.locator("a").filter(has_text=name)  # by its text: what a closed menu hides has no name
        link = self.page.locator("nav").first.locator(entry).first
        group = self.page.locator("nav details").filter(has=entry)
        if group.count() and not link.is_visible():
            group.locator("summary").click()
        return link

    def send(self, address: str, fields: dict[str, object]) -> None:
        """Send a form by hand, as who is signed in here, with the page's own token."""
        token = self.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        given: dict[str, str | float | bool] = {name: str(value) for name, value in fields.items()}
        given["csrfmiddlewaretoken"] = token
        url = urljoin(self.base, address)
        answer = self.page.request.post(url, form=given, headers={"Referer": url}, max_redirects=0)
        expect(answer.status == 302, f"{self.who}: {address} answered {answer.status}")

    def follow(self, name: Name) -> None:
        self._act(self.link(name), "link", name)

    def press(self, name: Name) -> None:
        self._act(self.button(name), "button", name)

    def write(self, label: Name, text: str) -> None:
        field = self.field(label)
        self._need(field, "field", label)
        field.fill(text)

    def choose(self, label: Name, option: str) -> None:
        """Choose the first option that begins with these words; a list of radio buttons serves as well."""
        field = self.field(label)
        self._need(field, "field", label)
        if field.evaluate("element => element.tagName") == "SELECT":
            texts = field.locator("option").all_inner_texts()
            found = next((text for text in texts if text.strip().startswith(option)), None)
            expect(found, f"{self._here()}: {_plain(label)} offers no {option}, only {', '.join(texts)}")
            field.select_option(label=found)
        else:
            self.tick(words.named(f"^{re.escape(option)}"))

    def tick(self, label: Name) -> None:
        found = self.page.get_by_role("checkbox", name=label).or_(self.page.get_by_role("radio", name=label))
        self._need(found.first, "box", label)
        found.first.check()

    def wait_until(self, what: str, ready: Callable[[], object], *, reload: bool = True) -> None:
        """Look again, as somebody who waits presses reload, until it is so."""
        until = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > until:
                raise StepFailed(f"{self._here()}: after {PATIENCE:.0f} s still waiting for {what}")
            time.sleep(0.5)
            if reload:
                self.page.reload()

    # What a person sees

    def link(self, name: Name) -> Locator:
        return self.page.get_by_role("link", name=name).filter(visible=True).first

    def button(self, name: Name) -> Locator:
        """A button, or a link that looks like one: a visitor cannot tell them apart."""
        main = self.page.locator("main")
        found = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name))
        return found.filter(visible=True).first

    def field(self, label: Name) -> Locator:
        return self.page.get_by_label(label).filter(visible=True).first

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def sees(self, pattern: Name) -> bool:
        return bool(
            words.named(pattern).search(self.text()) if isinstance(pattern, str) else pattern.search(self.text())
        )

    def must_see(self, pattern: Name, reason: str) -> None:
        expect(self.sees(pattern), f"{self._here()}: {reason} ({_plain(pattern)} is not on the page)")

    def picture(self, name: str, *, ring: Locator | None = None) -> None:
        """The window as it is now, scrolled so that what is to be pressed next is seen and ringed."""
        box = None
        if ring is not None:
            self._need(ring, "thing to point at", name)
            ring.scroll_into_view_if_needed()
            if found := ring.bounding_box():
                left, top = int(found["x"]) - 6, int(found["y"]) - 6
                box = (left, top, left + int(found["width"]) + 12, top + int(found["height"]) + 12)
        self.pictures.mkdir(parents=True, exist_ok=True)
        keep_small(self.page.screenshot(), self.pictures / f"{name}.png", box)

    # Inside

    def _act(self, thing: Locator, kind: str, name: Name) -> None:
        self._need(thing, kind, name)
        thing.first.click()
        self.page.wait_for_load_state()

    def _need(self, thing: Locator, kind: str, name: Name) -> None:
        try:
            thing.first.wait_for(state="visible", timeout=20_000)
        except Error:
            raise StepFailed(f"{self._here()}: there is no {kind} called {_plain(name)}") from None

    def _here(self) -> str:
        return f"{self.who} on “{self.page.title()}” ({self.page.url})"


def _plain(name: Name) -> str:
    return f"“{name.pattern if isinstance(name, re.Pattern) else name}”"
