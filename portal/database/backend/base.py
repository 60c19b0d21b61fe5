# mypy: disable-error-code="attr-defined, call-arg, misc, name-defined"
# (django-stubs leave out most of the PostgreSQL backend)
"""Every statement runs in the name of who acts at the moment: in their database role, with their tenant beside it.

PostgreSQL forgets both with the transaction, so nothing stays behind on a connection that a pooler hands to the next
(transaction pooling is fine). Inside a transaction they are set with its first statement, and again when somebody else
acts; outside, they travel in one message with each statement, which PostgreSQL takes as one transaction: no further round
trip, and no transaction that a page holds open while it is drawn.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import register_tzloader
from psycopg.pq import Format

from portal.database import acting, row_security

_UNKNOWN = object()
_MARKS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")  # may come after an error, and read no row


class NoActor(RuntimeError):
    """A statement names a table with tenants, and nobody said in whose name it is asked: the caller forgot."""


class DatabaseOperations(base.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str | None:
        """As it was asked, without what was sent ahead of it."""
        text: str | None = super().last_executed_query(cursor, sql, params)
        return row_security.without_statement(text) if text else text


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows in whose name its transaction stands."""

    ops_class = DatabaseOperations
    _standing: object = None

    noted: set[Hashable]
    """What portal.database.noted keeps until the transaction ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noted = set()

    _takes_roles = False

    @property
    def is_walled(self) -> bool:
        """Whether this process works as the application's role; the owner, who migrates, sees all by its own policy.

        Web and workers do not know the owner: there the database says whether this role may take the others.
        """
        owner = settings.OWNER_DATABASE
        return self._takes_roles if owner is None else bool(self.settings_dict["USER"] != owner["USER"])

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": Cursor}

    def create_cursor(self, name: str | None = None) -> Any:
        if name is None:
            cursor: Any = super().create_cursor()
        else:
            cursor = ServerSideCursor(self.connection, name=name, scrollable=False, withhold=self.connection.autocommit)
            if self.timezone != self.connection.adapters.get_loader(base.TIMESTAMPTZ_OID, Format.TEXT).timezone:
                register_tzloader(self.timezone, cursor)
        cursor.wall = self if self.is_walled else None
        return cursor

    def before(self, query: object) -> str:
        """What has to be sent ahead of `query`; empty where the transaction stands in the right name already.

        Raises NoActor where nobody acts and the query names a table with tenants.
        """
        text = str(query)
        if text.startswith(_MARKS):
            return ""
        principal = acting.current()
        if principal is None and (table := row_security.table_in(text)):
            raise NoActor(
                f"Nobody acts here, so no row of {table} is there. Say who does: portal.database.acting.acting(…) around "
                "the work, or acting.begin(acting.SYSTEM) where a process starts."
            )
        if self.connection.autocommit:
            return row_security.statement(principal) if principal is not None else ""
        if self._standing == principal:
            return ""
        self._standing = principal
        return row_security.statement(principal)

    @contextmanager
    def known_once_sent(self) -> Iterator[None]:
        """In whose name the transaction stands is known when that was sent: what breaks before, in making the message of the
        values, leaves it as it was."""
        try:
            yield
        except BaseException:
            self._standing = _UNKNOWN
            raise

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._forget()
        made = super().get_new_connection(conn_params)
        if settings.OWNER_DATABASE is None:
            found = made.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [row_security.role_of(acting.ALL)])
            self._takes_roles = found.fetchone() is not None
            made.rollback()  # Django decides how the connection commits, and cannot inside a transaction
        return made

    def _forget(self) -> None:
        """A transaction ends: nothing of it is known any more."""
        self._standing = None
        self.noted.clear()

    def _set_autocommit(self, autocommit: bool) -> None:
        self._forget()
        super()._set_autocommit(autocommit)

    def _commit(self) -> Any:
        self._forget()
        return super()._commit()

    def _rollback(self) -> Any:
        self._forget()
        return super()._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)
        self._standing = _UNKNOWN  # it is again what it was at the savepoint


class Cursor(base.Cursor):
    """Sends in whose name ahead of a statement, in the same message."""

    wall: DatabaseWrapper | None = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        before = self.wall.before(query) if self.wall is not None else ""
        if self.wall is None or not before:
            return super().execute(query, params, **options)
        with self.wall.known_once_sent():
            super().execute(before + self.mogrify(query, params), **options)
        self.nextset()  # past the answer of what was sent ahead
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        if self.wall is None:
            super().executemany(query, params_seq, **options)
            return
        for params in params_seq:
            self.execute(query, params)

    def copy(self, statement: Any, *arguments: Any, **options: Any) -> Any:
        if self.wall is not None and (before := self.wall.before(statement)):
            with self.wall.known_once_sent():
                super().execute(before)
        return super().copy(statement, *arguments, **options)


class ServerSideCursor(base.ServerSideCursor):
    """The same for a cursor that PostgreSQL keeps. Outside a transaction it holds the rows of the one it is opened in."""

    wall: DatabaseWrapper | None = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        before = self.wall.before(query) if self.wall is not None else ""
        if self.wall is None or not before:
            return super().execute(query, params, **options)
        if self.connection.autocommit:
            with self.connection.transaction():
                self.connection.execute(before)
                return super().execute(query, params, **options)
        with self.wall.known_once_sent():
            self.connection.execute(before)
        return super().execute(query, params, **options)
