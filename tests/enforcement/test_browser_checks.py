"""Pages that only scripts draw, seen in a real Chromium: what it may do, what a page that fights costs, and what it proves."""

import asyncio
import hashlib
import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
import time_machine
from django.conf import settings
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.async_api import async_playwright

from enforcement import services
from enforcement.checks.fetch import Capture
from enforcement.checks.rendering import process, program
from enforcement.checks.rendering.network import MAX_REQUESTS, is_own
from enforcement.models import CheckPlan, Observation, Takedown
from enforcement.rules.verdict import Answer, judge
from portal.background import queues
from portal.media.imaging import screenshot_type
from portal.models import Organisation, User
from tests.enforcement.shop import AnsweringShop, serving
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

BUILT_ONCE = True
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SHELL = "<!doctype html><html><head><title></title></head><body><div id='root'></div><script src='/app.js'></script></body></html>"
REMOVED = "<html><body><h1>This listing was removed</h1></body></html>"
HEATER = "Hearthline HL-200R ceramic tower heater 1500 W"
SEEN = {"browser": "Chromium 1, 1 requests, 0 refused"}
FIGHTS = """
const show = text => { document.getElementById('root').innerHTML = '<h1>' + text + '</h1>'; };
fetch('/api/listing').then(answer => answer.text()).then(show);
for (const where of ['http://OTHER/secret', 'http://localhost:PORT/secret', 'http://[::1]:PORT/secret', 'http://0x7f.1:PORT/secret',
                     'http://169.254.169.254/latest/meta-data/', 'http://SHOP/away', 'file:///etc/passwd']) {
  fetch(where, {mode: 'no-cors'}).catch(() => 0);
  new Image().src = where;
  const frame = document.createElement('iframe'); frame.src = where; document.body.append(frame);
}
navigator.sendBeacon('http://OTHER/beacon', 'x');
fetch('http://OTHER/post', {method: 'POST', body: 'x', mode: 'no-cors'}).catch(() => 0);
try { new RTCPeerConnection({iceServers: [{urls: 'stun:OTHER'}]}).createDataChannel('x'); } catch (e) {}
try { window.open('http://OTHER/window'); location.href = 'file:///etc/passwd'; } catch (e) {}
const link = document.createElement('a'); link.href = 'data:application/zip,x'; link.download = 'x.zip'; document.body.append(link); link.click();
"""
FOREVER = """<html><body><h1>This listing was removed</h1><script>
for (let n = 0; n < 1000; n++) { new WebSocket('ws://OTHER/socket' + n); fetch('/many/' + n).catch(() => 0); }
setTimeout(() => { while (true) {} }, 500);
</script></body></html>"""


@dataclass
class Renderings:
    """What two renderings of pages that fight gave, and what was asked for while they did."""

    drawn: Capture
    picture: bytes
    endless: Capture
    seconds: float
    asked: list[str]
    forbidden: list[str]
    processes_left: list[str]


@pytest.fixture(scope="module")
def renderings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderings]:
    """Two browsers side by side: one with a page that tries everything, one with a page that never ends."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as threads:
        homes = tmp_path_factory.mktemp("homes")
        patch.setattr(tempfile, "tempdir", str(homes))
        for name, value in {"BROWSER_PATH": "", "BROWSER_SANDBOX": False, "BROWSER_SECONDS": 45}.items():
            patch.setattr(settings, name, value)
        if process.problem():
            pytest.skip(process.problem())
        for shop in serving(AnsweringShop()):
            for other in serving(AnsweringShop()):
                patch.setattr(settings, "FETCH_ALLOWED_PRIVATE", [shop.host])
                script = FIGHTS.replace("OTHER", other.host).replace("PORT", str(other.server_port))
                shop.pages = {
                    "/l/1": (200, SHELL),
                    "/app.js": (200, script.replace("SHOP", shop.host)),
                    "/away": (302, f"http://{other.host}/redirected"),
                    "/api/listing": (200, "This listing was removed"),
                    "/l/2": (200, FOREVER.replace("OTHER", other.host)),
                }
                started = time.monotonic()
                asked = f"http://{shop.host}/l"
                first, second = (
                    threads.submit(process.render, f"{asked}/1"),
                    threads.submit(process.render, f"{asked}/2", 3),
                )
                endless, _ = second.result()
                seconds = time.monotonic() - started
                drawn, picture = first.result()
                yield Renderings(drawn, picture, endless, seconds, shop.asked, other.asked, browsers_left(homes))


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the renderings of a test, and of no other test on this machine, have their folders."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def browsers_left(homes: Path) -> list[str]:
    """The processes that a rendering started and that live still: all have its folder as their home."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"HOME={homes}/offshelf-browser-".encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text()[:100])
    return found


@pytest.mark.takes(2)
def test_what_scripts_draw_is_seen_with_a_picture_and_judged_by_the_same_rules(renderings: Renderings) -> None:
    assert (renderings.drawn.failure, renderings.drawn.status) == ("", 200)
    assert "<h1>This listing was removed</h1>" in renderings.drawn.text
    assert renderings.drawn.extracted["browser"].startswith("Chromium ")
    assert screenshot_type(renderings.picture) == "image/jpeg"


@pytest.mark.takes(2)
def test_a_page_reaches_no_private_address_no_file_and_no_socket_however_it_asks(renderings: Renderings) -> None:
    assert "/api/listing" in renderings.asked  # the way that it may go
    assert "/away" in renderings.asked  # whose redirect was not followed
    assert renderings.forbidden == []
    assert "root:" not in renderings.drawn.text
    assert renderings.drawn.final_url.endswith("/l/1")


@pytest.mark.takes(2)
def test_a_page_that_asks_for_a_thousand_things_gets_no_more_than_its_share(renderings: Renderings) -> None:
    assert len([path for path in renderings.asked if path.startswith("/many/")]) <= MAX_REQUESTS


@pytest.mark.takes(2)
def test_a_page_that_never_ends_costs_itself_alone_and_nothing_of_any_browser_is_left(renderings: Renderings) -> None:
    assert renderings.endless.status is None
    assert renderings.endless.failure
    assert renderings.seconds < 20
    assert renderings.processes_left == []


def test_a_page_posts_to_its_own_site_alone() -> None:
    page = "https://www.shop.co.example/l/1"
    assert is_own("https://api.shop.co.example/graphql", page=page)
    assert not any(
        is_own(f"https://{host}/x", page=page) for host in ("other.co.example", "badshop.co.example", "co.example")
    )


def test_a_program_that_takes_too_much_memory_is_ended_with_all_that_it_started(
    homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real program in the place of the browser's: it starts another one, which takes the memory."""
    monkeypatch.setattr(process, "MAX_MEMORY", 150_000_000)
    hungry = "x = bytearray(b'x' * 300_000_000); import time; time.sleep(60)"
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hungry!r}], start_new_session=True)"
    monkeypatch.setattr(process, "PROGRAM", ["-c", starts])
    found, picture = process.render("https://shop.example.org/l/1")
    assert (found.failure, picture) == ("The page took more than 150 MB of memory.", b"")
    assert browsers_left(homes) == []


def test_what_lost_its_parent_before_it_was_seen_is_ended_with_the_look(
    homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan = "import os, time; os.fork() and os._exit(0); os.setsid(); os.fork() and os._exit(0); os.closerange(0, 3); time.sleep(60)"
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {orphan!r}]); print('{{}}')"
    monkeypatch.setattr(process, "PROGRAM", ["-c", starts])
    monkeypatch.setattr(process._Watch, "run", lambda _watch, _ended: None)
    with pytest.raises(KeyError):
        process.render("https://shop.example.org/l/1")
    assert browsers_left(homes) == []


@pytest.fixture
def takedown(db: None, regulator: Organisation, platform_a: Organisation, settings: Any) -> Iterator[Takedown]:
    """An open flag whose page only scripts draw; browser checks are on."""
    settings.BROWSER_CHECKS, settings.CHECKS_PER_SECOND = True, 1000
    for shop in serving(AnsweringShop()):
        settings.FETCH_ALLOWED_PRIVATE = [shop.host]
        shop.otherwise = (200, SHELL)
        with time_machine.travel(MONDAY, tick=False):
            notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=MONDAY)
            listing = ListingFactory(platform=platform_a, link=f"http://{shop.host}/l/1", title=HEATER)
            yield services.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=MONDAY))


def check_plainly(row: Takedown) -> Observation:
    CheckPlan.objects.filter(pk=row.pk).update(next_at=timezone.now())
    services.observe_due()
    return Observation.objects.filter(takedown=row).latest("pk")


def drawn(html: str, status: int = 200) -> Any:
    def render(url: str) -> tuple[Capture, bytes]:
        headers = {"content-type": "text/html; charset=utf-8"}
        return Capture(url, timezone.now(), status, url, headers=headers, body=html.encode(), extracted=SEEN), b"JPEG"

    return render


def test_a_page_that_only_scripts_draw_is_unknown_and_then_seen_in_a_browser(
    takedown: Takedown, officer: User, client: Client
) -> None:
    plain = check_plainly(takedown)
    assert (plain.verdict, plain.extracted["browser"]) == ("unknown", "A browser check follows.")
    assert services.browser_checks_due(drawn(REMOVED)) == 1
    seen = Observation.objects.filter(takedown=takedown).latest("pk")
    assert (seen.source, seen.verdict, seen.rule) == ("page", "gone", "says_ended")
    assert seen.detail.startswith("In a browser: The page says")
    assert seen.extracted["picture"] == f"sha256 {hashlib.sha256(b'JPEG').hexdigest()}"
    assert services.browser_checks_due(drawn(REMOVED)) == 0
    client.force_login(officer)
    address = reverse("enforcement:record_check", args=[takedown.pk])
    assert client.get(f"{address}?observation={seen.pk}&picture=1").content == b"JPEG"
    assert client.get(f"{address}?observation={plain.pk}&picture=1").status_code == 404
    assert (
        f"observation={seen.pk}&amp;picture=1" in client.get(reverse("enforcement:takedown", args=[takedown.pk])).text
    )


def test_where_browser_checks_are_off_the_check_says_that_one_would_have_helped(
    takedown: Takedown, settings: Any
) -> None:
    settings.BROWSER_CHECKS = False
    assert "would have helped" in check_plainly(takedown).extracted["browser"]
    assert services.browser_checks_due(drawn(REMOVED)) == 0
    assert "enforcement.tasks.browser_checks_due" not in queues.SCHEDULE


def test_a_shop_that_shows_a_browser_something_else_than_a_plain_request_proves_nothing(takedown: Takedown) -> None:
    """The plain page states in its data that the listing is on sale; the browser is told that it is gone."""
    plain = check_plainly(takedown)
    CheckPlan.objects.filter(pk=takedown.pk).update(browser_at=timezone.now())
    for verdict, extracted in (("unknown", {"availability": "instock"}), ("live", {})):
        newer = Observation.objects.get(pk=plain.pk)
        newer.pk, newer.verdict, newer.extracted = None, verdict, extracted
        newer.save(force_insert=True)
        CheckPlan.objects.filter(pk=takedown.pk).update(browser_at=timezone.now())
        assert services.browser_checks_due(drawn(REMOVED)) == 1
        seen = Observation.objects.filter(takedown=takedown).latest("pk")
        assert (seen.verdict, seen.rule) == ("unknown", "looks_differ")
        assert Takedown.objects.get(pk=takedown.pk).status == "running"


def test_a_browser_that_is_shown_everything_as_gone_proves_no_removal(takedown: Takedown) -> None:
    """The shop draws "removed" for our browser, whatever it asks for: also for a listing that is on sale."""
    lamp = ListingFactory(
        platform=takedown.platform,
        title="Quiet reading lamp",
        link=takedown.flag.listing.link.replace("/l/1", "/l/lamp"),
    )
    check_plainly(takedown)
    assert services.browser_checks_due(drawn(REMOVED)) == 1
    seen = Observation.objects.filter(takedown=takedown).latest("pk")
    assert (seen.verdict, seen.rule) == ("unknown", "host_unreadable")
    assert seen.extracted["on_sale"].startswith(f"{lamp.link}: 200, gone, sha256 ")

    def tells_apart(url: str) -> tuple[Capture, bytes]:
        offer = f"<html><body><h1>{lamp.title}</h1><p class=price>9 EUR</p><button>Add to cart</button></body></html>"
        return drawn(offer if url == lamp.link else REMOVED)(url)

    CheckPlan.objects.filter(pk=takedown.pk).update(browser_at=timezone.now())
    assert services.browser_checks_due(tells_apart) == 1
    seen = Observation.objects.filter(takedown=takedown).latest("pk")
    assert (seen.verdict, seen.rule) == ("gone", "says_ended")
    assert seen.extracted["on_sale"].startswith(f"{lamp.link}: 200, live, sha256 ")


def test_a_page_that_leaves_no_time_for_a_listing_on_sale_proves_nothing(
    takedown: Takedown, monkeypatch: pytest.MonkeyPatch
) -> None:
    ListingFactory(platform=takedown.platform, title="Lamp", link=takedown.flag.listing.link.replace("/l/1", "/l/lamp"))
    check_plainly(takedown)
    monkeypatch.setattr("enforcement.checks.services.browser_checks.MAX_SECONDS_OF_ONE", 1.0)
    assert services.browser_checks_due(drawn(REMOVED)) == 1
    seen = Observation.objects.filter(takedown=takedown).latest("pk")
    assert (seen.verdict, seen.rule) == ("unknown", "host_unreadable")


def test_one_browser_runs_at_a_time_and_a_page_that_breaks_it_holds_up_no_other(
    takedown: Takedown, platform_b: Organisation, regulator: Organisation
) -> None:
    listing = ListingFactory(platform=platform_b, link=takedown.flag.listing.link.replace("/l/1", "/l/2"), title=HEATER)
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator, number="2"), platform=platform_b, sent_at=MONDAY)
    other = services.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=MONDAY))
    for row in (takedown, other):
        check_plainly(row)

    def render(url: str) -> tuple[Capture, bytes]:
        if url.endswith("/l/1"):
            raise RuntimeError("the browser broke")
        return drawn(REMOVED)(url)

    assert services.browser_checks_due(render) == 2
    assert "the browser broke" in CheckPlan.objects.get(pk=takedown.pk).error
    assert Observation.objects.filter(takedown=other).latest("pk").verdict == "gone"
    assert not CheckPlan.objects.filter(browser_at__isnull=False).exists()


def test_the_chromium_without_windows_is_used_before_the_one_with_them(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.BROWSER_PATH = ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert process.chromium() == ""
    for name in ("google-chrome", "chromium", "chromium-headless-shell"):
        (tmp_path / name).touch(mode=0o755)
        assert process.chromium() == str(tmp_path / name)
    settings.BROWSER_PATH = "google-chrome"
    assert process.chromium() == str(tmp_path / "google-chrome")


def test_browser_checks_that_are_on_and_cannot_run_stop_the_start(settings: Any) -> None:
    settings.BROWSER_CHECKS, settings.BROWSER_PATH = True, "/nowhere/chromium"
    assert [error.id for error in run_checks() if error.id == "offshelf.E003"] == ["offshelf.E003"]


PAGE = "<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
DRAWN_BY = {
    "a module that mounts": PAGE.format(
        title="Bazaar",
        body="<div id='root'></div><script type='module'>const e=document.createElement('main');e.innerHTML=`WORDS`;"
        "document.getElementById('root').replaceChildren(e)</script>",
    ),
    "data that is fetched": PAGE.format(
        title="Bazaar",
        body="<div id='app'></div><script>fetch('/api/listing').then(r=>r.json()).then(d=>setTimeout(()=>{"
        "document.getElementById('app').innerHTML=d.html},300))</script>",
    ),
    "parts that stream in": PAGE.format(
        title="Bazaar",
        body="<div id='B:0'><p>...</p></div><div hidden id='S:0'>WORDS</div><script>document.getElementById('B:0')"
        ".replaceWith(...document.getElementById('S:0').childNodes);document.getElementById('S:0').remove()</script>",
    ),
    "an open shadow tree": PAGE.format(
        title="Bazaar",
        body="<shop-page></shop-page><script>customElements.define('shop-page',class extends HTMLElement{"
        "connectedCallback(){this.attachShadow({mode:'open'}).innerHTML=`WORDS`}})</script>",
    ),
    "a closed shadow tree with a slot": PAGE.format(
        title="Bazaar",
        body="<shop-page>WORDS</shop-page><script>customElements.define('shop-page',class extends HTMLElement{"
        "connectedCallback(){this.attachShadow({mode:'closed'}).innerHTML='<main><slot></slot></main>'}})</script>",
    ),
}
OFFER = f"<h1>{HEATER}</h1><p>49.90 €</p><button>Add to cart</button>"
ENDED = f"<h1>{HEATER}</h1><div class='alert'>This listing has ended.</div>"
BEHIND = PAGE.format(
    title="Bazaar",
    body=f"<shop-page><h1>This listing was removed</h1></shop-page><script>document.querySelector('shop-page')"
    f".attachShadow({{mode:'closed'}}).innerHTML=`{OFFER}`</script>",
)
# Scripts that show the offer where markup that is read again loses it.
_BUILT = (
    "<h1>This listing was removed</h1><div id=offer>"
    + OFFER
    + "</div><p id=end></p><script>const offer=document.getElementById('offer');SCRIPT</script>"
)
_IN = "const e=document.createElement('{0}');e.style.display='block';e.append(...offer.childNodes);offer.replaceWith(e)"
_AROUND = "offer.before({0});document.getElementById('end').after({1})"
_STYLE = "Object.assign(document.createElement('style'),{{textContent:'{0}'}})"
LOST = {
    **{
        f"an offer in <{tag}>": PAGE.format(title="Bazaar", body=_BUILT.replace("SCRIPT", _IN.format(tag)))
        for tag in ("link", "noframes", "template", "style")
    },
    "an offer between comments that open one": PAGE.format(
        title="Bazaar",
        body=_BUILT.replace(
            "SCRIPT",
            _AROUND.format("document.createComment('--><style>')", "document.createComment('--></style>')"),
        ),
    ),
    "an offer between styles that open a comment": PAGE.format(
        title="Bazaar",
        body=_BUILT.replace("SCRIPT", _AROUND.format(_STYLE.format("<\\/style><!--"), _STYLE.format("--><\\/style>"))).replace("{{", "{").replace("}}", "}"),
    ),
}  # fmt: skip


MAX_SECONDS = 60


class Drawn(dict[str, str]):
    """Name of a page → its verdict after a real Chromium has drawn it; `seconds` that each took."""

    seconds: ClassVar[dict[str, float]] = {}


@pytest.fixture(scope="module")
def drawn_pages() -> Iterator[Drawn]:
    """Pages that scripts draw, with an end and with an offer."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as thread:
        for name, value in {"BROWSER_PATH": "", "BROWSER_SANDBOX": False}.items():
            patch.setattr(settings, name, value)
        if process.problem():
            pytest.skip(process.problem())
        pages = {
            f"{way}, {said}": html.replace("WORDS", words)
            for way, html in DRAWN_BY.items()
            for said, words in (("ended", ENDED), ("on sale", OFFER))
        } | {"an offer behind words that nobody sees": BEHIND, **LOST}
        addresses = {}
        for shop in serving(AnsweringShop()):
            patch.setattr(settings, "FETCH_ALLOWED_PRIVATE", [shop.host])
            for number, (name, html) in enumerate(pages.items()):
                own = ENDED if name.endswith("ended") else OFFER
                shop.pages[f"/api/{number}"] = (200, json.dumps({"html": own}))
                shop.pages[f"/l/{number}"] = (200, html.replace("/api/listing", f"/api/{number}"))
                addresses[name] = f"http://{shop.host}/l/{number}"
            looks = thread.submit(asyncio.run, looks_at(list(addresses.values()))).result()
            verdicts = Drawn()
            for name, (seen, seconds) in zip(addresses, looks, strict=True):
                verdicts.seconds[name] = seconds
                answer = Answer(seen.status or 0, seen.url, seen.final_url, seen.headers, seen.text, drawn=True)
                verdicts[name] = judge(answer, listing_id="1", title=HEATER).verdict
            yield verdicts


async def looks_at(addresses: list[str]) -> list[tuple[Capture, float]]:
    """What becomes of each page, and in how many seconds, as `render` shows it but in one browser for all of them: that each
    check starts a browser of its own, and what this one may do, is tested with `renderings`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=process.chromium(), args=program.FLAGS, chromium_sandbox=False
        )
        turn = asyncio.Semaphore(2)

        async def look(address: str) -> tuple[Capture, float]:
            async with turn:
                began = time.monotonic()
                result = await program.drawn(browser, program.asked(address, MAX_SECONDS), began + MAX_SECONDS)
                return process.outcome(address, timezone.now(), result)[0], time.monotonic() - began

        try:
            return await asyncio.gather(*map(look, addresses))
        finally:
            await browser.close()


@pytest.mark.takes(2)
def test_a_page_that_shadow_trees_draw_is_waited_for_no_longer_than_another(drawn_pages: Drawn) -> None:
    in_shadow = [seconds for name, seconds in drawn_pages.seconds.items() if "shadow" in name]
    assert len(in_shadow) >= 4
    # A page that shows nothing is waited for as long.
    assert max(in_shadow) < 0.6 * MAX_SECONDS


@pytest.mark.takes(2)
@pytest.mark.parametrize("way", DRAWN_BY)
def test_what_today_s_frameworks_draw_is_read_as_its_visitor_sees_it(way: str, drawn_pages: dict[str, str]) -> None:
    assert (drawn_pages[f"{way}, ended"], drawn_pages[f"{way}, on sale"]) == ("gone", "live")


@pytest.mark.takes(2)
def test_words_that_a_shadow_tree_takes_the_place_of_are_not_read(drawn_pages: dict[str, str]) -> None:
    assert drawn_pages["an offer behind words that nobody sees"] == "live"


@pytest.mark.takes(2)
@pytest.mark.parametrize("trick", LOST)
def test_an_offer_that_is_lost_when_the_drawn_page_is_read_again_is_no_removal(
    trick: str, drawn_pages: dict[str, str]
) -> None:
    assert drawn_pages[trick] != "gone"
