"""Runs the browser's program in a process of its own, and ends it with all that it started when its time is over."""

import base64
import binascii
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from enforcement.checks.fetch import Capture
from portal.local.processes import parent_death_argv
from portal.media.imaging import NoPicture, redrawn

ROOT = Path(__file__).resolve().parents[3]
MAX_OUTPUT = 12_000_000  # bytes of the program's result
MAX_MEMORY = 1_200_000_000  # bytes of the browser and all its processes together
# The first is the same engine without a desktop's windows, which nobody sees: it takes half the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PROGRAM = ["-m", "enforcement.checks.rendering.program"]
_PAGE = os.sysconf("SC_PAGE_SIZE")


def chromium() -> str:
    """The Chromium to use: BROWSER_PATH, or the first on the path; "" for none."""
    named = [settings.BROWSER_PATH] if settings.BROWSER_PATH else NAMES
    return next((found for name in named if (found := shutil.which(name))), "")


def problem() -> str:
    """What is missing for browser checks, or ""."""
    if importlib.util.find_spec("playwright") is None:
        return "Playwright is not installed: install Offshelf with the extra `browser`."
    if not chromium():
        return "There is no Chromium: install one, or set BROWSER_PATH to it."
    return ""


def render(url: str, seconds: int = 0) -> tuple[Capture, bytes]:
    """The page as a browser draws it, and its picture (JPEG, redrawn; empty where there is none). Never raises for what
    a page does: see `failure`. It ends within `seconds` (BROWSER_SECONDS) and 2 more."""
    at, seconds = timezone.now(), seconds or settings.BROWSER_SECONDS
    job = {
        "url": url,
        "chromium": chromium(),
        "sandbox": settings.BROWSER_SANDBOX,
        "seconds": seconds,
        "allowed_private": list(settings.FETCH_ALLOWED_PRIVATE),
    }
    with tempfile.TemporaryDirectory(prefix="offshelf-browser-", ignore_cleanup_errors=True) as folder:
        return outcome(url, at, _run(job, folder))


def outcome(url: str, at: datetime, result: Mapping[str, Any]) -> tuple[Capture, bytes]:
    """What the program's `result` says of a page: as `render` gives it."""
    if "failure" in result:
        return Capture(url, at, final_url=url, failure=str(result["failure"])[:300]), b""
    picture = b""
    with suppress(NoPicture, binascii.Error, ValueError):
        picture = redrawn(base64.b64decode(result["picture"]), forms=("JPEG",))[1]
    headers = {"content-type": "text/html; charset=utf-8"}
    summary = f"Chromium {result['browser']}, {result['requests']} requests, {result['refused']} refused"
    return Capture(
        url, at, int(result["status"]), str(result["final_url"]), headers=headers,
        body=str(result["html"]).encode("utf-8", errors="replace"), extracted={"browser": summary},
    ), picture  # fmt: skip


def _run(job: dict[str, Any], folder: str) -> dict[str, Any]:
    """The program's result. Its environment has no secret of ours, and its home is a folder that goes with it."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"}
    process = subprocess.Popen(  # noqa: S603  a list of arguments, no shell
        parent_death_argv([sys.executable, *PROGRAM]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=ROOT,
        start_new_session=True,
    )
    ended = threading.Event()
    watch = _Watch(process.pid, job["seconds"], folder)
    guard = threading.Thread(target=watch.run, args=(ended,), daemon=True)
    guard.start()
    output = b""
    try:
        if process.stdin is not None and process.stdout is not None:
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps(job).encode())
                process.stdin.close()
            output = process.stdout.read(MAX_OUTPUT + 1)
    finally:
        ended.set()
        guard.join()
        watch.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if watch.reason:
        return {"failure": watch.reason}
    if len(output) > MAX_OUTPUT:
        return {"failure": "The page is too large."}
    try:
        result = json.loads(output)
    except ValueError:
        return {"failure": "The browser ended without a result."}
    return result if isinstance(result, dict) else {"failure": "The browser ended without a result."}


class _Watch:
    """Ends the program with all that it started where it takes too much time or memory; `reason` says so.

    A browser's processes are in groups of their own, and lose their parent when it ends. So all that were ever seen are
    remembered, each with the moment of its start, as numbers of processes come again. One that lost its parent before it
    was seen is found by its `home`, which no other rendering has.
    """

    def __init__(self, pid: int, seconds: int, home: str) -> None:
        self.pid, self.seconds, self.home, self.reason = pid, seconds, home, ""
        self._known: dict[int, str] = {}

    def run(self, ended: threading.Event) -> None:
        until = time.monotonic() + self.seconds + 2
        while not ended.wait(0.1):
            self._known |= (tree := _tree(self.pid))
            if time.monotonic() > until:
                self.reason = f"The page was not drawn within {self.seconds} seconds."
            elif _memory_of(tree) > MAX_MEMORY:
                self.reason = f"The page took more than {MAX_MEMORY // 1_000_000} MB of memory."
            if self.reason:
                self.kill()
                return

    def kill(self) -> None:
        """Stop all of it first, so that nothing starts more while it is killed."""
        for _ in range(5):
            fresh = (_tree(self.pid) | _at_home(self.home)).items() - self._known.items()
            self._known |= dict(fresh)
            self._send(signal.SIGSTOP)
            if not fresh:
                break
        self._send(signal.SIGKILL)
        until = time.monotonic() + 2  # they end when the system comes to it
        while time.monotonic() < until and any(self._lives(pid) for pid in self._known if pid != self.pid):
            time.sleep(0.01)

    def _lives(self, pid: int) -> bool:
        return (status := _status(pid)) is not None and status[1] == self._known[pid]

    def _send(self, number: signal.Signals) -> None:
        for pid in self._known:
            with suppress(ProcessLookupError, PermissionError):
                if pid == self.pid or self._lives(pid):
                    os.kill(pid, number)


def _status(pid: int) -> tuple[int, str] | None:
    """The parent of a living process, and the moment of its start; None where there is none, or no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return None if fields[0] in "ZX" else (int(fields[1]), fields[19])
    except (OSError, ValueError, IndexError):
        return None


def _tree(pid: int) -> dict[int, str]:
    """A living process and its descendants, each with the moment of its start."""
    statuses = {
        int(entry.name): status for entry in Path("/proc").glob("[0-9]*") if (status := _status(int(entry.name)))
    }
    children: dict[int, list[int]] = {}
    for each, (parent, _) in statuses.items():
        children.setdefault(parent, []).append(each)
    found = [pid] if pid in statuses else []
    for each in found:
        found += children.get(each, [])
    return {each: statuses[each][1] for each in found}


def _at_home(home: str) -> dict[int, str]:
    """The living processes whose home is this folder, each with the moment of its start."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"HOME={home}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = _status(int(entry.name))
    return {pid: status[1] for pid, status in found.items() if status is not None}


def _memory_of(processes: Iterable[int]) -> int:
    """Bytes that processes hold, without what they share with files."""
    total = 0
    for each in processes:
        with suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{each}/statm").read_text().split()
            total += (int(fields[1]) - int(fields[2])) * _PAGE
    return total
