"""A pytest plugin: programs of the suite that mostly wait run beside the other tests of a parallel run, one after the other.

They start a whole instance of the product each, and take minutes; two at once would starve each other. The process that leads
the run starts them once the tests are collected. The test that judges one comes last, and waits for its end. A run without
workers, and of such a test alone, starts it there.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection
from pathlib import Path

import pytest

from portal.local.processes import parent_death_argv

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = {
    "tests/flows/test_faults.py::test_nothing_is_lost_doubled_or_falsely_proved_whatever_strikes": (
        "benchmarks.faults", "--seed", "20261129", "--count", "44",
    ),
    "tests/flows/test_demo_check.py::test_the_main_job_works_over_http_on_a_private_instance": ("portal.demo.check",),
}  # fmt: skip
"""Test → the module that it judges, and its arguments."""
WITHIN = 420.0  # seconds for one of them
_FOLDER = "TESTS_BESIDE"  # in the environment of the workers: where results are


class _Chain:
    """The programs of a run, in a thread of the process that leads it."""

    def __init__(self, tests: Collection[str], folder: Path) -> None:
        self._tests, self._folder = [test for test in PROGRAMS if test in tests], folder
        self._running: subprocess.Popen[str] | None = None
        self._over = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="beside")
        self._thread.start()

    def _run(self) -> None:
        for test in self._tests:
            if not self._over:
                self._running = _started(PROGRAMS[test])
                _keep(_ended(self._running), _place(self._folder, test))

    def stop(self) -> None:
        """End what still runs, with all that it started: the run was given up."""
        self._over = True
        if self._running is not None and self._running.poll() is None:
            self._running.send_signal(signal.SIGINT)
        self._thread.join(60)


_chains: list[_Chain] = []


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="offshelf-beside-")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(ids: list[str]) -> None:
    if not _chains:
        _chains.append(_Chain(set(ids), Path(os.environ[_FOLDER])))


def pytest_unconfigure() -> None:
    while _chains:
        _chains.pop().stop()
        shutil.rmtree(os.environ.pop(_FOLDER), ignore_errors=True)


@pytest.fixture
def ran_beside(request: pytest.FixtureRequest) -> "subprocess.CompletedProcess[str]":
    """What the program of this test said, and how it ended."""
    test = request.node.nodeid
    if _FOLDER not in os.environ:
        return _ended(_started(PROGRAMS[test]))
    place, until = _place(Path(os.environ[_FOLDER]), test), time.monotonic() + len(PROGRAMS) * WITHIN
    while not place.exists():
        assert time.monotonic() < until, f"nothing is known of {PROGRAMS[test]}"
        time.sleep(0.2)
    return subprocess.CompletedProcess(**json.loads(place.read_text()))


def _place(folder: Path, test: str) -> Path:
    return folder / f"{test.rpartition('::')[2]}.json"


def _started(words: tuple[str, ...]) -> "subprocess.Popen[str]":
    """Where temporary files are is left to it as it is: demos there see which ports others were promised."""
    of_the_suite = ("OFFSHELF_", "PYTEST_", "TESTS_")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(of_the_suite)}
    return subprocess.Popen(  # noqa: S603  our own module
        parent_death_argv([sys.executable, "-m", *words], death_signal=signal.SIGINT),
        cwd=ROOT,
        env=ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ended(process: "subprocess.Popen[str]") -> "subprocess.CompletedProcess[str]":
    try:
        said, complained = process.communicate(timeout=WITHIN)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate()
        complained += f"\nIt did not end within {WITHIN:.0f} seconds."
    return subprocess.CompletedProcess(process.args, process.returncode, said, complained)


def _keep(done: "subprocess.CompletedProcess[str]", place: Path) -> None:
    """Whole or not at all, for who waits for it."""
    fresh = place.with_suffix(".new")
    fresh.write_text(json.dumps(vars(done)))
    fresh.rename(place)
