"""Who works in PostgreSQL: the owner migrates; the application cannot change what is only ever added to, and takes one of
four roles of its own for each transaction, which see what its actor may see (portal/database/row_security.py).

Triggers alone do not hold against the role that they guard: their owner or a superuser switches them off, and pgtrigger
has a switch of its own (`pgtrigger.ignore`). What was never granted cannot be switched on.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from portal.database import policies, row_security
from portal.database.acting import acting

logger = logging.getLogger(__name__)
_WHO = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
QUIET = {
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
"""PostgreSQL's settings that keep the values of statements (texts, addresses, password digests) out of its log."""


ERASURE = "portal_erase_payloads(bigint, jsonb)"
"""The one way in which the application's role changes something of the audit log: texts, where another event says so."""


def append_only_tables() -> list[str]:
    """The tables whose rows are never changed or deleted: those with such a trigger, and what joins them to others."""
    found: set[str] = set()
    for model in apps.get_models():
        if any(_refuses_all(trigger) for trigger in getattr(model._meta, "triggers", ())):
            found.add(model._meta.db_table)
            found.update(field.m2m_db_table() for field in model._meta.local_many_to_many)
    return sorted(found)


def _refuses_all(trigger: pgtrigger.Trigger) -> bool:
    return isinstance(trigger, pgtrigger.Protect) and {"UPDATE", "DELETE"} <= set(str(trigger.operation).split(" OR "))


def acting_as_owner() -> bool:
    """Whether this process connects as the owner, or knows one role only."""
    owner = settings.OWNER_DATABASE
    return owner is None or bool(connection.settings_dict["USER"] == owner["USER"])


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner in the meantime, from all threads of this process. Not inside a transaction.

    Raises ImproperlyConfigured where OWNER_DATABASE_URL names another database.
    """
    known, owner = connection.settings_dict, settings.OWNER_DATABASE
    if owner is None or acting_as_owner():
        yield
        return
    if known["NAME"] == settings.APP_DATABASE["NAME"] != owner["NAME"]:
        raise ImproperlyConfigured("OWNER_DATABASE_URL and DATABASE_URL must name the same database.")
    former = {name: known[name] for name in _WHO}
    connection.close()
    known.update({name: owner[name] for name in _WHO})
    try:
        yield
    finally:
        connection.close()
        known.update(former)


def make_role(*, renew_password: bool = False) -> bool:
    """Make the application's role as DATABASE_URL names it, unless it is there; returns whether it was made.

    The owner needs CREATEROLE for that, or is a superuser; its password goes over the line as a digest. Raises
    ImproperlyConfigured with the statement to run where the owner may not.
    """
    name, password = settings.APP_DATABASE["USER"], settings.APP_DATABASE["PASSWORD"]
    role = sql.Identifier(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        made = cursor.fetchone() is None
        try:
            if made:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            if password and (made or renew_password):
                cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, _digest(name, password)))
            _keep_log_quiet(cursor, name)
            policies.make_roles(cursor)
        except DatabaseError as error:
            raise ImproperlyConfigured(
                f"The owner's role cannot make or set up the application's role ({str(error).strip()}). As a superuser: "
                f"CREATE ROLE \"{name}\" LOGIN PASSWORD '…', and the four roles that it takes (docs/operations/database.md, Roles); then run this again."
            ) from error
    return made


def _digest(name: str, password: str) -> sql.Literal:
    connection.ensure_connection()
    digest = connection.connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    return sql.Literal(digest.decode())


def _keep_log_quiet(cursor: CursorWrapper, name: str) -> None:
    """Where the cluster is set to log statements' values, the role's sessions are not; only a superuser may say so."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        return
    cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(QUIET)])
    now = dict(cursor.fetchall())
    cursor.execute("SELECT coalesce(rolconfig, '{}') FROM pg_roles WHERE rolname = %s", [name])
    now.update(setting.split("=", 1) for setting in cursor.fetchone()[0])
    for setting in sorted(name for name, wanted in QUIET.items() if now[name] != wanted):
        words = (sql.Identifier(name), sql.Identifier(setting), sql.Literal(QUIET[setting]))
        cursor.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(*words))


def grant() -> None:
    """Give the application's roles what they need and nothing else, and every table with tenants its policies. As the
    owner, after each migration."""
    database = sql.Identifier(connection.settings_dict["NAME"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        for name in _application():
            role = sql.Identifier(name)
            for text in (
                "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
                "REVOKE ALL ON SCHEMA public FROM {role}",
                "GRANT USAGE ON SCHEMA public TO {role}",
                "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
                "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            ):
                cursor.execute(sql.SQL(text).format(role=role, database=database))
        cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [ERASURE])
        if cursor.fetchone()[0]:  # a migration may stop before there is one
            roles = sql.SQL(", ").join(map(sql.Identifier, _application()))
            cursor.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION {ERASURE} TO {{}}").format(roles))
        cursor.execute("SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[])", [_existing(cursor)])
        for (table,) in cursor.fetchall():
            for whom in (*map(sql.Identifier, _application()), sql.SQL("PUBLIC")):
                cursor.execute(
                    sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {} FROM {}").format(
                        sql.Identifier(table), whom
                    )
                )
        policies.apply()


def _application() -> list[str]:
    """The role that the application connects as, and those that it takes."""
    return [settings.APP_DATABASE["USER"], *map(row_security.role_of, row_security.KINDS)]


def _existing(cursor: CursorWrapper) -> list[str]:
    """The append-only tables that are there: a migration may stop before the last one is."""
    cursor.execute(
        "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL", [append_only_tables()]
    )
    return [name for (name,) in cursor.fetchall()]


def problems() -> list[str]:
    """Why the audit log, or a tenant's rows, are within reach of this role: a sentence each, in English; empty where they
    are not."""
    with acting(None), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        name = cursor.fetchone()[0]
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolcreaterole) AND (pg_has_role(current_user, oid, 'MEMBER')"
            " OR rolname = session_user) ORDER BY rolname = current_user DESC LIMIT 1"
        )
        if (mighty := cursor.fetchone()) is not None:
            how = "is" if mighty[0] == name else f"can become {mighty[0]}, which is"
            return [f"The role {name} {how} a superuser, or may make roles: nothing in the database holds against it."]
        return [*_rights_too_many(cursor, name), *policies.problems(cursor)]


def _rights_too_many(cursor: CursorWrapper, name: str) -> list[str]:
    cursor.execute(
        """
        SELECT c.relname, r.rolname,
            pg_has_role(r.oid, c.relowner, 'MEMBER') OR pg_has_role(r.oid, n.nspowner, 'MEMBER'),
            has_any_column_privilege(r.oid, c.oid, 'UPDATE'), has_table_privilege(r.oid, c.oid, 'DELETE'),
            has_table_privilege(r.oid, c.oid, 'TRUNCATE'), has_table_privilege(r.oid, c.oid, 'TRIGGER')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_roles r
        WHERE c.oid = ANY(%s::regclass[]) AND r.rolname = ANY(%s) ORDER BY c.relname, r.rolname
        """,
        [_existing(cursor), [name, *_application()]],
    )
    found = []
    for table, role, owned, *rights in cursor.fetchall():
        may = [
            word for word, granted in zip(("UPDATE", "DELETE", "TRUNCATE", "TRIGGER"), rights, strict=True) if granted
        ]
        if owned:
            found.append(f"The role {role} owns {table} or its schema, and can grant itself everything.")
        elif may:
            found.append(f"The role {role} has {', '.join(may)} on {table}.")
    return found


def refuse_at_start() -> None:
    """Raises ImproperlyConfigured in production where this process's role could change the audit log.

    A database that does not answer yet is no reason to stop: the system check and the health page ask again.
    """
    if not settings.PRODUCTION:
        return
    try:
        found = problems()
    except DatabaseError:
        logger.warning("The database does not answer; whether its role is safe is not known.", exc_info=True)
        return
    finally:
        connection.close()
    if found:
        raise ImproperlyConfigured(
            f"{' '.join(found)} Set DATABASE_URL to the application's role and OWNER_DATABASE_URL to the owner's, and "
            "run `manage.py migrate`; docs/operations/database.md, Roles."
        )
