"""Many counts in one query."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet


def row_counts(querysets: list[QuerySet[Any]], *, at_most: int) -> list[int]:
    """How many rows each queryset has, none counted further than `at_most` plus one. All are of one database.

    The SQL is put together here: every page asks, and as columns of a queryset Django would make it twice as slowly.
    """
    if not querysets:
        return []
    connection = connections[querysets[0].db]
    columns: list[str] = []
    values: list[Any] = []
    for queryset in querysets:
        rows = queryset.order_by().values("pk")[: at_most + 1].query
        try:
            statement, given = rows.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:  # nothing can be in it, which Django knows without asking
            columns.append("0")
        else:
            columns.append(f"(SELECT count(*) FROM ({statement}) AS counted)")  # noqa: S608  Django's own SQL
            values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", values)
        return list(cursor.fetchone())
