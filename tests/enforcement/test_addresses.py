"""Checks reach public addresses and nothing else, however an address is written, redirected or re-resolved."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from enforcement.checks.fetch import MAX_BYTES, fetch_page
from portal.http import silent_hosts
from portal.http.addresses import Refused, Resolver, checked_ip, is_public, place_of

PRIVATE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.255",
    "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:192.168.1.1", "::ffff:169.254.169.254", "fc00::1", "fd12:3456::1", "fe80::1",
    "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:1::1", "2001:db8::1",
    "2001::1", "100::1", "::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "::ffff:0:0:7f00:1", "3fff::1", "5f00::1", "100:0:0:1::1",
    "192.88.99.1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2001:4860:4860::8888"]
WRITTEN = [
    "http://127.0.0.1/", "http://localhost/", "http://LOCALHOST./", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://0x7f.1/", "http://127.1/", "http://①②⑦.⓪.⓪.①/", "http://１２７.０.０.１/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://0/", "http://0.0.0.0/", "http://user@127.0.0.1/", "http://user:pass@example.org/",
    "http://example.org@127.0.0.1/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "http:///x", "http://",
    "http://example.org:22/", "http://example.org:8080/", "http://example.org:99999/", "http://[bad/", "javascript:alert(1)", "//example.org/",
]  # fmt: skip


def connected_to(url: str, resolver: Resolver) -> tuple[str, str, int]:
    """The IP that a request for an address would connect to, as the HTTP client finds it, and host and port it is for."""
    _, host, port = place_of(url, allowed_private=[])
    return checked_ip(host, port, allowed_private=[], resolver=resolver), host, port


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(Refused):
        connected_to("http://shop.example.org/", lambda _host, _port: [address])


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reached_under_its_own_name(address: str) -> None:
    found = connected_to("https://shop.example.org/x", lambda _host, _port: [address])
    assert found == (address, "shop.example.org", 443)


def resolve_here(host: str, port: int) -> list[str]:
    """As the system does for what it knows itself; nothing leaves this machine."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        return ["127.0.0.1"] if host == "localhost" else ["93.184.216.34"]
    return [str(entry[4][0]) for entry in found]


@pytest.mark.parametrize("url", WRITTEN)
def test_however_it_is_written(url: str) -> None:
    with pytest.raises(Refused):
        connected_to(url, resolve_here)


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(Refused):
        connected_to("http://shop.example.org/", lambda _host, _port: ["93.184.216.34", "10.0.0.1"])


class Shop(ThreadingHTTPServer):
    """A real server on loopback that counts who connects."""

    connections = 0


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Shop)
        server.connections += 1
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif self.path == "/silent":
            time.sleep(0.5)
        elif self.path == "/big":
            self.send_response(200)
            self.end_headers()
            for _ in range(64):
                self.wfile.write(b"x" * 65_536)
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<h1>Käse</h1><p>{self.headers['Host']}</p>".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        """Quiet."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    server = Shop(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def allowed(shop: Shop, settings: Settings) -> str:
    host = f"127.0.0.1:{shop.server_address[1]}"
    settings.FETCH_ALLOWED_PRIVATE = [host]
    return f"http://{host}"


def test_a_page_is_captured_with_what_it_said(shop: Shop, allowed: str) -> None:
    capture = fetch_page(f"{allowed}/listing/1")
    assert (capture.status, capture.failure) == (200, "")
    assert "Käse" in capture.text
    assert allowed.removeprefix("http://") in capture.text, "the Host header is the shop's own"


def test_without_the_exception_nothing_connects(shop: Shop) -> None:
    capture = fetch_page(f"http://127.0.0.1:{shop.server_address[1]}/listing/1")
    assert capture.status is None
    assert shop.connections == 0


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::1]/", "http://localhost:1/", "file:///etc/passwd"],
)
def test_a_redirect_to_a_private_address_is_not_followed(shop: Shop, allowed: str, target: str) -> None:
    capture = fetch_page(f"{allowed}/to/{target}", resolver=resolve_here)
    assert capture.status is None
    assert capture.failure
    assert shop.connections == 1


def test_a_name_that_changes_its_mind_after_the_check_gains_nothing(shop: Shop, allowed: str) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    ip, _, _ = connected_to("http://rebind.example.org/", lambda _host, _port: next(answers))
    assert ip == "93.184.216.34", "what was checked is what is connected to; the name is not asked again"
    assert shop.connections == 0


def test_endless_redirects_end(shop: Shop, allowed: str) -> None:
    assert "redirects" in fetch_page(f"{allowed}/loop").failure
    assert shop.connections == 6


def test_a_page_without_end_is_cut(allowed: str) -> None:
    assert len(fetch_page(f"{allowed}/big").body) == MAX_BYTES


def test_a_shop_that_does_not_answer_is_a_failure_and_no_exception(settings: Settings) -> None:
    settings.FETCH_ALLOWED_PRIVATE = ["127.0.0.1:9"]
    capture = fetch_page("http://127.0.0.1:9/")
    assert capture.status is None
    assert "ConnectError" in capture.failure


def test_a_shop_that_is_silent_again_and_again_is_left_alone_for_a_while(
    shop: Shop, allowed: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silent_hosts, "MAX_IN_A_ROW", 2)
    settings.CHECK_SECONDS = 0.2
    for _ in range(2):
        assert "Timeout" in fetch_page(f"{allowed}/silent").failure
    settings.CHECK_SECONDS = 5
    seconds = []
    for _ in range(3):  # a busy machine may hold up one of them
        began = time.monotonic()
        capture = fetch_page(f"{allowed}/listing/1")
        seconds.append(time.monotonic() - began)
        assert (capture.status, capture.refused) == (None, False)
        assert "checked again later" in capture.failure
    assert min(seconds) < 1  # of the five that a check may take
    assert shop.connections == 2
    monkeypatch.setattr(silent_hosts, "REST", 0.0)
    assert fetch_page(f"{allowed}/listing/1").status == 200
    assert not silent_hosts.rests(allowed.removeprefix("http://"))
