"""Child processes that cannot outlive us: their description, start, supervision and end."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portal.local import parent_death

_CHECK_EVERY = 0.02  # seconds between two checks of a process
LOG_LIMIT = 20 << 20  # bytes; a longer log file is moved away


@dataclass(frozen=True, kw_only=True)
class Account:
    """The user and group that a process drops to."""

    uid: int
    gid: int


@dataclass(frozen=True, kw_only=True)
class Child:
    """One long-running program.

    `env` replaces the environment (None inherits it). `stop_signal` asks it to end in good order; `death_signal` is
    what the kernel sends it when we die first. `ready` is asked with the process id until it says yes. `prepare` runs
    before each start and may refuse by raising. What `others_need` ends after everything that was started later.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    ready: Callable[[int], bool] | None = None
    prepare: Callable[[], None] | None = None
    death_signal: signal.Signals = signal.SIGKILL
    account: Account | None = None
    folder: Path | None = None
    others_need: bool = False


def parent_death_argv(
    argv: Sequence[str], *, death_signal: signal.Signals = signal.SIGKILL, account: Account | None = None
) -> list[str]:
    """`argv` behind the launcher that ties it to the calling process and drops to `account`."""
    uid, gid = ("-", "-") if account is None else (str(account.uid), str(account.gid))
    launcher = [
        sys.executable,
        "-I",
        "-S",
        parent_death.__file__,
        str(int(death_signal)),
        str(os.getpid()),
        uid,
        gid,
        "--",
    ]
    return [*launcher, *argv]


def spawn(child: Child, *, output: IO[bytes] | int | None) -> "subprocess.Popen[bytes]":
    """Start `child` in a session of its own, so that a Ctrl-C in the terminal reaches only us.

    Call it in the main thread. `output` takes what the child writes; None leaves it on our own output.
    """
    if child.prepare is not None:
        child.prepare()
    return subprocess.Popen(  # noqa: S603  a list of arguments, no shell
        parent_death_argv(child.argv, death_signal=child.death_signal, account=child.account),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        env=None if child.env is None else dict(child.env),
        cwd=child.folder,
        start_new_session=True,
    )


def has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """Whether `process` has ended; then its exit code is known and everything it had started in its group is killed."""
    if process.returncode is not None:
        return True
    try:
        # Not reaped yet, its id cannot belong to another process: kill the processes that it left behind now.
        if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return False
    except ChildProcessError:  # reaped by someone else
        return process.poll() is not None
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return True


def wait_for_end(process: "subprocess.Popen[bytes]", *, within: float) -> bool:
    """Wait up to `within` seconds; False if it still runs."""
    deadline = time.monotonic() + within
    while not has_ended(process):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_CHECK_EVERY)
    return True


def end(process: "subprocess.Popen[bytes]", stop_signal: signal.Signals, *, within: float) -> bool:
    """Ask `process` to end and kill it with its whole group after `within` seconds; False if it had to be killed."""
    if has_ended(process):
        return True
    process.send_signal(stop_signal)
    if wait_for_end(process, within=within):
        return True
    kill(process)
    return False


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill `process` with its whole group, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def open_log(path: Path) -> IO[bytes]:
    """Open a log file for appending, private to this user; a long one is first moved to `<name>.log.1`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    put_aside_if_long(path)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab", buffering=0)


def put_aside_if_long(path: Path) -> None:
    """Copy a log beyond LOG_LIMIT to `<name>.log.1` and empty it in place; its writers continue to append undisturbed."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_LIMIT:
            path.with_name(f"{path.name}.1").write_bytes(path.read_bytes())
            os.truncate(path, 0)


def last_lines(path: Path, count: int = 8) -> str:
    """The end of a log file for an error message; empty if there is none."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 16_384))
            text = log.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])
