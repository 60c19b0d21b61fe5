"""The outside world of the drill: a shop with lying pages, and a mail server and webhook receivers that misbehave.

All of it runs in threads of the drill process and records what really happened: which listings were taken down and
which messages arrived. The checker compares the records of the product with that.
"""

import asyncio
import gzip
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

Writer = asyncio.StreamWriter
LIVE, GONE = "live", "gone"
LIES = (
    "wall_200", "wall_404", "wall_410", "empty_404", "slow_headers", "slow_body", "endless", "huge_headers", "bomb",
    "redirect_loop", "redirect_inside", "garbage", "cut", "hang", "teapot", "login", "script_only", "not_modified",
)  # fmt: skip
"""Responses of a shop that prove nothing, whatever their status."""
TAKES = ("accept", "refuse", "hang", "endless", "bomb", "redirect", "cut", "gone")
"""What a webhook receiver can do with a message."""
SAY_TAKEN = frozenset({"accept", "endless", "bomb"})  # their status is 2xx, whatever follows
WALL = "<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1><form id='challenge-form'></form>"
MAX_SECONDS = 40.0  # endless responses are cut off then, so that the drill does not leak


@dataclass
class Truth:
    """What really happened outside, for the checker. Written by the threads, read after they ended."""

    pages: dict[str, str] = field(default_factory=dict)
    ever_gone: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    mails: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    hooks: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    mail_mode: str = "accept"
    hook_mode: dict[str, str] = field(default_factory=lambda: defaultdict(lambda: "accept"))

    def show(self, listing: str, page: str, title: str = "") -> None:
        """From now on the shop responds for `listing` as `page` says."""
        self.pages[listing] = page
        if title:
            self.titles[listing] = title
        if page == GONE:
            self.ever_gone.add(listing)


class Outside:
    """Everything outside the product, on ports of 127.0.0.1; stopped by `close`."""

    def __init__(self) -> None:
        self.truth = Truth()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="outside")
        self._thread.start()
        self.shop = self._serve(self._shop)
        self.hook = self._serve(self._hook)
        self.smtp = asyncio.run_coroutine_threadsafe(self._mail_server(), self._loop).result(10)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(_end_others(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _serve(self, handle: Callable[[asyncio.StreamReader, Writer], Awaitable[None]]) -> int:
        async def start() -> int:
            server = await asyncio.start_server(handle, "127.0.0.1", 0)
            return int(server.sockets[0].getsockname()[1])

        return asyncio.run_coroutine_threadsafe(start(), self._loop).result(10)

    async def _mail_server(self) -> int:
        sink = _Sink(self.truth)
        server = await self._loop.create_server(lambda: SMTP(sink, timeout=MAX_SECONDS), "127.0.0.1", 0)
        return int(server.sockets[0].getsockname()[1])

    async def _shop(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        await _answering(reader, writer, self._page)

    async def _hook(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        await _answering(reader, writer, self._take)

    async def _page(self, writer: Writer, path: str, _body: bytes) -> None:
        listing = path.rpartition("/")[2].partition("?")[0]
        self.truth.asked[listing] += 1
        page = self.truth.pages.get(listing, GONE)  # unknown to the shop
        title = self.truth.titles.get(listing, f"Item {listing}")
        if page == LIVE:
            html = f"<!doctype html><title>{title}</title><h1>{title}</h1><p>Price: 19.90 USD</p><button>Add to cart</button>"
            return await _send(writer, 200, html.encode())
        if page == GONE:
            html = "<!doctype html><title>Page not found</title><h1>Page not found</h1><p>This listing was removed.</p>"
            return await _send(writer, 404, html.encode())
        return await _lie(writer, page, path)

    async def _take(self, writer: Writer, path: str, body: bytes) -> None:
        mode = self.truth.hook_mode[path.strip("/")]
        if mode in SAY_TAKEN:
            self.truth.hooks[str(json.loads(body).get("data", {}).get("key"))] += 1
        if mode == "accept":
            return await _send(writer, 204, b"")
        if mode in ("refuse", "gone"):
            return await _send(writer, 500 if mode == "refuse" else 410, b"no")
        lies = {"redirect": "redirect_inside"}
        return await _lie(writer, lies.get(mode, mode), path)


async def _end_others() -> None:
    """Cancel the responses that are still on their way: a loop that stops under them prints a traceback for each."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=5)


async def _answering(
    reader: asyncio.StreamReader, writer: Writer, answer: Callable[[Writer, str, bytes], Awaitable[None]]
) -> None:
    try:
        async with asyncio.timeout(MAX_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = next(
                (int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:")),
                0,
            )
            body = await reader.readexactly(length)
            await answer(writer, head.split(" ")[1], body)
            await writer.drain()
    except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError, ValueError):
        pass  # the client disconnected, or the time was up
    except asyncio.CancelledError:
        pass  # the drill is over; asyncio reports a cancelled connection as an error
    finally:
        writer.close()


async def _send(writer: Writer, status: int, body: bytes, *headers: str) -> None:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Content-Type: text/html; charset=utf-8"]
    writer.write("\r\n".join([*lines, *headers, "Connection: close", "", ""]).encode() + body)
    await writer.drain()


async def _trickle(writer: Writer, piece: bytes, pause: float) -> None:
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)


async def _lie(writer: Writer, how: str, path: str) -> None:  # noqa: PLR0911, PLR0912, C901  one branch for each lie
    if how.startswith("wall_"):
        return await _send(writer, int(how[5:]), WALL.encode())
    if how == "empty_404":
        return await _send(writer, 404, b"")
    if how == "slow_headers":
        writer.write(b"HTTP/1.1 200 OK\r\n")
        return await _trickle(writer, b"X-A: b\r\n", 1)
    if how == "slow_body":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        return await _trickle(writer, b"x", 1)
    if how == "endless":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        return await _trickle(writer, b"<p>and on</p>" * 4000, 0.01)
    if how == "huge_headers":
        writer.write(b"HTTP/1.1 200 OK\r\n")
        return await _trickle(writer, b"X-A: " + b"a" * 60_000 + b"\r\n", 0)
    if how == "bomb":
        return await _send(writer, 200, gzip.compress(b"\0" * 64_000_000, 9), "Content-Encoding: gzip")
    if how == "redirect_loop":
        return await _send(writer, 302, b"", f"Location: {path}")
    if how == "redirect_inside":
        return await _send(writer, 302, b"", "Location: http://169.254.169.254/latest/meta-data")
    if how == "garbage":
        writer.write(bytes(range(256)) * 40)
        return None
    if how == "cut":
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 5000\r\n\r\n<h1>This listing was rem")
        return None
    if how == "teapot":
        return await _send(writer, 418, b"<h1>short and stout</h1>")
    if how == "login":
        form = b"<title>Sign in</title><form><input type=password></form>"
        return await _send(writer, 200, form)
    if how == "script_only":
        return await _send(writer, 200, b"<!doctype html><div id=root></div><script src=/app.js></script>")
    if how == "not_modified":
        return await _send(writer, 304, b"")
    await asyncio.sleep(MAX_SECONDS)  # hang
    return None


class _Sink:
    """Accepts mail or misbehaves; records each Message-ID with its recipient."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth

    async def handle_RCPT(  # noqa: N802  the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        mode = self._truth.mail_mode
        if mode == "busy":
            return "451 try again later"
        if mode == "hang":
            await asyncio.sleep(MAX_SECONDS)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self._truth.mail_mode == "full":
            return "452 no space left"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for line in content.split(b"\r\n\r\n")[0].split(b"\r\n"):
            if line.lower().startswith(b"message-id:"):
                self._truth.mails[line.split(b":", 1)[1].strip().decode()].add(envelope.rcpt_tos[0])
        if self._truth.mail_mode == "cut" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()  # accepted, but the sender gets no confirmation
        return "250 OK"
