"""Further instances beside the one that the tests work in: a database and a folder of files of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings as configured
from django.db import connection
from psycopg import sql

from portal.database.roles import as_owner


@dataclass(frozen=True)
class Instance:
    """A database and a folder of files."""

    database: str
    files: Path

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This process works in the instance, as the application's role."""
        former, folder = connection.settings_dict["NAME"], configured.MEDIA_ROOT
        connection.close()
        connection.settings_dict["NAME"], configured.MEDIA_ROOT = self.database, self.files
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"], configured.MEDIA_ROOT = former, folder

    def content(self) -> dict[str, Any]:
        """Rows and digest of every table, where every sequence stands, and every file."""
        with self.entered(), as_owner(), connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            found: dict[str, Any] = {}
            for name in tables:
                cursor.execute(
                    f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t"  # noqa: S608
                )
                found[name] = cursor.fetchone()
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
            found["sequences"] = cursor.fetchall()
            cursor.execute(
                "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
            )
            found["triggers"] = cursor.fetchall()
        paths = (path for path in self.files.rglob("*") if path.is_file())
        return found | {f"file {path.relative_to(self.files)}": path.read_bytes() for path in paths}

    def is_empty(self) -> bool:
        with self.entered(), as_owner(), connection.cursor() as cursor:
            return not connection.introspection.table_names(cursor) and not any(self.files.glob("*"))


def on_the_server(statement: str, name: str) -> None:
    known = configured.OWNER_DATABASE or configured.APP_DATABASE
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"] or None,
        dbname="postgres", autocommit=True,
    ) as own:  # fmt: skip
        own.execute(sql.SQL(statement).format(sql.Identifier(name)))
