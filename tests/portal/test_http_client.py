"""Whoever is asked may send slowly, endlessly, too much, or nothing: the deadline and the sizes hold all the same."""

import gc
import gzip
import ipaddress
import select
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.http import client
from portal.http.client import NoAnswer, Way, ask

SHORT = 0.6  # seconds, in place of the fifteen
LATE = 2.0
"""Seconds that a busy machine may take to wake up what has waited: each script here goes on for longer than both."""
Script = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


class Server:
    """A server that does with each connection whatever `script` says."""

    def __init__(self, script: Script) -> None:
        self.script, self.connections = script, 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                self.script(connection)
            except OSError:
                return  # who asked has left

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def serve(settings: Any) -> Iterator[Callable[[Script], Server]]:
    servers: list[Server] = []

    def start(script: Script) -> Server:
        servers.append(Server(script))
        settings.FETCH_ALLOWED_PRIVATE = [server.host for server in servers]
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def read_request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request and (more := connection.recv(65_536)):
        request += more
    return request


def drip(connection: socket.socket, text: bytes, pause: float = 0.05) -> None:
    for byte in text:
        connection.sendall(bytes([byte]))
        time.sleep(pause)


def slow_headers(connection: socket.socket) -> None:
    read_request(connection)
    drip(connection, HEAD + b"X: " + b"x" * 5_000)


def slow_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(HEAD + b"Content-Length: 5000\r\n\r\n")
    drip(connection, b"x" * 5_000)


def slow_chunks(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    drip(connection, b"1\r\nx\r\n" * 1_000)


def endless_hints(connection: socket.socket) -> None:
    read_request(connection)
    while True:
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        time.sleep(0.01)


def silent(connection: socket.socket) -> None:
    read_request(connection)
    time.sleep(20)


def half_a_handshake(connection: socket.socket) -> None:
    """Sends the first bytes of what could be a TLS answer."""
    connection.recv(65_536)
    drip(connection, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + b"\x03" * 5_000)


@pytest.mark.parametrize("script", [slow_headers, slow_body, slow_chunks, endless_hints, silent])
def test_the_deadline_is_kept_however_slowly_it_comes(serve: Callable[[Script], Server], script: Script) -> None:
    server, began = serve(script), time.monotonic()
    with pytest.raises(NoAnswer):
        ask(f"http://{server.host}/", seconds=SHORT, max_bytes=100_000)
    assert time.monotonic() - began < SHORT + LATE
    assert server.connections == 1


def test_the_deadline_is_kept_in_the_handshake(serve: Callable[[Script], Server]) -> None:
    server, began = serve(half_a_handshake), time.monotonic()
    with pytest.raises(NoAnswer):
        ask(f"https://{server.host}/", seconds=SHORT, max_bytes=100_000)
    assert time.monotonic() - began < SHORT + LATE


def test_redirects_share_one_deadline(serve: Callable[[Script], Server]) -> None:
    def lead_on(connection: socket.socket) -> None:
        read_request(connection)
        time.sleep(0.5)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")

    server, began = serve(lead_on), time.monotonic()
    with pytest.raises(NoAnswer) as failed:
        ask(f"http://{server.host}/", seconds=2.0, max_bytes=1, max_redirects=20)
    assert time.monotonic() - began < 2.0 + LATE
    assert 1 <= len(failed.value.chain) <= 4


def test_a_name_that_no_one_answers_for_takes_no_longer(serve: Callable[[Script], Server]) -> None:
    def never(_host: str, _port: int) -> list[str]:
        time.sleep(6)
        return ["93.184.216.34"]

    began = time.monotonic()
    with pytest.raises(NoAnswer, match=r"No public address was found for shop\.example\.org\."):
        ask("http://shop.example.org/", seconds=SHORT, max_bytes=1, way=Way(resolver=never))
    assert time.monotonic() - began < SHORT + LATE


def test_a_server_that_does_not_read_what_is_posted_is_cut_too(serve: Callable[[Script], Server]) -> None:
    server, began = serve(lambda _connection: time.sleep(20)), time.monotonic()
    with pytest.raises(NoAnswer):
        ask(f"http://{server.host}/", seconds=SHORT, max_bytes=1, content=b"x" * 50_000_000)
    assert time.monotonic() - began < SHORT + LATE


def send_forever(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


def test_a_body_without_end_is_read_to_its_limit_and_no_further(serve: Callable[[Script], Server]) -> None:
    answer = ask(f"http://{serve(send_forever).host}/", seconds=5, max_bytes=65_536)
    assert (answer.status, len(answer.body)) == (200, 65_536)


def test_gzip_is_unpacked_to_the_limit_whatever_it_would_become(serve: Callable[[Script], Server]) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000)

    def send_bomb(connection: socket.socket) -> None:
        assert b"accept-encoding: identity" in read_request(connection).lower()
        head = HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
        connection.sendall(head + bomb)

    server = serve(send_bomb)
    tracemalloc.start()
    answer = ask(f"http://{server.host}/", seconds=5, max_bytes=100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.body == b"\0" * 100_000
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("encoding", "body", "detail"),
    [
        (b"br", b"\x0b\x02\x80hello\x03", "was not asked for"),
        (b"gzip, gzip", gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "was not asked for"),
        (b"gzip", b"no gzip at all", "header"),
        (b"gzip", gzip.compress(b"a page of some length", mtime=0)[:-9], "broke off"),
        (b"gzip", gzip.compress(b"one", mtime=0) + gzip.compress(b"two", mtime=0), "More follows"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_no_answer(
    serve: Callable[[Script], Server], encoding: bytes, body: bytes, detail: str
) -> None:
    def answer(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(HEAD + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s" % (encoding, len(body), body))

    with pytest.raises(NoAnswer, match=detail):
        ask(f"http://{serve(answer).host}/", seconds=5, max_bytes=100_000)


@pytest.mark.parametrize(
    "head", [b"X: " + b"x" * 300_000, b"X: y\r\n" * 12_000, b"\xff\xfe: \x00", b"Content-Length: -5"]
)
def test_headers_that_are_too_long_or_none_are_no_answer(serve: Callable[[Script], Server], head: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(HEAD + head + b"\r\n\r\n")

    with pytest.raises(NoAnswer):
        ask(f"http://{serve(answer).host}/", seconds=5, max_bytes=100)


@pytest.mark.parametrize(
    "url",
    [
        "https://xn--n3h.example/", "https://xn--a.example/", "https://xn--.example/", "http://[x", "http://a]b/",
        "http://shop℀.example/", "http://" + "a" * 64 + ".example/", "http://" + "a." * 200 + "example/", "http://\x00/",
        "http://a\nb/", "http://exa mple.org/", "http://\ud800.example/", "http://☃.example/", "", "x", "http://[::1%eth0]/",
        "http://1.2.3.4.5/", "http://example.org:" + "9" * 5_000 + "/", "http://example.org/" + "x" * 100_000, "http://.../",
    ],
)  # fmt: skip
def test_an_address_that_makes_a_parser_raise_fails_alone(url: str) -> None:
    with pytest.raises(NoAnswer):
        ask(url, seconds=2, max_bytes=1, way=Way(resolver=lambda _host, _port: ["127.0.0.1"]))


def test_a_redirect_to_such_an_address_fails_alone(serve: Callable[[Script], Server]) -> None:
    def lead_on(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://[x\r\nContent-Length: 0\r\n\r\n")

    with pytest.raises(NoAnswer):
        ask(f"http://{serve(lead_on).host}/", seconds=2, max_bytes=1, max_redirects=3)


def test_a_client_that_is_let_go_of_closes_the_connections_that_it_kept(serve: Callable[[Script], Server]) -> None:
    ended = threading.Event()

    def answer(connection: socket.socket) -> None:
        page(connection)
        if not connection.recv(1):
            ended.set()

    assert ask(f"http://{serve(answer).host}/", seconds=5, max_bytes=100).body == b"hello"
    assert not ended.is_set(), "it is kept for the next request"
    client._kept.cache_clear()
    gc.collect()
    assert ended.wait(5)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS that our client trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, begin = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Shop")]), datetime.now(UTC) - timedelta(days=1)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).add_extension(here, critical=False)
    public = builder.not_valid_before(begin).not_valid_after(begin + timedelta(days=9)).sign(key, hashes.SHA256())
    file = tmp_path / "server.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(*form) + public.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    trusting = ssl.create_default_context(cafile=str(file))
    monkeypatch.setattr(client.httpx, "create_ssl_context", lambda **_: trusting)
    client._kept.cache_clear()
    return context


def tls(context: ssl.SSLContext, then: Script) -> Script:
    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            then(secure)

    return answer


def page(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(HEAD + b"Content-Length: 5\r\n\r\nhello")


def tunnel(connection: socket.socket) -> None:
    """What a proxy does on CONNECT."""
    where = read_request(connection).split()[1].decode()
    host, _, port = where.partition(":")
    connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    with socket.create_connection((host, int(port))) as beyond:
        while True:
            ready = [connection] if getattr(connection, "pending", int)() else []
            for side in ready or select.select([connection, beyond], [], [], 5)[0]:
                if not (data := side.recv(65_536)):
                    return
                (beyond if side is connection else connection).sendall(data)


@pytest.mark.parametrize("way", ["straight", "through a proxy", "through a proxy with TLS"])
def test_over_tls_a_page_is_read_and_a_slow_one_cut(
    serve: Callable[[Script], Server], certificate: ssl.SSLContext, way: str
) -> None:
    proxy = ""
    if way == "through a proxy":
        proxy = f"http://{serve(tunnel).host}"
    elif way == "through a proxy with TLS":
        proxy = f"https://{serve(lambda connection: _tunnel_in_tls(certificate, connection)).host}"
    quick, slow, waits = (serve(tls(certificate, script)) for script in (page, slow_body, slow_headers))
    assert ask(f"https://{quick.host}/", seconds=5, max_bytes=100, way=Way(proxy)).body == b"hello"
    for server in (slow, waits):
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            ask(f"https://{server.host}/", seconds=SHORT, max_bytes=100_000, way=Way(proxy))
        assert time.monotonic() - began < SHORT + LATE


def _tunnel_in_tls(context: ssl.SSLContext, connection: socket.socket) -> None:
    with context.wrap_socket(connection, server_side=True) as secure:
        tunnel(secure)
