"""Many rows into one table in one statement."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models


def insert_rows(rows: Sequence[models.Model], *, ignore_conflicts: bool = False) -> None:
    """Insert unsaved rows of one model; the database numbers them, so they know no primary key afterwards.

    Does what `bulk_create` does for plain columns and JSON, at a third of its time: the rows travel as one JSON text.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(meta.db_table)
    data = [{field.column: _plain(getattr(row, field.attname)) for field in fields} for row in rows]
    ending = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb){ending}",  # noqa: S608  names of our own tables and columns
            [json.dumps(data, cls=DjangoJSONEncoder)],
        )


def _plain(value: Any) -> Any:
    """A column's value as JSON takes it; Django's encoder would cut a moment to milliseconds."""
    return value.isoformat() if isinstance(value, datetime) else value
