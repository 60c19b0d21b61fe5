"""The columns of the list of recalls, and what each of them is sorted by."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, Count, DateField, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Left
from django.utils.translation import gettext_noop

from portal.list_columns import Column
from recalls.models import Notice, Product, Recall
from recalls.states import RecallStatus

PAGE, USUAL = "recalls:list", "-recalled"
COLUMNS = (
    Column("number", gettext_noop("Number"), order="number", fixed=True),
    Column("title", gettext_noop("Title"), order="title_order"),
    Column("recalled", gettext_noop("Recalled"), order="newest", first="-"),
    Column("state", gettext_noop("State"), order="state_order"),
    Column("findability", gettext_noop("Findability"), order="findability", first="-", numeric=True),
    Column("priority", gettext_noop("Priority"), order="priority_order", default=False),
    Column("published", gettext_noop("Published"), order="published_order", first="-", default=False),
    Column("added", gettext_noop("Added"), order="created_at", first="-", default=False, regulator_only=True),
    Column("brands", gettext_noop("Brands"), default=False, regulator_only=True),
    Column("hazard", gettext_noop("Hazard"), default=False, regulator_only=True),
    Column("owner", gettext_noop("Case owner"), default=False, regulator_only=True),
    Column("notices", gettext_noop("Active notices"), default=False, numeric=True, regulator_only=True),
)


def _places(field: str, values: list[str]) -> Case:
    """Where a value stands among `values`: their order says more than the alphabet's."""
    whens = [When(**{field: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*whens, default=Value(len(values)), output_field=IntegerField())


_ORDERS: dict[str, Any] = {
    # The day of a recall: an archive that is imported today stays behind what is new.
    "newest": Coalesce("recalled_on", Cast("created_at", DateField())),
    "title_order": Left("title", 80),  # what a page's address carries of the row that it begins with
    "state_order": _places("status", [status.value for status in RecallStatus]),
    "priority_order": _places("priority", [priority.value for priority in Recall.Priority]),
    "published_order": Coalesce("published_at", Value(datetime(1, 1, 1, tzinfo=UTC))),
}


def in_order(rows: QuerySet[Recall], field: str) -> tuple[QuerySet[Recall], list[str]]:
    """The rows with what they are sorted by, and the order; recalls that are equal in it are sorted by when they came."""
    name = field.removeprefix("-")
    if name in _ORDERS:
        rows = rows.annotate(**{name: _ORDERS[name]})
    return rows, [field, "-pk" if field.startswith("-") else "pk"]


def with_brands(rows: QuerySet[Recall]) -> QuerySet[Recall]:
    """`brands`: of the products of the current version, each once."""
    of_current = Product.objects.filter(version=OuterRef("current")).exclude(brand="")
    found = of_current.order_by().values("version").annotate(all=StringAgg("brand", ", ", distinct=True)).values("all")
    return rows.annotate(brands=Subquery(found))


def with_notices(rows: QuerySet[Recall]) -> QuerySet[Recall]:
    """`active_notices`: how many notices of the recall are active."""
    active = Notice.objects.active().filter(recall=OuterRef("pk")).order_by().values("recall")
    return rows.annotate(active_notices=Coalesce(Subquery(active.annotate(n=Count("pk")).values("n")), Value(0)))


def with_hazard(rows: QuerySet[Recall]) -> QuerySet[Recall]:
    return rows.annotate(hazard=F("current__hazard"))


def with_owner(rows: QuerySet[Recall]) -> QuerySet[Recall]:
    return rows.select_related("owner")


ADDED = {"owner": with_owner, "brands": with_brands, "notices": with_notices, "hazard": with_hazard}
"""Columns that are asked for only where they are shown."""
