"""The roles and policies of row security as they stand in the database (the rules: portal/database/row_security.py)."""

import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from portal.database import acting, row_security

_NAMED = re.compile(r"\bFROM (\w+)")
LEAKPROOF = (
    "arrayoverlap(anyarray, anyarray)",
    "jsonb_object_field_text(jsonb, text)",
    "textlike(text, text)",
    "to_tsvector(regconfig, text)",
    "ts_match_vq(tsvector, tsquery)",
    "upper(text)",
)
"""Functions behind our indexes of keys, of words and of parts of texts. PostgreSQL uses an index before a policy is asked only where
all of a condition tells nothing of rows by its errors; it marks few functions, and a superuser marks more. Those here raise nothing
about what a row says, of texts as short as ours (words of 2 kB are noticed, texts of a megabyte of words refused)."""


def make_roles(cursor: CursorWrapper) -> None:
    """Make the four roles, and let the application's role take each, but hold none without taking it."""
    login_name = settings.APP_DATABASE["USER"]
    login = sql.Identifier(login_name)
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)",
        [[row_security.role_of(kind) for kind in row_security.KINDS]],
    )
    there = {name for (name,) in cursor.fetchall()}
    for kind in row_security.KINDS:
        name = row_security.role_of(kind)
        if name not in there:
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
        cursor.execute(
            "SELECT pg_has_role(%s, %s, 'MEMBER') AND NOT pg_has_role(%s, %s, 'USAGE')", [login_name, name] * 2
        )
        if not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("ALTER ROLE {} NOINHERIT").format(login))  # before: a grant remembers it
            for text in ("REVOKE {} FROM {}", "GRANT {} TO {}"):
                cursor.execute(sql.SQL(text).format(sql.Identifier(name), login))


def apply() -> None:
    """Give every guarded table that is there its policies. Tables that have them already are not touched, nor locked."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, found in _found(cursor).items():
            wanted = _policies(table, found.owner)
            if not _can_be_asked(cursor, wanted):
                continue
            if found.is_forced and found.policies == wanted.keys():
                continue
            name = sql.Identifier(table)
            for old in found.policies:
                cursor.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(old), name))
            for policy, (role, condition) in wanted.items():
                parts = (*map(sql.Identifier, (policy, table, role)), sql.SQL(condition))
                cursor.execute(sql.SQL("CREATE POLICY {} ON {} TO {} USING ({})").format(*parts))
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))
            cursor.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(name))
        _mark_leakproof(cursor)


@dataclass(frozen=True, slots=True)
class _Found:
    owner: str
    is_forced: bool
    policies: frozenset[str]


def _found(cursor: CursorWrapper) -> dict[str, _Found]:
    """How the guarded tables stand in the database; a migration may have stopped before the last one is there."""
    cursor.execute(
        "SELECT c.relname, pg_get_userbyid(c.relowner), c.relrowsecurity AND c.relforcerowsecurity, "
        "array(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid) "
        "FROM unnest(%s::text[]) AS name JOIN pg_class c ON c.oid = to_regclass(name) ORDER BY c.relname",
        [sorted(row_security.guarded())],
    )
    return {table: _Found(owner, forced, frozenset(names)) for table, owner, forced, names in cursor.fetchall()}


def _policies(table: str, owner: str) -> dict[str, tuple[str, str]]:
    """Name → role and condition. Each name has a digest of both, so that a rule that changed is noticed."""
    rule = row_security.guarded()[table]
    found = {}
    for kind, role, condition in (
        (acting.PLATFORM, row_security.role_of(acting.PLATFORM), _for_the_planner(rule.platform)),
        (acting.REGULATOR, row_security.role_of(acting.REGULATOR), _for_the_planner(rule.regulator)),
        (acting.OPERATOR, row_security.role_of(acting.OPERATOR), _for_the_planner(rule.operator)),
        (acting.ALL, row_security.role_of(acting.ALL), "true"),
        ("owner", owner, "true"),
    ):
        found[f"{kind}_{hashlib.sha256(f'{role} {condition}'.encode()).hexdigest()[:12]}"] = (role, condition)
    return found


def _can_be_asked(cursor: CursorWrapper, wanted: dict[str, tuple[str, str]]) -> bool:
    """Whether the tables that the conditions name are there: an older state, which a migration may lead back to, lacks some."""
    named = {name for _, condition in wanted.values() for name in _NAMED.findall(condition)}
    cursor.execute("SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(%s::text[]) AS name", [sorted(named)])
    return cursor.fetchone()[0] is not False


def _for_the_planner(condition: str) -> str:
    """The condition, in a form that the planner takes to hold for nearly every row (0.995: that something is not null).

    So it is: queries ask for their tenant's rows already, through their indexes. Taken as it stands, it would count as a
    second filter in each table of a join, and a plan that reads the first 50 rows in order would look dearer than sorting.
    """
    return f"(CASE WHEN {condition} THEN 1 END) IS NOT NULL"


def _mark_leakproof(cursor: CursorWrapper) -> None:
    """Only a superuser may; elsewhere searches for words are slower (docs/operations/database.md, Roles)."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        for function in not_leakproof(cursor):
            cursor.execute(sql.SQL(f"ALTER FUNCTION pg_catalog.{function} LEAKPROOF"))


def not_leakproof(cursor: CursorWrapper) -> list[str]:
    """Those of LEAKPROOF that are not marked so in this database."""
    cursor.execute(
        "SELECT name FROM unnest(%s::text[]) AS name JOIN pg_proc ON pg_proc.oid = ('pg_catalog.' || name)::regprocedure "
        "WHERE NOT proleakproof ORDER BY name",
        [list(LEAKPROOF)],
    )
    return [name for (name,) in cursor.fetchall()]


def sees_everything(cursor: CursorWrapper) -> bool:
    """Whether the role at work sees every row of every guarded table: as a superuser, or by the owner's policies."""
    cursor.execute("SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
    passes, name = cursor.fetchone()
    return passes or all(
        found.owner == name and _policies(table, name).keys() <= found.policies
        for table, found in _found(cursor).items()
    )


def problems(cursor: CursorWrapper) -> list[str]:
    """Where the wall has a gap: a sentence each. Empty where row security is on and forced for every guarded table, with
    the policies of this version and no others, and no role of the application passes it."""
    names = [settings.APP_DATABASE["USER"], *map(row_security.role_of, row_security.KINDS)]
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolbypassrls AND rolname = ANY(%s) ORDER BY 1", [names])
    gaps = [f"The role {name} has BYPASSRLS: it sees the rows of every tenant." for (name,) in cursor.fetchall()]
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(%s, oid, 'USAGE') ORDER BY 1",
        [names[1:], names[0]],
    )
    gaps += [
        f"The role {names[0]} has the rights of {name} without taking it; run migrate." for (name,) in cursor.fetchall()
    ]
    for table, found in _found(cursor).items():
        if not found.is_forced:
            gaps.append(f"Row security is not enabled and forced for {table}.")
        elif found.policies != _policies(table, found.owner).keys():
            gaps.append(f"The policies of {table} are not those of this version; run migrate.")
    return gaps
