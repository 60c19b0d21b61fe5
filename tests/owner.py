"""What only the owner of the tables can do, on a connection of its own: tests themselves work as the application's role.

It sees what is committed only: a test that forces something needs `django_db(transaction=True)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection

from portal.audit import chain
from portal.models import AuditSeal


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    """A connection of the owner to the test database, committed at the end; it waits for locks for ten seconds at most."""
    known = settings.OWNER_DATABASE or settings.APP_DATABASE
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"] or None,
        dbname=connection.settings_dict["NAME"], options="-c lock_timeout=10s",
    ) as own:  # fmt: skip
        yield own


def force(statement: str, parameters: list[object] | None = None) -> None:
    """Run a statement as somebody could who owns the database: with all triggers off."""
    with owner() as own:
        own.execute("SET session_replication_role = replica")
        own.execute(statement, parameters)


LARGE = 4_000_000
"""Bytes from which on a table is truncated."""


def empty_tables() -> None:
    """Make every table empty, the append-only ones too, once those have ended who still write.

    The rows of the few tables that have any are deleted: to truncate makes all files of all tables and indexes again.
    """
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = list(map(connection.ops.quote_name, names))
    sizes = " UNION ALL ".join(
        f"(SELECT '{table}', pg_table_size('{table}') FROM {table} LIMIT 1)"  # noqa: S608
        for table in tables
    )
    with owner() as own:
        own.execute("SET session_replication_role = replica")
        own.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        for table, size in own.execute(sizes).fetchall():
            # What refers to the rows of a table is emptied as well: no trigger of a foreign key asks for an order.
            own.execute(f"TRUNCATE {table} CASCADE" if size > LARGE else f"DELETE FROM {table}")  # noqa: S608


def rebuild_chain(*, reason: str) -> None:
    """What somebody could do who owns the database: change every event and compute every seal again."""
    force("UPDATE portal_auditevent SET reason = %s", [reason])
    previous = chain.GENESIS
    for seal in AuditSeal.objects.select_related("event").order_by("position"):
        digest = chain.digest_of(chain.content_of(seal.event), seal.nonce)
        hash_ = chain.link(seal.position, previous, digest)
        force(
            "UPDATE portal_auditseal SET previous_hash = %s, digest = %s, hash = %s WHERE position = %s",
            [previous, digest, hash_, seal.position],
        )
        previous = hash_
