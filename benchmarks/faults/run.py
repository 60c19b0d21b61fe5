"""The course of the drill after the start of the instance: load, injections, monitoring of the clocks, rest, check."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.utils import Error as AnyDatabaseError

from benchmarks.faults import hostile, injections, poison
from benchmarks.faults.checker import Findings, findings
from benchmarks.faults.load import Cast, GaveUp, Load, insist
from benchmarks.faults.outside import Outside
from enforcement.models import Heartbeat
from portal.database import acting

MAX_STALL = 60.0  # seconds for which the clocks may stall, whatever happens
QUIET_WITHIN = 150.0
CASE_EVERY = 1.0  # seconds between two new cases
MAX_CASES = 90
HOUR = 3600
SWEEPS = 2.0  # seconds in which every sweep runs
REGISTERED = (hostile, poison)  # importing them registers their injections


class Watch(threading.Thread):
    """Measures how long the clocks stall: the longest time between two reports of the deadline monitor."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="watch")
        self.longest, self._changed = 0.0, time.monotonic()
        self._last: datetime | None = None
        self._end = threading.Event()

    def run(self) -> None:
        acting.begin(acting.SYSTEM)
        while not self._end.wait(0.3):
            try:
                at = Heartbeat.objects.filter(name="clocks").values_list("checked_at", flat=True).first()
            except AnyDatabaseError:
                connection.close()
                continue
            now = time.monotonic()
            if at != self._last:
                self.longest = max(self.longest, now - self._changed)
                self._last, self._changed = at, now
        self.longest = max(self.longest, time.monotonic() - self._changed)
        connection.close()

    def stop(self) -> float:
        self._end.set()
        self.join(10)
        return self.longest


class Driver(threading.Thread):
    """Keeps the load running during the injections."""

    def __init__(self, load: Load) -> None:
        super().__init__(daemon=True, name="load")
        self.load, self.error = load, ""
        self._end = threading.Event()

    def run(self) -> None:
        acting.begin(acting.SYSTEM)
        due = time.monotonic()
        try:
            while not self._end.wait(0.2):
                if time.monotonic() > due and len(self.load.cases) < MAX_CASES:
                    self.load.begin()
                    due = time.monotonic() + CASE_EVERY
                self.load.step()
        except Exception as error:  # noqa: BLE001  the drill ends with a finding, not with a silent thread
            self.error = f"the load stopped: {type(error).__name__}: {error}"
        connection.close()

    def stop(self) -> str:
        self._end.set()
        self.join(120)
        return self.error


def strike_and_check(
    folder: Path, outside: Outside, about: dict[str, Any], *, seed: int, count: int, say: Callable[[str], None]
) -> int:
    """Run the drill and print its findings; returns the exit status."""
    chance = random.Random(seed)  # noqa: S311  a seeded drill, no secret
    load = Load(insist(lambda: Cast(outside)), outside, about["web"], random.Random(seed + 1))  # noqa: S311
    site = injections.Site(folder, about["owner"], about["workers"], outside, load, chance)
    injections.register_processes(about["workers"])
    injections.register_full_disk(folder)
    watch, driver = Watch(), Driver(load)
    watch.start()
    driver.start()
    time.sleep(3)
    carried_out, failed = _strike(site, count, say)
    trouble = driver.stop()
    say(f"finished: {len(load.cases)} cases, {sum(carried_out.values())} injections of {len(carried_out)} kinds")
    found = _quiet(site, load)
    stall = watch.stop()
    found.lost += [trouble] if trouble else []
    found.lost += failed
    for line in found:
        say(f"  {line}")
    say(
        f"faults: {sum(carried_out.values())} injected, {len(found.lost)} lost, {len(found.doubled)} duplicated, "
        f"{len(found.false)} false proofs, longest stall of the clocks {stall:.1f} s"
    )
    return 1 if list(found) or stall >= MAX_STALL else 0


def _strike(site: injections.Site, count: int, say: Callable[[str], None]) -> tuple[Counter[str], list[str]]:
    """Carry out the injections; one that fails for PATIENCE seconds is a finding."""
    carried_out: Counter[str] = Counter()
    failed = []
    for number, (name, function) in enumerate(injections.plan(site, count), 1):
        begun = time.monotonic()
        try:
            insist(partial(function, site))
        except GaveUp as error:
            failed.append(f"injection {name} could not be carried out: {error}")
        else:
            carried_out[name] += 1
        say(f"{number:4} {time.monotonic() - begun:5.1f} s  {name}")
        time.sleep(site.chance.uniform(0, 0.3))
    return carried_out, failed


def _quiet(site: injections.Site, load: Load) -> Findings:
    """The findings after time to recover: the clock is moved on by hours, so that all retries become due."""
    until, hours = time.monotonic() + QUIET_WITHIN, 0
    load.step()
    time.sleep(SWEEPS)
    while True:
        load.step()
        insist(load.cast.enable_webhooks)
        found = insist(lambda: findings(load))
        if not list(found) or time.monotonic() > until:
            return found
        hours += 1
        (site.folder / "clock-offset").write_text(str(hours * HOUR))
        time.sleep(SWEEPS)
