"""Which background task waits in which queue, and for how long it may run: the one table of it.

Each queue has processes of its own, so that whatever hangs in one stops none of the others. Above all the clocks: whether
a deadline is seen, an event sealed, a decision final must depend on no stranger's answer, file or catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """Tasks that share `processes` processes. After `soft` seconds a task is told to end, after `hard` its process is
    ended; what it had not finished is found again in the database by the next sweep."""

    name: str
    processes: int
    soft: int
    hard: int


CLOCKS = Queue("clocks", 2, 40, 50)  # asks nobody, waits for nothing but the database
CHECKS = Queue("checks", 2, 90, 120)
MATCHING = Queue("matching", 2, 300, 330)  # a notice is matched against a whole catalogue in one go
FILES = Queue("files", 2, 1_500, 1_800)  # imports, dry runs and exports, with a heartbeat of their own
DELIVERIES = Queue("deliveries", 2, 90, 120)

QUEUES = (CLOCKS, CHECKS, MATCHING, FILES, DELIVERIES)

TASKS: dict[str, Queue] = {
    "portal.tasks.seal_audit": CLOCKS,
    "recalls.tasks.publish_embargoed_due": CLOCKS,
    "listings.tasks.finalize_decisions_due": CLOCKS,
    "enforcement.tasks.sweep_escalations": CLOCKS,
    "enforcement.tasks.watch_clocks": CLOCKS,
    "enforcement.tasks.observe_due": CHECKS,
    "enforcement.tasks.observe_feeds_due": CHECKS,
    "enforcement.tasks.check_pictures_due": CHECKS,
    "listings.tasks.expire_exclusions": MATCHING,
    "listings.tasks.match_notices_due": MATCHING,
    "listings.tasks.match_listings_due": MATCHING,
    "listings.tasks.match_shard": MATCHING,
    "portal.tasks.run_exports_due": FILES,
    "portal.tasks.delete_old_exports": FILES,
    "recalls.tasks.run_recall_imports_due": FILES,
    "recalls.tasks.fetch_recall_feeds_due": FILES,
    "listings.tasks.run_imports_due": FILES,
    "listings.tasks.run_dry_runs_due": FILES,
    "portal.tasks.send_mail_due": DELIVERIES,
    "portal.tasks.send_hooks_due": DELIVERIES,
    "portal.tasks.stamp_audit": DELIVERIES,
    "portal.tasks.anchor_audit": DELIVERIES,
    "recalls.tasks.confirm_deliveries": DELIVERIES,
    "enforcement.tasks.ping_dead_mans_switch": DELIVERIES,
}

NOT_PERIODIC = {"listings.tasks.match_shard", "enforcement.tasks.ping_dead_mans_switch"}


def routes() -> dict[str, dict[str, str]]:
    """Celery's `task_routes`."""
    return {task: {"queue": queue.name} for task, queue in TASKS.items()}


def limits() -> dict[str, dict[str, int]]:
    """Celery's `task_annotations`."""
    return {task: {"soft_time_limit": queue.soft, "time_limit": queue.hard} for task, queue in TASKS.items()}


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
