"""A real shop on this machine that answers each path as a test says, and remembers what it was asked."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class AnsweringShop(ThreadingHTTPServer):
    """`pages` holds status and page (of a redirect, where to) by path; everything else is answered by `otherwise`. `headers`
    come with every answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.pages: dict[str, tuple[int, str]] = {}
        self.otherwise: tuple[int, str] = (404, "")
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: AnsweringShop

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, html = self.server.pages.get(self.path, self.server.otherwise)
        body = html.encode()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", html)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def serving(server: AnsweringShop) -> Iterator[AnsweringShop]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
