"""Running the `offshelf` command as a person does, and servers that answer it as staged."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from offshelf_client.__main__ import main

KEY = "ofs_" + "k" * 43


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: str, stdin: str = "") -> Ran:
    """In a thread of its own: the command runs an event loop, and a browser's tests may have one in this one."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(stdin))
        with ThreadPoolExecutor(1) as thread:
            try:
                status = thread.submit(main, arguments).result()
            except SystemExit as ended:  # of argparse
                status = int(ended.code or 0)
    return Ran(status, out.getvalue(), err.getvalue())


@dataclass
class Staged:
    """A server that gives `answers` one after the other, the last one for ever; `asked` is what it was asked."""

    answers: list[Callable[[BaseHTTPRequestHandler], None]]
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


def answer(status: int, content: Any, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A JSON answer; header names have _ for -."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def problem(status: int, code: str, detail: str, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return answer(status, {"status": status, "code": code, "detail": detail}, **headers)


@contextmanager
def staged(*answers: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Staged]:
    stage = Staged(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            stage.asked.append((self.command, self.path, dict(self.headers), body))
            give = stage.answers.pop(0) if len(stage.answers) > 1 else stage.answers[0]
            give(self)

        def log_message(self, *_arguments: Any) -> None:
            """Quiet."""

    for method in ("GET", "POST"):
        setattr(Handler, f"do_{method}", Handler.handle_one)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stage.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stage
        finally:
            server.shutdown()
            thread.join()
