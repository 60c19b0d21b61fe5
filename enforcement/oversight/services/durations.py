"""How long takedowns took: the time for which their clocks ran, as a condition of the database."""

from datetime import timedelta

from django.db.models import (
    Aggregate,
    Case,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least

from enforcement.models import Pause

_NONE = Value(timedelta(), output_field=DurationField())


class Within(Aggregate):
    """The time within which a `share` of the rows that `filter` leaves lies; None without rows."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def running_time(start: str, end: str) -> Case:
    """The time between two moments of a takedown (fields or annotations) without its pauses, as its deadline counts them.

    None at all where the end comes first: a removal that is confirmed before the clock starts took no time of it.
    """
    between = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    pauses = Pause.objects.filter(takedown=OuterRef("pk")).order_by()
    shared = pauses.filter(ended_at__gt=OuterRef(start), started_at__lt=OuterRef(end))
    within = ExpressionWrapper(
        Least(F("ended_at"), OuterRef(end)) - Greatest(F("started_at"), OuterRef(start)), output_field=DurationField()
    )
    total = shared.values("takedown").annotate(total=Sum(within)).values("total")
    ran = ExpressionWrapper(between - Coalesce(Subquery(total), _NONE), output_field=DurationField())
    # Few clocks were ever paused: which ones is looked up once for all, and only theirs are summed up.
    return Case(
        When(Exists(pauses), then=Greatest(ran, _NONE)), default=Greatest(between, _NONE), output_field=DurationField()
    )


TOOK = running_time("started_at", "met_at")
"""From the start of the clock to the confirmed removal."""
