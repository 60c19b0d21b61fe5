"""What one worker of a parallel run shares with the others, and with what else the machine runs: the database server, ports."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.at_once import until_waiting
from tests.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def session_in(database: str) -> psycopg.Connection:
    known = settings.OWNER_DATABASE or settings.APP_DATABASE
    return psycopg.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"] or None,
        dbname=database, autocommit=True,
    )  # fmt: skip


@contextmanager
def somebody_waits_in(database: str) -> Iterator[None]:
    with session_in(database) as holder, session_in(database) as waiter:
        holder.execute("SELECT pg_advisory_lock(26)")
        waiting = threading.Thread(target=waiter.execute, args=("SELECT pg_advisory_lock(26)",))
        waiting.start()
        try:
            waits, who = "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", [waiter.info.backend_pid]
            while not holder.execute(waits, who).fetchone():
                time.sleep(0.02)
            yield
        finally:
            holder.execute("SELECT pg_advisory_unlock(26)")
            waiting.join()


def test_who_waits_for_a_lock_in_another_workers_database_is_not_taken_for_ours() -> None:
    with somebody_waits_in("postgres"), pytest.raises(AssertionError, match="Nobody waits: 0 of 1"):
        until_waiting(seconds=0.5)
    with somebody_waits_in(str(connection.settings_dict["NAME"])):
        until_waiting()


def test_a_port_that_is_given_is_one_that_the_kernel_gives_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    for worker in ("gw0", "gw1"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
        given += [free_port() for _ in range(50)]
    assert len(set(given)) == 100
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    if first < 14_000:
        pytest.skip(f"This kernel gives ports from {first} on, so there are none below.")
    assert max(given) < first
