"""The faults that the drill injects: each injection is one function, registered by `injection` with its weight.

An injection undoes what does not recover by itself (a frozen process is resumed). It may raise errors that `insist` of
load.py treats as temporary; the drill counts an injection when it has been carried out.
"""

import contextlib
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from django.conf import settings

from benchmarks.faults.disk import full, is_own
from benchmarks.faults.instance import processes_of, strike
from benchmarks.faults.load import Load
from benchmarks.faults.outside import TAKES, Outside

ALL: dict[str, tuple[int, Callable[["Site"], None]]] = {}


@dataclass
class Site:
    """The targets of injections: folder, database (as its owner) and processes of the instance, the outside world,
    the load."""

    folder: Path
    owner: str
    workers: list[str]
    outside: Outside
    load: Load
    chance: random.Random
    serial: int = 0

    def next(self) -> int:
        self.serial += 1
        return self.serial

    def processes(self, name: str) -> list[int]:
        return processes_of(self.folder, name)


Injection = Callable[[Site], None]


def injection(weight: int, name: str = "") -> Callable[[Injection], Injection]:
    """Register a function as an injection, drawn `weight` times as often as one with weight 1."""

    def register(function: Injection) -> Injection:
        ALL[name or function.__name__] = (weight, function)
        return function

    return register


def plan(site: Site, count: int) -> Iterator[tuple[str, Injection]]:
    """`count` injections in a seeded order: each kind once if there is room, the rest drawn by weight."""
    names = sorted(ALL)
    site.chance.shuffle(names)
    weights = [ALL[name][0] for name in names]
    drawn = names[:count] + site.chance.choices(names, weights=weights, k=max(0, count - len(names)))
    site.chance.shuffle(drawn)
    for name in drawn:
        yield name, ALL[name][1]


def kill(site: Site, name: str) -> None:
    strike(site.processes(name), signal.SIGKILL)


def freeze(site: Site, name: str, *, low: float = 1.0, high: float = 4.0) -> None:
    """Stop a program with all its processes for some seconds, like a machine that swaps."""
    pids = site.processes(name)
    strike(pids, signal.SIGSTOP)
    try:
        time.sleep(site.chance.uniform(low, high))
    finally:
        strike(pids, signal.SIGCONT)


def register_processes(workers: list[str]) -> None:
    """Register a kill -9 and a freeze of each program of the instance."""
    for name in (*workers, "web-1", "web-2", "beat-1", "beat-2", "valkey"):
        injection(1, f"kill {name}")(lambda site, name=name: kill(site, name))  # type: ignore[misc]
        injection(1, f"freeze {name}")(lambda site, name=name: freeze(site, name))  # type: ignore[misc]


def register_full_disk(folder: Path) -> None:
    """Fill the disk of database, broker, files and logs for some seconds, if it is a separate disk."""
    if is_own(folder):
        injection(2, "full disk")(_fill_disk)


def _fill_disk(site: Site) -> None:
    with full(site.folder):
        time.sleep(site.chance.uniform(1, 4))


def _database(site: Site) -> "psycopg.Connection[tuple[object, ...]]":
    """As the owner, because the role of the application cannot end other sessions."""
    return psycopg.connect(site.owner, autocommit=True, connect_timeout=5)


@injection(1)
def kill_postgres(site: Site) -> None:
    """kill -9 of the whole database server, which recovers from its log."""
    kill(site, "postgres")


@injection(1)
def freeze_postgres(site: Site) -> None:
    freeze(site, "postgres", high=3.0)


@injection(2)
def cut_sessions(site: Site) -> None:
    """End every session of the database during its work."""
    with contextlib.suppress(psycopg.Error), _database(site) as session:
        session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


@injection(1)
def exhaust_connections(site: Site) -> None:
    """Take all connections for two seconds."""
    held: list[psycopg.Connection[tuple[object, ...]]] = []
    try:
        while len(held) < 300:
            held.append(_database(site))
    except psycopg.Error:
        time.sleep(2)
    finally:
        for session in held:
            session.close()


@injection(1)
def empty_broker(_site: Site) -> None:
    """FLUSHALL: every waiting message is lost; the database is the source of truth."""
    with contextlib.suppress(redis.RedisError), redis.Redis.from_url(settings.BROKER_URL, socket_timeout=3) as broker:
        broker.flushall()


@injection(1)
def refuse_writes_of_broker(site: Site) -> None:
    """The broker has no memory left for a few seconds."""
    with contextlib.suppress(redis.RedisError), redis.Redis.from_url(settings.BROKER_URL, socket_timeout=3) as broker:
        broker.config_set("maxmemory", "1")
        try:
            time.sleep(site.chance.uniform(1, 3))
        finally:
            broker.config_set("maxmemory", "0")


@injection(2)
def step_clock(site: Site) -> None:
    """The clock of the machine jumps and returns."""
    path = site.folder / "clock-offset"
    path.write_text(str(site.chance.choice((-120, -45, -5, 5, 45, 120))))
    try:
        time.sleep(site.chance.uniform(0.5, 3))
    finally:
        path.write_text("0")


@injection(2)
def mail_server_misbehaves(site: Site) -> None:
    site.outside.truth.mail_mode = site.chance.choice(("busy", "full", "hang", "cut"))
    try:
        time.sleep(site.chance.uniform(1, 4))
    finally:
        site.outside.truth.mail_mode = "accept"


@injection(3)
def webhook_misbehaves(site: Site) -> None:
    platform = site.chance.choice(site.load.cast.platforms)
    site.outside.truth.hook_mode[platform.slug] = site.chance.choice(TAKES[1:])
    try:
        time.sleep(site.chance.uniform(1, 3))
    finally:
        site.outside.truth.hook_mode[platform.slug] = "accept"
        site.load.cast.enable_webhooks()
