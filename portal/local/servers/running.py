"""An embedded server: how to start it, and the handle of one that is running."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.local.processes import Child, end, has_ended, last_lines, open_log, spawn

_START_WITHIN = 30.0  # seconds; recovery after a crash included
_STOP_WITHIN = 15.0


class ServerUnavailable(Exception):
    """An embedded server cannot be started; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server ready to be started: the program, the address it will answer at, and where it logs."""

    child: Child
    url: str
    log: Path
    app_url: str = ""
    """Of a database: the same with the role that the application works as; `url` is its owner's."""
    tidy: Callable[[], None]
    """Removes files outside the server's folder; called once it has ended."""


class RunningServer:
    """A started server. `url` is its address, `app_url` the application's own where there is one, `process` the program; use
    it as a context manager or call `stop()`."""

    def __init__(self, server: Server) -> None:
        """Start `server` and wait until it answers; raises ServerUnavailable with the end of its log if it does not.

        Must be called from the main thread: the server dies with the thread that started it.
        """
        self.server = server
        self.url, self.app_url = server.url, server.app_url or server.url
        with open_log(server.log) as log:
            self.process = spawn(server.child, output=log)
        self._await_ready()

    def _await_ready(self) -> None:
        child = self.server.child
        deadline = time.monotonic() + _START_WITHIN
        while not has_ended(self.process):
            if child.ready is None or child.ready(self.process.pid):
                return
            if time.monotonic() > deadline:
                self.stop()
                raise ServerUnavailable(
                    f"{child.name} did not answer within {_START_WITHIN:.0f} seconds. "
                    f"{self.server.log} ends with:\n{last_lines(self.server.log)}"
                )
            time.sleep(0.02)
        self.server.tidy()
        raise ServerUnavailable(
            f"{child.name} ended while starting (exit code {self.process.returncode}). "
            f"{self.server.log} ends with:\n{last_lines(self.server.log)}"
        )

    def stop(self) -> None:
        """Shut the server down, or kill it after 15 seconds. A second call does nothing."""
        end(self.process, self.server.child.stop_signal, within=_STOP_WITHIN)
        self.server.tidy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
