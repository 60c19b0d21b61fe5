"""Further instances beside the one that the tests work in: a database and a folder of files of their own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings as configured
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from psycopg import sql

from portal.database.roles import as_owner
from portal.local.servers.postgres import APP_ROLE, DATABASE, USER, installed
from portal.local.servers.running import RunningServer


@dataclass(frozen=True)
class Instance:
    """A database and a folder of files."""

    database: str
    files: Path

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This process works in the instance, as the application's role."""
        former = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = self.database
        try:
            with override_settings(MEDIA_ROOT=self.files):
                yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = former

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
            cursor.execute("SELECT tablename, policyname, roles, qual FROM pg_policies ORDER BY 1, 2")
            found["policies"] = cursor.fetchall()
            cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1")
            found["row security"] = cursor.fetchall()
        paths = (path for path in self.files.rglob("*") if path.is_file())
        return found | {f"file {path.relative_to(self.files)}": path.read_bytes() for path in paths}

    def is_empty(self) -> bool:
        with self.entered(), as_owner(), connection.cursor() as cursor:
            return not connection.introspection.table_names(cursor) and not any(self.files.glob("*"))


@contextmanager
def migrated_once(run: str) -> Iterator[str]:
    """The name of a database that is migrated and empty, to be copied; whoever needs it first makes it.

    It is dropped at the end: a worker that comes later than that makes it again.
    """
    name = f"test_template_{run}"
    with _server() as own:
        own.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # the others wait here, and find it made
        if own.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            own.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            former = connection.settings_dict["NAME"]
            connection.close()
            connection.settings_dict["NAME"] = name
            try:
                call_command("migrate", verbosity=0)
            finally:
                connection.close()
                connection.settings_dict["NAME"] = former
    yield name
    on_the_server("DROP DATABASE IF EXISTS {}", name)


@contextmanager
def roles_unchanged(*, by_others: bool) -> Iterator[None]:
    """Roles are the server's, which all workers of a run share. Meanwhile nobody changes them (`by_others`), or whoever does so
    here is alone: a right that a test gives to a role would let another test's platform see every row."""
    with _server() as own:
        own.execute(f"SELECT pg_advisory_lock{'_shared' if by_others else ''}(hashtext('roles'))")
        yield


def make_tables(server: RunningServer) -> None:
    """The tables of the test database in an embedded server of its own, migrated and empty."""
    known, bin_ = configured.OWNER_DATABASE, installed() / "bin"
    assert known is not None
    dump = [bin_ / "pg_dump", "-h", known["HOST"], "-U", known["USER"], connection.settings_dict["NAME"]]
    for options in (["--schema-only"], ["--data-only", "--table=django_migrations"]):
        dumped = subprocess.run([*dump, *options], capture_output=True, check=True).stdout  # noqa: S603
        filled = subprocess.run(  # noqa: S603  a program of the installed wheel
            [bin_ / "psql", "-q", "-v", "ON_ERROR_STOP=1", server.url], input=dumped, capture_output=True, check=False
        )
        assert filled.returncode == 0, filled.stderr.decode()


@contextmanager
def working_on(server: RunningServer) -> Iterator[None]:
    """This process works with an embedded server of its own, as the application's role there."""
    former = {name: connection.settings_dict[name] for name in ("HOST", "NAME", "USER")}
    host = server.app_url.partition("host=")[2]
    connection.close()
    connection.settings_dict.update({"HOST": host, "NAME": DATABASE, "USER": APP_ROLE})
    owner = {**(configured.OWNER_DATABASE or configured.APP_DATABASE), "HOST": host, "NAME": DATABASE, "USER": USER}
    try:
        with override_settings(OWNER_DATABASE=owner):
            yield
    finally:
        connection.close()
        connection.settings_dict.update(former)


def on_the_server(statement: str, name: str) -> None:
    with _server() as own:
        own.execute(sql.SQL(statement).format(sql.Identifier(name)))


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    known = configured.OWNER_DATABASE or configured.APP_DATABASE
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"] or None,
        dbname="postgres", autocommit=True,
    ) as own:  # fmt: skip
        yield own
