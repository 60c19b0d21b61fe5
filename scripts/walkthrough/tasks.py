"""Three visitors' first tasks, step by step, by what the pages show. docs/walkthroughs.md tells the same in words."""

import os
import re
import statistics
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error

from portal.demo.browser import StepFailed, expect
from walkthrough import words
from walkthrough.site_setup import KETTLE, LATE_LISTING, SIX_HOURS, SiteSetup
from walkthrough.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
NOTHING_PRESSED = "() => Number(localStorage.getItem('pointer-used') || 0)"
ANOTHER_FLAG = "before => document.readyState === 'complete' && (document.title.match(/\\d+/) || [''])[0] !== before"
"""In the browser: whether the title names another flag than before, or none, as it does when the queue is clear."""
WHILE_IT_READS = 2_000  # milliseconds in which the editor reads what was written
MAX_TABS = 40
COUNT_POINTER = "addEventListener('pointerdown', () => localStorage.setItem('pointer-used', 1), true)"


def publish_and_send(officer: Visitor, second: Visitor) -> None:
    """The regulator writes a recall, a second person publishes it, and the first one sends it."""
    officer.picture("regulator-01-board", ring=officer.in_navigation(words.RECALLS))
    officer.go_to(words.RECALLS)
    officer.picture("regulator-02-recalls", ring=officer.button(words.WRITE_RECALL))
    officer.press(words.WRITE_RECALL)
    for label, key in (
        (words.NUMBER, "number"),
        (words.TITLE, "title"),
        (words.DESCRIPTION, "description"),
        (words.HAZARD, "hazard"),
        (words.REMEDY, "remedy"),
    ):
        officer.write(label, KETTLE[key])
    officer.choose(words.PRIORITY, "Urgent")
    officer.page.wait_for_timeout(WHILE_IT_READS)
    officer.picture("regulator-03-write", ring=officer.field(words.DESCRIPTION))
    for label, key in ((words.PRODUCT, "product"), (words.BRAND, "brand"), (words.MODELS, "model")):
        officer.write(label, KETTLE[key])
    officer.page.wait_for_timeout(WHILE_IT_READS)
    officer.picture("regulator-04-product", ring=officer.button(words.SAVE))
    officer.press(words.SAVE)
    officer.must_see("draft", "the recall is not saved as a draft")
    officer.picture("regulator-05-draft", ring=officer.button(words.TO_REVIEW))
    officer.press(words.TO_REVIEW)
    officer.must_see("in review", "the recall is not in review")
    officer.picture("regulator-06-review")
    second.go_to(words.RECALLS)
    second.choose(words.STATUS, "In review")
    second.press(words.APPLY)
    second.press(KETTLE["number"])
    second.picture("regulator-07-second", ring=second.button(words.PUBLISH))
    second.press(words.PUBLISH)
    second.picture("regulator-08-publish", ring=second.button(words.PUBLISH))
    second.press(words.PUBLISH)
    second.must_see("is published now", "the recall is not published")
    officer.page.reload()
    officer.picture("regulator-09-published", ring=officer.button(words.SEND_RECALL))
    officer.press(words.SEND_RECALL)
    officer.tick(words.named("^bazaarly"))
    officer.choose(words.POLICY, SIX_HOURS)
    officer.picture("regulator-10-send", ring=officer.button(words.SEND_NOTICES))
    officer.press(words.SEND_NOTICES)
    officer.picture("regulator-11-preview", ring=officer.button(words.YES_SEND))
    officer.press(words.YES_SEND)
    officer.wait_until("the matching", lambda: officer.sees(words.MATCHED), reload=False)
    officer.picture("regulator-12-sent", ring=officer.button(words.FLAGS_FOUND))
    officer.press(words.FLAGS_FOUND)
    officer.must_see("Kettlewright", "the list does not name the listings that were found")
    officer.picture("regulator-13-found")


def follow_to_all_gone(officer: Visitor, phone: Visitor) -> None:
    """The regulator looks at the board until nothing of the recall is on sale any more."""
    for person in (officer, phone):
        person.go_to(words.BOARD)
        if person.field(words.FIND_RECALL).count():
            person.write(words.FIND_RECALL, KETTLE["number"])
            person.press(words.APPLY)

    def row() -> str:
        return officer.page.get_by_role("row").filter(has_text=KETTLE["number"]).first.inner_text()

    officer.wait_until("the board to say that nothing is open", lambda: re.search("nothing open|all gone", row(), re.I))
    officer.picture(
        "regulator-14-all-gone", ring=officer.page.get_by_role("row").filter(has_text=KETTLE["number"]).first
    )
    officer.press(KETTLE["number"])
    expect(
        len(re.findall("removal confirmed", officer.text(), re.I)) >= 2,
        f"{officer.who}: the listings are not shown as removed",
    )
    officer.picture("regulator-15-proved")
    phone.page.reload()
    phone.picture("regulator-16-phone")


@dataclass
class Cleared:
    """How long each flag took: from the page being shown to the next one being shown, its decision accepted."""

    pictures: bool = True
    seconds: list[float] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    decided: set[str] = field(default_factory=set)

    def detail(self) -> str:
        each = sorted(self.seconds)
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        return f"{len(each)} flags by keyboard: {kinds}; seconds a flag: median {statistics.median(each):.2f}, slowest {each[-1]:.2f}"


def clear_by_keyboard(moderator: Visitor, setup: SiteSetup, mail: str, *, at_least: int) -> Cleared:
    """The moderator signs in and clears the queue; the mouse is never touched, and the browser is asked whether it was."""
    page, keys, done = moderator.page, moderator.page.keyboard, Cleared()
    moderator.context.add_init_script(COUNT_POINTER)
    page.bring_to_front()  # a page behind others is not drawn, and gets no focus of its own
    page.goto(moderator.base)
    # From the start, but a slow machine may be late with it.
    page.wait_for_function("() => document.activeElement?.tagName === 'INPUT'", polling=200)
    keys.type(mail)
    keys.press("Tab")
    keys.type(setup.password)
    moderator.picture("moderator-01-sign-in")
    keys.press("Enter")
    moderator.wait_until("the first page", lambda: moderator.sees(words.FIRST_STEPS), reload=False)
    moderator.picture("moderator-01-first-steps")
    tab_to(moderator, words.QUEUE)
    moderator.wait_until("the queue", lambda: moderator.sees("to decide"), reload=False)
    moderator.picture("moderator-02-queue")
    keys.press("?")
    page.get_by_role("dialog", name=words.SHORTCUTS).wait_for()
    moderator.picture("moderator-03-shortcuts")
    keys.press("Escape")
    clear(moderator, setup, done)
    moderator.picture("moderator-08-done")
    expect(len(done.seconds) >= at_least, f"only {len(done.seconds)} flags were in the queue, not {at_least}")
    expect(page.evaluate(NOTHING_PRESSED) == 0, f"{moderator.who} used the mouse")
    return done


def tab_to(person: Visitor, name: re.Pattern[str]) -> None:
    """Go from link to link by Tab until the focus is on the one called so, and press Enter."""
    page = person.page
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if name.search(page.evaluate("() => document.activeElement.innerText || ''")):
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise StepFailed(f"{person.who}: {MAX_TABS} times Tab did not lead to “{name.pattern}” on “{page.title()}”")


def clear(moderator: Visitor, setup: SiteSetup, done: Cleared) -> None:
    """Decide every flag of the view once; those that then wait for somebody else's answer stay in it."""
    page = moderator.page
    while not words.QUEUE_CLEAR.search(moderator.heading()):
        if (number := _flag(moderator)) not in done.decided:
            decide_one(moderator, setup, done)
            done.decided.add(number)
        elif page.get_by_role("link", name=words.NEXT).count():
            page.keyboard.press(words.KEY_NEXT)
            page.wait_for_function(ANOTHER_FLAG, arg=number)
        else:
            break


def _flag(moderator: Visitor) -> str:
    found = words.FLAG_IN_TITLE.search(moderator.page.title())
    if not found:
        raise StepFailed(f"{moderator.who}: no flag is shown, but “{moderator.heading()}”")
    return found[1]


def decide_one(moderator: Visitor, setup: SiteSetup, done: Cleared) -> None:
    """Read the flag on the page, decide it, and see the next one."""
    page, keys = moderator.page, moderator.page.keyboard
    began, before, heading = time.monotonic(), _flag(moderator), moderator.heading()
    if moderator.sees(words.CANNOT_TELL):
        kind, picture = "seller asked", "moderator-07-ask"
        keys.press(words.KEY_ASK)
    elif heading.startswith("Toy model"):
        kind, picture = "not the product", "moderator-06-not-the-product"
        keys.press(words.KEY_NOT_PRODUCT)
        keys.press(words.KEY_REASON)
        keys.type(words.OF_A_REASON)
        page.get_by_role("listbox").wait_for()
        keys.press("Enter")
        keys.press("Escape")
        keys.press(words.KEY_NOTE)
        keys.type("A toy, not the saw.")
        keys.press("Escape")
    else:
        kind, picture = "removed", "moderator-04-removed"
        keys.press(words.KEY_REMOVED)
        setup.take_down(_listing(moderator))
    paused = _picture_once(moderator, picture, done.pictures and kind not in done.kinds)
    keys.press(words.KEY_DECIDE)
    try:
        page.wait_for_function(ANOTHER_FLAG, arg=before)
    except Error:
        alert = page.get_by_role("alert")
        reason = alert.first.inner_text() if alert.count() else "nothing happened"
        raise StepFailed(f"{moderator.who}: the decision on “{heading}” was not accepted: {reason}") from None
    done.seconds.append(time.monotonic() - began - paused)
    done.kinds[kind] = done.kinds.get(kind, 0) + 1
    if len(done.seconds) == 1:
        told = words.named(f"flag {before}: ")
        moderator.wait_until("the page to say what was decided", lambda: moderator.sees(told), reload=False)
    _picture_once(moderator, "moderator-05-next", done.pictures and len(done.seconds) == 1)


def _listing(moderator: Visitor) -> str:
    found = re.search(r"\b(BZ-\d+): ", moderator.text())
    if not found:
        raise StepFailed(f"{moderator.who}: the page does not name the listing's id")
    return found[1]


def _picture_once(person: Visitor, name: str, wanted: bool) -> float:
    began = time.monotonic()
    if wanted:
        person.picture(name)
    return time.monotonic() - began


def find_late_reason(admin: Visitor, folder: Path) -> None:
    """The admin finds out why a listing was removed late, and takes the proof away."""
    admin.write(words.SEARCH, LATE_LISTING)
    admin.picture("admin-01-search", ring=admin.field(words.SEARCH))
    admin.page.keyboard.press("Enter")
    admin.page.wait_for_load_state()
    admin.picture("admin-02-found", ring=admin.link(words.FLAG_LINK))
    admin.follow(words.FLAG_LINK)
    admin.must_see(words.LATE, "the flag does not say that it was late")
    admin.picture("admin-03-flag", ring=admin.link(words.PROOF_LINK))
    admin.follow(words.PROOF_LINK)
    admin.must_see(words.MISSED, "the ladder does not show the missed deadline")
    admin.must_see("the removal was confirmed", "the takedown does not say when the removal was proved")
    admin.picture("admin-04-why", ring=admin.page.get_by_text(words.named("the clock started")).first)
    admin.picture("admin-05-history", ring=admin.page.get_by_text(words.named("claimed the removal")).first)
    admin.press(words.EVIDENCE_PACK)
    pack = take_away(admin, folder, "admin-06-made")
    check_pack(pack)
    show_summary(admin, pack, folder)


def take_away(admin: Visitor, folder: Path, picture: str) -> Path:
    """Wait for an export on its page, and save its file."""
    made = admin.link(words.DOWNLOAD)
    made.wait_for()
    admin.picture(picture, ring=made)
    with admin.page.expect_download() as started:
        made.click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def check_pack(pack: Path) -> None:
    """What a stranger to the installation does with the pack: it is checked from the file alone."""
    command = [sys.executable, str(ROOT / "manage.py"), "verify_pack", str(pack)]
    env = {
        **os.environ,
        "OFFSHELF_MODE": "test",
        "SECRET_KEY": "not needed for reading",
        "DATABASE_URL": "postgres://nowhere/none",
        "BROKER_URL": "redis://nowhere",
    }
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603
    expect("All checks passed." in done.stdout, f"verify_pack: {done.stdout[-500:]}{done.stderr[-500:]}")


def show_summary(admin: Visitor, pack: Path, folder: Path) -> None:
    """Open the summary in the pack, as somebody does who got it by mail."""
    with zipfile.ZipFile(pack) as opened:
        name = next(name for name in opened.namelist() if name.endswith("summary.html"))
        (folder / "summary.html").write_bytes(opened.read(name))
    page, admin.page = admin.page, admin.context.new_page()
    admin.page.goto((folder / "summary.html").as_uri())
    admin.must_see(LATE_LISTING, "the pack's summary does not name the listing")
    admin.picture("admin-07-pack")
    admin.page.close()
    admin.page = page


def prove_the_log(admin: Visitor, folder: Path) -> None:
    """The admin exports the flag's events from the audit log, and has the log's chain checked."""
    admin.follow(words.named(LATE_LISTING))
    admin.picture("admin-08-to-the-log", ring=admin.link(words.IN_THE_LOG))
    admin.follow(words.IN_THE_LOG)
    admin.picture("admin-09-events", ring=admin.button(words.EXPORT))
    admin.press(words.EXPORT)
    path = take_away(admin, folder, "admin-10-table")
    expect("flag.claimed_removed" in path.read_text(), "the exported events do not name the decision")
    admin.go_to(words.AUDIT)
    admin.press(words.VERIFY)
    admin.must_see(words.WHOLE, "the page does not say that the chain is whole")
    admin.picture("admin-11-whole", ring=admin.button(words.VERIFY))
