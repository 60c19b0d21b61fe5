"""Many counts in one query."""

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery


class _RowCount(Subquery):
    """How many rows a query has, as a column."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def row_counts(beside: QuerySet[Any], querysets: list[QuerySet[Any]], *, at_most: int) -> list[int]:
    """How many rows each queryset has, none counted further than `at_most` plus one. `beside`: any one row, on whose
    line they are returned."""
    if not querysets:
        return []
    columns = [_RowCount(queryset.order_by().values("pk")[: at_most + 1]) for queryset in querysets]
    found = beside.values_list(*columns).get()
    return [count or 0 for count in found]  # a queryset that is known to be empty gives no number
