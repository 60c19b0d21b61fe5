"""Shows one page in a headless Chromium and writes what it became: `python -m enforcement.checks.rendering.program`.

Reads a JSON object from its input (url, chromium, sandbox, seconds, allowed_private) and writes one to its output: status,
final_url, html, picture (JPEG, Base64), browser, requests, refused; or failure. It knows no database and no secret. Who
starts it kills it when its time is over (`process.py`); the limits here are those that let a page be seen before that.
"""

import asyncio
import base64
import json
import os
import sys
import time
from contextlib import suppress
from typing import Any, NoReturn

from django.conf import settings

from enforcement.checks.rendering.composed import (
    UNREAD,
    composed,
    has_shadow_trees,
    letters_in_shadow_trees,
    reads_otherwise,
)
from enforcement.checks.rendering.network import MAX_REDIRECTS, Network
from portal.http.client import AGENT, Answer, NoAnswer, ask

MAX_HTML = 2_000_000  # characters
VIEW = {"width": 1_280, "height": 1_600}
QUIET = 0.75  # seconds without a request or a new word: the page is drawn
FLAGS = [
    "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-quic", "--disable-extensions", "--disable-dev-shm-usage", "--mute-audio", "--no-pings",
    # No way out but through us: a proxy that does not exist, for loopback too, no names, no UDP past the proxy.
    "--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=256", "--renderer-process-limit=2",
]  # fmt: skip


def main() -> None:
    job = json.loads(sys.stdin.buffer.read(100_000))
    settings.configure(FETCH_ALLOWED_PRIVATE=job["allowed_private"])
    asyncio.run(_work(job))


async def _work(job: dict[str, Any]) -> None:
    """Write the result, and leave at once: whoever started us ends the browser, which may take its time to close."""
    _deliver(await _shown(job))


def _deliver(result: dict[str, Any]) -> NoReturn:
    sys.stdout.write(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)


async def _shown(job: dict[str, Any]) -> dict[str, Any]:
    until = time.monotonic() + job["seconds"]
    try:
        first = asked(job["url"], job["seconds"])
    except NoAnswer as failed:
        return {"failure": str(failed)}
    if "html" not in first.headers.get("content-type", "text/html"):
        return {"failure": "The answer is not a page."}
    try:
        return await _in_browser(job, first, until)
    except Exception as error:  # noqa: BLE001  of Playwright, of its driver, of the page: each is a result
        return {"failure": f"The browser could not show the page: {type(error).__name__}: {error}"[:300]}


def asked(url: str, seconds: float) -> Answer:
    """The page as its server sends it, within half of the seconds that there are. Raises NoAnswer."""
    headers = {"Accept": "text/html,*/*;q=0.5", "Accept-Language": "en,*;q=0.5"}
    return ask(url, seconds=seconds / 2, max_bytes=MAX_HTML, max_redirects=MAX_REDIRECTS, headers=headers)


async def _in_browser(job: dict[str, Any], first: Answer, until: float) -> dict[str, Any]:
    from playwright.async_api import async_playwright  # noqa: PLC0415  an optional part of the installation

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=job["chromium"], args=FLAGS, chromium_sandbox=job["sandbox"], timeout=_left(until) * 500
        )
        try:
            result = await drawn(browser, first, until)
        except Exception as error:  # noqa: BLE001  a page that fights is a result
            result = {"failure": f"The page could not be drawn: {type(error).__name__}: {error}"[:300]}
        _deliver(result)


async def drawn(browser: Any, first: Answer, until: float) -> dict[str, Any]:
    """What becomes of a page, whose server sent `first`, in a context of its own in this browser, until that moment of
    time.monotonic(): the program's result. Raises what Playwright does where the page or the time ends it.
    """
    network = Network(first, seconds=max(2.0, (until - time.monotonic()) / 2))
    context = await browser.new_context(
        accept_downloads=False, service_workers="block", viewport=VIEW, user_agent=AGENT, locale="en", permissions=[]
    )
    await context.route("**/*", network.answer)
    page = await context.new_page()
    context.on("page", lambda other: asyncio.ensure_future(other.close()))  # no further windows
    with suppress(Exception):  # the time was over, or the page left: what there is by then counts
        await page.goto(first.url, wait_until="domcontentloaded", timeout=_left(until) * 600)
    session = await asyncio.wait_for(context.new_cdp_session(page), _left(until) / 2)
    await _until_drawn(page, session, network, time.monotonic() + _left(until) * 0.6)
    html = await asyncio.wait_for(_whole(session, page), _left(until) / 2)
    final = page.url
    if not final.startswith(("http://", "https://")):
        return {"failure": "The page left for an address that is not on the internet."}
    picture = b""
    with suppress(Exception):
        picture = await page.screenshot(type="jpeg", quality=70, timeout=_left(until) * 1_000, animations="disabled")
    spent = network.spent
    return {
        "status": spent.answered, "final_url": final[:2_000], "html": html[:MAX_HTML], "browser": browser.version,
        "picture": base64.b64encode(picture).decode(), "requests": spent.requests, "refused": spent.refused,
    }  # fmt: skip


async def _whole(session: Any, page: Any) -> str:
    """The page's markup, with its shadow trees where it has any; UNREAD at its end where it is not all of the page."""
    html: str = await page.content()
    try:
        answer = await _document(session)
        whole = composed(answer["root"]) if has_shadow_trees(answer["root"]) else html
        return whole + UNREAD if reads_otherwise(answer["root"]) else whole
    except Exception:  # noqa: BLE001  too deep for the protocol, or a page that fights
        return html + UNREAD


async def _document(session: Any) -> Any:
    return await session.send("DOM.getDocument", {"depth": -1, "pierce": True})


def _left(until: float) -> float:
    return max(0.5, until - time.monotonic())


async def _until_drawn(page: Any, session: Any, network: Network, until: float) -> None:
    """Wait until nothing moves: no request open, and the same number of characters for a while."""
    seen, since = -1, time.monotonic()
    while time.monotonic() < until:
        length = -1
        with suppress(Exception):
            length = await asyncio.wait_for(_letters(page, session), until - time.monotonic())
        if length != seen or network.waiting:
            seen, since = length, time.monotonic()
        elif length > 0 and time.monotonic() - since >= QUIET:
            return
        await asyncio.sleep(0.1)


async def _letters(page: Any, session: Any) -> int:
    """How many characters the page shows; where its own tree shows none, those in its shadow trees."""
    shown: int = await page.evaluate("document.body ? document.body.innerText.length : 0")
    return shown or letters_in_shadow_trees((await _document(session))["root"])


if __name__ == "__main__":
    main()
