"""Migrations that would stand in everybody's way: what locks a large table while it is read or written whole, and columns
that the version still running cannot fill.

A plain look at the operations, which asks no database. What RunPython does it cannot see.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

LARGE = frozenset({
    "portal.auditevent", "portal.auditseal", "portal.mail", "portal.hook", "portal.notification", "listings.listing",
    "listings.listingchange", "listings.flag", "listings.decision", "listings.message", "listings.cataloguereject",
    "enforcement.takedown", "enforcement.observation", "enforcement.checkplan", "enforcement.escalation",
})  # fmt: skip
"""Models whose tables grow with catalogues and cases."""
BASELINE = {"portal": "0016", "recalls": "0006", "listings": "0023", "enforcement": "0025"}
"""The newest migration of each app that is not checked: those ran before there were large tables."""
STOPPED = frozenset({("portal", "0021_webhook_endpoints")})
"""Migrations of a release that is installed with web, workers and beat stopped (docs/operations/upgrade.md, From 0.1 to 0.2)."""
_INDEX = re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)", re.IGNORECASE)


def problems() -> list[str]:
    """What is wrong with the migrations newer than BASELINE: a sentence each, with the way around it."""
    loader, found = MigrationLoader(None), []
    for app, newest in BASELINE.items():
        newer = {key for key in loader.disk_migrations or () if key[0] == app and key[1][:4] > newest}
        for key in sorted(newer - STOPPED):
            state = loader.project_state(key, at_end=False)
            found += problems_of(loader.disk_migrations[key], state)
    return found


def problems_of(migration: Migration, before: ProjectState) -> list[str]:
    """The same of one migration, where the models stand at `before` it."""
    state, made, found = before.clone(), set(), []
    for operation in migration.operations:
        model = f"{migration.app_label}.{_model_of(operation)}"
        if isinstance(operation, migrations.CreateModel):
            made.add(model)
        elif model not in made:  # a table that is new here is empty
            told = _of(operation, migration, state, large=model in LARGE)
            found += [f"{migration.app_label}.{migration.name}, {model}: {text}" for text in told]
        operation.state_forwards(migration.app_label, state)
    return found


def _model_of(operation: Operation) -> str:
    return str(getattr(operation, "model_name", None) or getattr(operation, "name", None) or "SQL").lower()


def _of(operation: Operation, migration: Migration, state: ProjectState, *, large: bool) -> Iterator[str]:
    if isinstance(operation, migrations.RunSQL):
        if _INDEX.search(str(operation.sql)):
            yield "an index that is not made CONCURRENTLY locks its table against writing."
    elif isinstance(operation, migrations.AddField):
        yield from _new_column(operation.field, large=large)
    elif not large:
        return
    elif isinstance(operation, AddIndexConcurrently):
        if migration.atomic:
            yield "AddIndexConcurrently needs a migration with atomic = False."
    elif isinstance(operation, migrations.AddIndex):
        yield "this index locks the table against writing: use AddIndexConcurrently."
    elif isinstance(operation, migrations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        yield (
            "this constraint reads the whole table under a lock: use AddConstraintNotValid and ValidateConstraint, or make a "
            "unique index CONCURRENTLY first."
        )
    elif isinstance(operation, migrations.AlterField):
        former = state.models[migration.app_label, _model_of(operation)].fields[operation.name]
        yield from _changed_column(former, operation.field)


def _new_column(field: Any, *, large: bool) -> Iterator[str]:
    if not (field.null or field.many_to_many) and field.db_default is NOT_PROVIDED:
        yield f"{field.name or 'the column'} may not be empty and has no db_default: the version still running cannot insert rows."
    if large and (field.db_index or field.unique):
        yield "its index locks the table against writing: leave db_index off, and use AddIndexConcurrently."


def _changed_column(former: Any, field: Any) -> Iterator[str]:
    before, after = _type_of(former), _type_of(field)
    if before != after and not _is_wider(before, after):
        yield f"from {before} to {after} writes the whole table again under a lock: add a column, and fill it in parts."
    if former.null and not field.null:
        yield "NOT NULL reads the whole table under a lock: add a check constraint that is not valid, and validate it."
    if (field.db_index or field.unique) and not (former.db_index or former.unique):
        yield "its index locks the table against writing: use AddIndexConcurrently."


def _type_of(field: Any) -> str:
    """Keys of other tables are numbers here; which ones cannot be asked of a state without its models."""
    return "bigint" if field.is_relation else str(field.db_type(connection) or "")


def _is_wider(before: str, after: str) -> bool:
    """Whether a text may only be longer from now on, which PostgreSQL notes without reading a row."""
    lengths = [re.fullmatch(r"varchar\((\d+)\)", kind) for kind in (before, after)]
    if lengths[0] and lengths[1]:
        return int(lengths[1][1]) >= int(lengths[0][1])
    return bool(lengths[0] and after == "text")
