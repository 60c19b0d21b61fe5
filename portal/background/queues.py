"""Which background task waits in which queue, and for how long it may run: the queues, and the one table of tasks.

Each queue has processes of its own, so that whatever hangs in one stops none of the others. Above all the clocks: whether
a deadline is seen, an event sealed, a decision final must depend on no stranger's answer, file or catalogue.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from celery.schedules import schedule
from django.conf import settings

from portal.env import Env


@dataclass(frozen=True, slots=True)
class Queue:
    """Tasks that share `processes` processes. After `soft` seconds a task is asked to end, after `hard` its process is
    ended; what it had not finished is found again in the database by the next sweep."""

    name: str
    processes: int
    soft: int
    hard: int


CLOCKS = Queue("clocks", 2, 40, 50)  # asks no one, waits for nothing but the database
CHECKS = Queue("checks", 2, 90, 120)
MATCHING = Queue("matching", 2, 300, 330)  # a notice is matched against a whole catalogue in one go
FILES = Queue("files", 2, 1_500, 1_800)  # imports, dry runs and exports, with a heartbeat of their own
DELIVERIES = Queue("deliveries", 2, 90, 120)

BROWSER = Queue("browser", 1, 90, 120)  # pages that run programs, one at a time

QUEUES = (
    *(CLOCKS, CHECKS, MATCHING, FILES, DELIVERIES),
    *((BROWSER,) if Env().flag("BROWSER_CHECKS", default=False) else ()),
)

TASKS: dict[str, Queue] = {}
"""Task → its queue. Each app adds its own (registration.py)."""
SCHEDULE: dict[str, dict[str, Any]] = {}
"""Celery's `beat_schedule`: each periodic task every SWEEP_SECONDS, or SELDOM times that."""
SELDOM = 6


def register(tasks: Mapping[str, Queue], *, on_call: Collection[str] = (), seldom: Collection[str] = ()) -> None:
    """Add tasks of an app: all of them are periodic but those `on_call`, which other tasks start; `seldom` those that
    nobody waits for, so that they take no turn from others in their queue. At start only."""
    TASKS.update(tasks)
    for task in tasks:
        if task not in on_call:
            every = settings.SWEEP_SECONDS * (SELDOM if task in seldom else 1)
            SCHEDULE[task] = {"task": task, "schedule": schedule(every), "options": {"expires": max(30, every)}}


def route(name: str, /, *_call: object, **_options: object) -> dict[str, str] | None:
    """One of Celery's `task_routes`."""
    return {"queue": TASKS[name].name} if name in TASKS else None


class Limits:
    """One of Celery's `task_annotations`."""

    def annotate(self, task: Any) -> dict[str, int]:
        queue = TASKS.get(task.name)
        return {"soft_time_limit": queue.soft, "time_limit": queue.hard} if queue else {}


def processes(given: Mapping[str, str]) -> dict[str, int]:
    """How many processes each queue has: `given`, as in WORKER_PROCESSES, else its own number. Raises ValueError."""
    found = {queue.name: queue.processes for queue in QUEUES}
    for name, number in given.items():
        if name not in found:
            raise ValueError(f"WORKER_PROCESSES names {name!r}; the queues are {', '.join(found)}.")
        if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= 64:
            raise ValueError(f"WORKER_PROCESSES has {name}={number}; it must be a number from 1 to 64.")
        found[name] = int(number)
    return found
