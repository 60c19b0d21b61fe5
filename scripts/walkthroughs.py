#!/usr/bin/env python
"""Walk three visitors' first tasks in a real browser, and take the pictures of docs/walkthroughs.md and the README.

A regulator publishes and sends a recall and follows it to "all gone"; a moderator clears at least 20 flags by keyboard
alone; an admin finds out why a listing was removed late and exports the proof. It starts a demo of its own on free
ports, uses nothing but what the pages show, and stops with one sentence where a step cannot be done.

    make walkthroughs
    .venv/bin/python scripts/walkthroughs.py --pictures /tmp/pictures    leave the docs as they are

It needs a Chromium (or CHROMIUM=/path/to/it) and takes about two minutes.
exit status: 0 every step was done, 1 one could not be, 2 the command line is wrong
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402  the path is set first
from playwright.sync_api import Browser, Error, sync_playwright  # noqa: E402
from walkthrough import words  # noqa: E402
from walkthrough.site_setup import KETTLE, LATE_LISTING, LATE_RECALL, OTHERS, SHORT, SiteSetup  # noqa: E402
from walkthrough.tasks import (  # noqa: E402
    Cleared,
    clear,
    clear_by_keyboard,
    find_late_reason,
    follow_to_all_gone,
    prove_the_log,
    publish_and_send,
)
from walkthrough.visitor import NARROW, WIDE, Visitor, open_chromium  # noqa: E402

from portal.demo.browser import StepFailed  # noqa: E402
from portal.demo.check import instance  # noqa: E402

PAGE = ROOT / "docs" / "walkthroughs.md"
MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- end -->)", re.DOTALL)
PEOPLE = {
    "Ada": "ada@commission.example",
    "Tomas": "tomas@commission.example",
    "Nia": "nia@bazaarly.example",
    "Omar": "omar@bazaarly.example",
    "Ines": "ines@commission.example",
}
README_SIZE, README_PHONE = (1440, 900), (390, 1500)
AT_LEAST = 20


class Walkthroughs:
    """The order of the three tasks on one stage, and who comes in when."""

    def __init__(self, browser: Browser, base: str, setup: SiteSetup, home: Path, pictures: Path, readme: Path) -> None:
        self.browser, self.base, self.setup, self.home = browser, base, setup, home
        self.pictures, self.readme = pictures, readme

    def enter(self, who: str, *, size: tuple[int, int] = WIDE, dark: bool = False, readme: bool = False) -> Visitor:
        """Somebody opens a browser of their own and signs in."""
        folder = self.readme if readme else self.pictures
        person = Visitor(self.browser, self.base, who, folder, size=size, dark=dark)
        person.sign_in(PEOPLE[who], self.setup.password)
        return person

    def walk(self) -> Cleared:
        self._say("the stage: policies, listings on sale, recalls sent, one deadline missed")
        officer = self._set_up_site()
        self._say("a moderator clears the queue by keyboard alone")
        for name, size, dark, readme in (
            ("queue", README_SIZE, False, True),
            ("queue-narrow-dark", README_PHONE, True, True),
            ("moderator-09-phone", NARROW, True, False),
        ):
            person = self.enter("Nia", size=size, dark=dark, readme=readme)
            person.go_to(words.QUEUE)
            person.picture(name)
        moderator = Visitor(self.browser, self.base, "Nia", self.pictures)
        cleared = clear_by_keyboard(moderator, self.setup, PEOPLE["Nia"], at_least=AT_LEAST)
        self._say(cleared.detail())
        self._say("a regulator publishes a recall, sends it, and follows it until all is gone")
        publish_and_send(officer, self.enter("Tomas"))
        moderator.wait_until("the new recall's flags", lambda: moderator.sees(KETTLE["number"]))
        clear(moderator, self.setup, Cleared(pictures=False, decided=set(cleared.decided)))
        follow_to_all_gone(officer, self.enter("Ada", size=NARROW, dark=True))
        self._say("an admin finds out why a listing was removed late, and exports the proof")
        admin = self.enter("Ines")
        find_late_reason(admin, self.home)
        prove_the_log(admin, self.home)
        self._say("the README's pictures")
        self._readme()
        return cleared

    def _set_up_site(self) -> Visitor:
        """The people who know the product do their part; the officer stays at her board."""
        self.setup.make_policies(self.enter("Ines"))
        self.setup.sell(self.enter("Omar"))
        officer = self.enter("Ada")
        self.setup.send(officer, OTHERS, "China: 24 hours")
        self.setup.send(officer, (LATE_RECALL,), SHORT)
        officer.go_to(words.TAKEDOWNS)
        officer.write(words.FIND_TAKEDOWN, LATE_LISTING)
        officer.press(words.APPLY)
        row = officer.page.get_by_role("row").filter(has_text=LATE_LISTING).first
        officer.wait_until("the deadline to be missed", lambda: row.count() and words.MISSED.search(row.inner_text()))
        officer.go_to(words.BOARD)
        return officer

    def _readme(self) -> None:
        officer = self.enter("Ada", size=README_SIZE, readme=True)
        officer.go_to(words.BOARD)
        officer.picture("board")
        admin = self.enter("Ines", size=README_SIZE, readme=True)
        admin.write(words.SEARCH, LATE_LISTING)
        admin.page.keyboard.press("Enter")
        admin.follow(words.FLAG_LINK)
        admin.follow(words.PROOF_LINK)
        admin.picture("takedown")
        admin.go_to(words.AUDIT)
        admin.picture("audit")

    def _say(self, line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def keep_what_was_seen(browser: Browser, folder: Path) -> None:
    """Pictures of the pages that are open when a step fails."""
    for number, context in enumerate(browser.contexts):
        for page in context.pages:
            page.screenshot(path=folder / f"failed-{number}.png", full_page=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="put all pictures there and change nothing in docs/"
    )
    parser.add_argument("--keep", action="store_true", help="keep the demo's data and logs, and say where they are")
    options = parser.parse_args()
    started, home = time.monotonic(), Path(tempfile.mkdtemp(prefix="offshelf-walk-"))
    pictures = options.pictures or ROOT / "docs" / "pictures" / "walkthroughs"
    readme = options.pictures or ROOT / "docs" / "pictures"
    try:
        with instance(home / "demo", None, None) as (base, shop), sync_playwright() as playwright:
            browser = open_chromium(playwright)
            try:
                cleared = Walkthroughs(browser, base, SiteSetup(home / "demo", shop), home, pictures, readme).walk()
            except (StepFailed, Error):
                keep_what_was_seen(browser, home)
                options.keep = True
                raise
            browser.close()
    except (StepFailed, Error, httpx.HTTPError) as failure:
        sys.stderr.write(f"A step could not be done. {failure}\n")
        return 1
    finally:
        if options.keep:
            sys.stdout.write(f"Kept: {home}\n")
        else:
            shutil.rmtree(home, ignore_errors=True)
    if not options.pictures:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(
            MEASURED.sub(lambda found: f"{found[1]}{cleared.detail()}.\n{found[2]}", text), encoding="utf-8"
        )
    sys.stdout.write(f"Every step was done, in {time.monotonic() - started:.0f} s.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
