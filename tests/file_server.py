"""A real server of one file, as publishers and shops run them: what it answers next, and what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FileServer:
    """Answers 304 to who has its ETag."""

    def __init__(self) -> None:
        self.status, self.body = 200, b"[]"
        self.headers = {"ETag": '"one"', "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
        self.asked: list[dict[str, str]] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/recalls.json"


@contextmanager
def serving(settings: Any, kind: type[FileServer] = FileServer) -> Iterator[Any]:
    """A server, at a place from which files may be fetched."""
    behind = kind()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            behind.asked.append({name.lower(): value for name, value in self.headers.items()})
            if self.headers.get("If-None-Match") == behind.headers.get("ETag") and behind.status == 200:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(behind.status)
            for name, value in behind.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(behind.body)))
            self.end_headers()
            self.wfile.write(behind.body)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    behind.port = server.server_port
    settings.FETCH_ALLOWED_PRIVATE = [*settings.FETCH_ALLOWED_PRIVATE, f"127.0.0.1:{behind.port}"]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield behind
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
