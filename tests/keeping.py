"""Rows that are built once for the tests of a module, none of which commits anything."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from portal.database.acting import SYSTEM, acting


@contextmanager
def kept_for_a_module() -> Iterator[None]:
    """What is written at its beginning is there for each test, which is undone to there; at its end all of it is undone."""
    with acting(SYSTEM), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # a test may wait for something else
        yield
        transaction.set_rollback(True)
