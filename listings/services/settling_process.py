"""A process beside the import's own, in which listings are read for their keys: on another core, out of harm's way."""

import json
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Timer
from typing import IO, Any, cast

from django.conf import settings

from listings.matching.settling import Answer, Sought, receive, send

MAX_SECONDS = 60.0  # for one chunk of listings, of which 5,000 take half a second
_ENVIRONMENT = frozenset({"PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"})  # nothing in it is secret

logger = logging.getLogger(__name__)


class SettlingFailed(Exception):
    """The process died, hung or answered nonsense, and has been ended; the listings that it had are not settled."""


class SettlingProcess:
    """Starts at once, in the thread that lives as long as the process is needed: with that thread it ends."""

    def __init__(self) -> None:
        self._told: Sought | None = None
        self._process = subprocess.Popen(  # noqa: S603  a list of arguments, no shell
            [sys.executable, "-m", "listings.matching.settling_child", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env={name: value for name, value in os.environ.items() if name in _ENVIRONMENT},
        )
        self._questions = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)

    @property
    def pid(self) -> int:
        return self._process.pid

    def settle(self, rows: Sequence[tuple[Any, ...]], sought: Sought) -> list[Answer]:
        """The answer for each listing, given by the fields of its `ListingText`, in their order. To be called
        by one thread at a time; asks no database.

        Raises SettlingFailed, after MAX_SECONDS at the latest.
        """
        last = Timer(MAX_SECONDS, self._process.kill)  # whoever waits for a dead process is told so
        last.daemon = True
        last.start()
        try:
            if self._told is None or not self._told.is_as(sought):
                self._send(sought.bare())
                self._told = sought
            self._send(rows)
            body = receive(self._answers)
            answers = None if body is None else json.loads(body)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise SettlingFailed(f"it ended or answered nonsense: {error}") from error
        finally:
            last.cancel()
        if not isinstance(answers, list) or len(answers) != len(rows):
            self.close()
            raise SettlingFailed(f"it ended with exit code {self._process.returncode}")
        return answers

    def _send(self, message: object) -> None:
        send(self._questions, pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._questions, self._answers):
            with suppress(OSError):  # what it did not take any more
                pipe.close()
