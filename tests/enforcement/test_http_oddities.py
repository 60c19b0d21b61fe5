"""Answers that are odd on the wire: a removal is proved by a page that was read whole, and by no other."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import zstandard

from enforcement.checks.fetch import Capture, fetch_page
from enforcement.rules.verdict import judge
from portal.http import silent_hosts

TITLE = "Norvik Ceramic Heater NV-20"
PAGE = (
    b'<!DOCTYPE html><html lang="en"><head><title>Shop</title></head><body>'
    b"<main><h1>This listing has been removed</h1><p>This listing is no longer available.</p></main></body></html>"
)
HTML = b"Content-Type: text/html; charset=utf-8\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(PAGE)
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"


def whole(*headers: bytes, status: bytes = b"410 Gone", body: bytes = PAGE, length: int | None = None) -> bytes:
    size = b"Content-Length: %d\r\n" % (len(body) if length is None else length)
    return b"HTTP/1.1 " + status + b"\r\n" + HTML + size + b"".join(headers) + b"\r\n" + body


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", headers: bytes = b"", extension: bytes = b"") -> bytes:
    sent = b"".join(b"%x" % len(each) + extension + b"\r\n" + each + b"\r\n" for each in chunks)
    return b"HTTP/1.1 410 Gone\r\n" + HTML + headers + b"Transfer-Encoding: chunked\r\n\r\n" + sent + end


def encoded(name: bytes, body: bytes) -> bytes:
    return whole(b"Content-Encoding: " + name + b"\r\n", body=body)


PACKED = gzip.compress(PAGE)
READ = {
    "plain": whole(),
    "early hints first": HINTS * 3 + whole(),
    "no length, ended by closing": b"HTTP/1.1 410 Gone\r\n" + HTML + b"\r\n" + PAGE,
    "HTTP/1.0": whole().replace(b"HTTP/1.1", b"HTTP/1.0"),
    "chunks with extensions and trailers": chunked(
        PAGE[:40], PAGE[40:], end=b"0\r\nContent-Encoding: br\r\nLocation: /offer\r\n\r\n", extension=b";a=b"
    ),
    "gzip that was not asked for": encoded(b"gzip", PACKED),
    "zlib": encoded(b"deflate", zlib.compress(PAGE)),
    "non-authoritative": whole(status=b"203 Non-Authoritative Information"),
}
"""Whole answers of a removal page; a browser shows the same."""

UNREAD = {
    "a part of the page": whole(b"Content-Range: bytes 0-9/999\r\n", status=b"206 Partial Content"),
    "unchanged, unasked": b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "reset content": whole(status=b"205 Reset Content"),
    "used by somebody": whole(status=b"226 IM Used"),
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + PAGE,
    "a longer length than body": whole(length=len(PAGE) + 1),
    "two lengths": whole(b"Content-Length: 10\r\n"),
    "a negative length": whole(length=-1),
    "a length in words": whole().replace(LENGTH, b"Content-Length: many\r\n"),
    "chunks that break off": chunked(PAGE, end=b""),
    "chunks that break off in one": chunked(PAGE, end=b"ff\r\n<p>"),
    "a chunk of no number": chunked(PAGE, end=b"zz\r\n\r\n"),
    "a chunk of 2^70 bytes": chunked(PAGE, end=b"ffffffffffffffffff\r\n<p>"),
    "brotli": encoded(b"br", PAGE),
    "zstd": encoded(b"zstd", zstandard.compress(PAGE)),
    "gzip twice": encoded(b"gzip, gzip", gzip.compress(PACKED)),
    "gzip and brotli in two headers": encoded(b"gzip\r\nContent-Encoding: br", PACKED),
    "gzip that is none": encoded(b"gzip", PAGE),
    "gzip that breaks off": encoded(b"gzip", PACKED[:-9]),
    "gzip with an offer behind it": encoded(b"gzip", PACKED + gzip.compress(b"<button>Add to cart</button>")),
    "an unknown transfer encoding": whole(b"Transfer-Encoding: gzip\r\n"),
    "HTTP/2 alone": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00\x03\x00\x00\x00\x80" * 3,
    "HTTP/0.9": PAGE,
    "an empty line ahead of nothing": b"\r\n\r\n",
    "a header without an end": b"HTTP/1.1 410 Gone\r\n" + b"X: " + b"a" * 200_000,
    "ten thousand headers": whole(*(b"X-%d: y\r\n" % number for number in range(10_000))),
    "a file to save": whole(b"Content-Disposition: attachment; filename=x.html\r\n"),
    "a page that moves on": whole(b"Refresh: 0; url=/offer\r\n"),
    "parts that replace each other": whole().replace(b"text/html", b"multipart/x-mixed-replace; boundary=x"),
}  # fmt: skip
"""What proves nothing, by what it is."""


class Wire:
    """A server that sends bytes as they are; `answer` may go on for ever."""

    def __init__(self) -> None:
        self.answer: Callable[[], Iterator[bytes]] = lambda: iter(())
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                client.settimeout(5)
                try:
                    asked = b""
                    while b"\r\n\r\n" not in asked and (more := client.recv(4096)):
                        asked += more
                    for piece in self.answer():
                        client.sendall(piece)
                    client.shutdown(socket.SHUT_WR)
                except OSError:
                    continue


@pytest.fixture
def wire(settings: Any) -> Iterator[Wire]:
    server = Wire()
    settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{server.port}"]
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    server.socket.shutdown(socket.SHUT_RDWR)
    server.socket.close()
    thread.join(6)
    silent_hosts.answered(f"127.0.0.1:{server.port}")


def seen(wire: Wire, *pieces: bytes) -> tuple[str, Capture]:
    wire.answer = lambda: iter(pieces)
    capture = fetch_page(f"http://127.0.0.1:{wire.port}/item/394821177")
    return judge(capture.answer, listing_id="394821177", title=TITLE).verdict, capture


@pytest.mark.parametrize("odd", READ)
def test_a_whole_page_is_read_however_it_comes(odd: str, wire: Wire) -> None:
    verdict, capture = seen(wire, READ[odd])
    assert verdict == "gone", capture
    assert capture.body == PAGE


@pytest.mark.parametrize("odd", UNREAD)
def test_what_is_no_whole_page_proves_nothing(odd: str, wire: Wire) -> None:
    verdict, capture = seen(wire, UNREAD[odd])
    assert verdict == "unknown", capture


ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "early hints": (b"", HINTS * 50),
    "a header": (b"HTTP/1.1 410 Gone\r\n", b"X-Y: " + b"a" * 900 + b"\r\n"),
    "chunks of a byte": (chunked(PAGE, end=b""), b"1\r\n \r\n"),
    "a trailer": (chunked(PAGE, end=b"0\r\n"), b"X-Y: z\r\n"),
    "a gzip bomb": (
        b"HTTP/1.1 410 Gone\r\nContent-Encoding: gzip\r\n" + HTML + b"\r\n" + gzip.compress(PAGE)[:-20],
        gzip.compress(b" " * 4_000_000),
    ),
}


@pytest.mark.parametrize("odd", ENDLESS)
def test_what_never_ends_ends_in_time_and_proves_nothing(odd: str, wire: Wire, settings: Any) -> None:
    settings.CHECK_SECONDS = 2.0
    first, more = ENDLESS[odd]

    def answer() -> Iterator[bytes]:
        yield first
        until = time.monotonic() + 60
        while time.monotonic() < until:
            yield more

    wire.answer = answer
    began = time.monotonic()
    capture = fetch_page(f"http://127.0.0.1:{wire.port}/item/394821177")
    assert time.monotonic() - began < 12  # a check's two seconds, and what a busy machine takes
    assert judge(capture.answer, listing_id="394821177", title=TITLE).verdict == "unknown", capture
    assert len(capture.body) <= 2_000_000
