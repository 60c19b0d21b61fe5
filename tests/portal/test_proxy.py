"""The proxy that ships, as a real nginx in front of a web server that says what reached it. Skipped where nginx is missing."""

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from portal.http.body_limits import MAX_ANONYMOUS, MAX_FORM, MAX_UPLOAD
from tests.ports import free_port

DEPLOY = Path(settings.BASE_DIR) / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
NAME = "offshelf.example.gov"
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@dataclass
class Proxy:
    """A running nginx, and the web server behind it."""

    port: int
    plain_port: int
    trusted: ssl.SSLContext
    reached: list[str] = field(default_factory=list)

    def connect(self) -> ssl.SSLSocket:
        """A connection over TLS whose certificate is that of the host name."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return self.trusted.wrap_socket(plain, server_hostname=NAME)

    def begin(self, path: str, length: int) -> ssl.SSLSocket:
        """Send the head of a request that announces so many bytes, and none of them."""
        connection = self.connect()
        head = f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode())
        return connection

    def is_refused(self, path: str, length: int) -> bool:
        """Whether the proxy answers 413 at once; else it waits for the body, or the web server was reached."""
        with self.begin(path, length) as connection:
            connection.settimeout(0.3)
            try:
                line = connection.recv(100).split(b"\r\n")[0]
            except TimeoutError:
                return False
            assert line in {b"HTTP/1.1 413 Request Entity Too Large", b"HTTP/1.1 200 OK"}, line
            return b"413" in line

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str]]:
        """Status, and what the web server was told in the headers."""
        with self.connect() as connection:
            lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {NAME}\r\n{lines}Connection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            body = answer.read()
        told = json.loads(body) if answer.getheader("Content-Type") == "application/json" else {}
        return answer.status, {name.lower(): value for name, value in told.items()}


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """deploy/nginx as it ships, with other ports and places, and the certificate that deploy/certificate.py makes."""
    folder = tmp_path_factory.mktemp("proxy")
    subprocess.run(  # noqa: S603  our own program
        [sys.executable, str(DEPLOY / "certificate.py"), str(folder), NAME], check=True, capture_output=True
    )
    made = Proxy(free_port(), free_port(), ssl.create_default_context(cafile=str(folder / "certificate.pem")))

    class Web(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.reached.append(self.path)
            body = json.dumps(dict(self.headers)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_words: object) -> None: ...

    with ExitStack() as stack:
        web = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Web))
        threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        stack.callback(web.shutdown)
        upstream = (DEPLOY / "nginx" / "web.conf").read_text()
        text = replaced(upstream, "127.0.0.1:8000", f"127.0.0.1:{web.server_port}")
        text += replaced((DEPLOY / "nginx" / "offshelf.conf").read_text(), "listen 80;", f"listen {made.plain_port};")
        text = replaced(text, "listen 443 ssl;", f"listen {made.port} ssl;")
        text = replaced(text, "/etc/ssl/offshelf/", f"{folder}/")
        if version() < (1, 25):
            text = re.sub(r"http2 on;.*", "", text)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}\n"
            f"http {{ access_log off;\n{temporary}{text}}}\n"
        )
        words = [str(NGINX), "-e", "stderr", "-c", str(folder / "nginx.conf")]
        log = stack.enter_context((folder / "log").open("w"))
        process = subprocess.Popen(words, stderr=log)  # noqa: S603  the system's program
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        until = time.monotonic() + 20
        while True:
            try:
                made.connect().close()
                break
            except OSError:
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < until, (folder / "log").read_text()
                time.sleep(0.05)
        yield made


def version() -> tuple[int, ...]:
    said = subprocess.run([str(NGINX), "-v"], capture_output=True, text=True, check=True).stderr  # noqa: S603
    return tuple(map(int, re.findall(r"nginx/(\d+)\.(\d+)", said)[0]))


def replaced(text: str, former: str, now: str) -> str:
    assert former in text, former
    return text.replace(former, now)


def address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, args=[7])


@pytest.mark.parametrize("name", MAX_UPLOAD)
def test_every_address_that_takes_files_gets_as_much_as_offshelf_takes_there_and_no_more(
    proxy: Proxy, name: str
) -> None:
    assert not proxy.is_refused(address(name), MAX_UPLOAD[name])
    proxy.reached.clear()
    assert proxy.is_refused(address(name), MAX_UPLOAD[name] + 1)
    assert proxy.reached == []


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/people/add/", MAX_FORM),
        ("/api/v1/uploads", MAX_FORM),
        ("/scim/v2/Users", MAX_FORM),
        ("/sign-in/", MAX_ANONYMOUS),
    ],
)
def test_every_other_address_gets_a_form(proxy: Proxy, path: str, limit: int) -> None:
    assert not proxy.is_refused(path, limit)
    assert proxy.is_refused(path, limit + 1)


def test_the_client_cannot_choose_its_address_or_the_id_of_its_request(proxy: Proxy) -> None:
    status, told = proxy.get("/queue/", X_Forwarded_For="8.8.8.8", X_Forwarded_Proto="http", X_Request_ID="mine")
    assert (status, told["x-forwarded-for"], told["x-forwarded-proto"]) == (200, "127.0.0.1", "https")
    assert re.fullmatch(r"[0-9a-f]{32}", told["x-request-id"])
    assert told["host"] == NAME


def test_metrics_stay_inside_and_plain_http_leads_to_tls(proxy: Proxy) -> None:
    proxy.reached.clear()
    assert proxy.get("/metrics")[0] == 404
    plain = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=20)
    plain.request("GET", "/queue/?page=2", headers={"Host": NAME})
    answer = plain.getresponse()
    assert (answer.status, answer.getheader("Location")) == (308, f"https://{NAME}/queue/?page=2")
    plain.close()
    assert proxy.reached == []


def test_one_client_has_so_many_requests_under_way_and_no_more(proxy: Proxy) -> None:
    proxy.reached.clear()
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(proxy.begin("/people/add/", 1000))
        time.sleep(0.2)
        assert proxy.get("/queue/")[0] == 503
    assert proxy.reached == [], "forty requests without their bodies hold no thread of the web server"
    until = time.monotonic() + 10
    while proxy.get("/queue/")[0] != 200 and time.monotonic() < until:
        time.sleep(0.05)
    assert proxy.get("/queue/")[0] == 200


def test_a_certificate_is_made_once_and_never_in_place_of_half_of_one(tmp_path: Path) -> None:
    words = [sys.executable, str(DEPLOY / "certificate.py"), str(tmp_path), f"{NAME},www.{NAME}"]

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  our own program

    first = run()
    assert (first.returncode, f"for {NAME}, www.{NAME}" in first.stdout) == (0, True)
    kept = (tmp_path / "certificate.pem").read_bytes()
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    again = run()
    assert (again.returncode, "stay" in again.stdout) == (0, True)
    assert (tmp_path / "certificate.pem").read_bytes() == kept
    (tmp_path / "certificate.pem").unlink()
    half = run()
    assert (half.returncode, "without its companion" in half.stderr) == (1, True)
    assert not (tmp_path / "certificate.pem").exists()
