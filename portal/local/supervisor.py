"""Keeps a few programs running, and leaves none behind.

One thread, one loop: it starts children, starts again what ended, hears the signals that ask us to stop, and ends the
children: together, but for those that others need, which end after them. The children write to log files of their own, so nothing breaks if we are killed; the kernel
ends them then (see parent_death.py). Processes that a child forks must tie themselves with `die_with_parent`.
"""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from portal.local.parent_death import die_with_parent
from portal.local.processes import Child, end, has_ended, kill, last_lines, open_log, put_aside_if_long, spawn

__all__ = ["Child", "ChildFailed", "StopRequested", "Supervisor", "die_with_parent"]

_Handler = Callable[[int, FrameType | None], Any] | int | signal.Handlers | None  # what signal.signal() returns
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_CHECK_EVERY = 0.1  # seconds
_LOGS_EVERY = 60.0
_STEADY_AFTER = 10.0  # a child that ran this long has recovered: its next restart is quick again


class ChildFailed(Exception):
    """A program ended, or did not become ready, while we waited for it; the message names it and shows the end of its log."""


class StopRequested(Exception):
    """A signal asked us to stop while we waited for something."""


@dataclass(kw_only=True)
class _Kept:
    child: Child
    process: "subprocess.Popen[bytes] | None"
    started: float
    failures: int = 0
    due: float = 0.0


class Supervisor:
    """Starts children, keeps them running, and on leaving the `with` block ends them; what others need ends after them.

    `logs` is the folder for `<child name>.log`. `say` gets one line for everything worth telling. `grace` is how many
    seconds each child has to end before it is killed; a second Ctrl-C kills at once. Restarts wait `first_pause`
    seconds and twice as long after each quick failure, up to `longest_pause`. Use it in the main thread: signals arrive
    there, and children die with the thread that started them.
    """

    def __init__(
        self,
        *,
        logs: Path,
        say: Callable[[str], None],
        grace: float = 10.0,
        first_pause: float = 0.5,
        longest_pause: float = 15.0,
    ) -> None:
        self.logs, self.say, self.grace = logs, say, grace
        self.first_pause, self.longest_pause = first_pause, longest_pause
        self._kept: list[_Kept] = []
        self._requests = 0
        self._former: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks us to survive the terminal
                self._former[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            for number, handler in self._former.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._requests += 1

    @property
    def stop_requested(self) -> bool:
        """Whether a signal has asked us to stop."""
        return self._requests > 0

    def log_of(self, child: Child) -> Path:
        """Where the output of `child` goes."""
        return self.logs / f"{child.name.lower()}.log"

    def start(self, child: Child, *, within: float = 60.0) -> None:
        """Start `child` and wait until it is ready; from then on it is kept running.

        Raises ChildFailed if it ends first or takes longer than `within` seconds, StopRequested on a signal.
        """
        self._refuse_if_stopping()
        started = time.monotonic()
        process = self._spawn(child)
        try:
            self._await_ready(child, process, within=within)
        except BaseException:
            end(process, child.stop_signal, within=self.grace)
            raise
        self._kept.append(_Kept(child=child, process=process, started=started))

    def _await_ready(self, child: Child, process: "subprocess.Popen[bytes]", *, within: float) -> None:
        deadline = time.monotonic() + within
        while child.ready is not None and not child.ready(process.pid):
            self._refuse_if_stopping()
            if has_ended(process):
                raise ChildFailed(self._account_of(child, f"ended while starting ({_how(process)})"))
            if time.monotonic() > deadline:
                raise ChildFailed(self._account_of(child, f"was not ready within {within:g} seconds"))
            self._check_children()
            time.sleep(_CHECK_EVERY / 2)

    def run_once(self, child: Child, *, to_log: bool) -> None:
        """Run `child` to its end, with its output in its log file or on ours.

        Raises ChildFailed if its exit code is not 0, StopRequested on a signal (the child is ended).
        """
        self._refuse_if_stopping()
        process = self._spawn(child) if to_log else spawn(child, output=None)
        try:
            while not has_ended(process):
                self._refuse_if_stopping()
                self._check_children()
                time.sleep(_CHECK_EVERY / 2)
        finally:
            end(process, child.stop_signal, within=self.grace)
        if process.returncode != 0:
            happened = f"failed ({_how(process)})"
            raise ChildFailed(self._account_of(child, happened) if to_log else f"{child.name} {happened}.")

    def run(self) -> None:
        """Keep the children running until a signal asks us to stop."""
        logs_due = time.monotonic() + _LOGS_EVERY
        while not self.stop_requested:
            self._check_children()
            if time.monotonic() > logs_due:
                logs_due += _LOGS_EVERY
                for log in self.logs.glob("*.log"):
                    put_aside_if_long(log)
            time.sleep(_CHECK_EVERY)

    def stop(self) -> None:
        """End all children, the last started first, each within `grace` seconds, then by SIGKILL.

        Those that nobody else needs end at the same time: each takes a second or two to hand back its work.
        """
        while self._kept:
            together = [self._kept.pop()]
            while self._kept and not (together[-1].child.others_need or self._kept[-1].child.others_need):
                together.append(self._kept.pop())
            self._end([kept for kept in together if kept.process is not None])

    def _end(self, ending: list[_Kept]) -> None:
        """As `end`, of several at once; it kills at once when a second signal arrives."""
        deadline = time.monotonic() + self.grace
        for kept in ending:
            if kept.process is not None and not has_ended(kept.process):
                kept.process.send_signal(kept.child.stop_signal)
        while (left := [kept for kept in ending if kept.process is not None and not has_ended(kept.process)]) and (
            self._requests < 2 and time.monotonic() < deadline
        ):
            time.sleep(_CHECK_EVERY / 5)
        for kept in left:
            if kept.process is not None:
                kill(kept.process)
            self.say(f"{kept.child.name} did not end in time and was killed.")

    def _spawn(self, child: Child) -> "subprocess.Popen[bytes]":
        with open_log(self.log_of(child)) as log:
            return spawn(child, output=log)

    def _check_children(self) -> None:
        now = time.monotonic()
        for kept in self._kept:
            if kept.process is not None and has_ended(kept.process):
                self._plan_restart(kept, now)
            elif kept.process is None and now >= kept.due:
                self._restart(kept)

    def _plan_restart(self, kept: _Kept, now: float) -> None:
        kept.failures = 1 if now - kept.started > _STEADY_AFTER else kept.failures + 1
        pause = min(self.first_pause * 2 ** min(kept.failures - 1, 16), self.longest_pause)
        self.say(
            f"{kept.child.name} ended ({_how(kept.process)}); starting it again in {pause:g} s. "
            f"Log: {self.log_of(kept.child)}"
        )
        kept.process, kept.due = None, now + pause

    def _restart(self, kept: _Kept) -> None:
        """Start it again; if that fails (a folder in use, no memory for a process), try again later."""
        kept.started = time.monotonic()
        try:
            kept.process = self._spawn(kept.child)
        except Exception as error:  # noqa: BLE001  a failing child must not stop the supervision of the others
            self.say(f"{kept.child.name} could not be started: {error}")
            kept.failures += 1
            kept.due = kept.started + self.longest_pause

    def _refuse_if_stopping(self) -> None:
        if self.stop_requested:
            raise StopRequested

    def _account_of(self, child: Child, happened: str) -> str:
        log = self.log_of(child)
        return f"{child.name} {happened}. {log} ends with:\n{last_lines(log, 15)}"


def _how(process: "subprocess.Popen[bytes] | None") -> str:
    if process is None or process.returncode is None:
        return "no exit code"
    if process.returncode >= 0:
        return f"exit code {process.returncode}"
    return f"signal {signal.Signals(-process.returncode).name}"
