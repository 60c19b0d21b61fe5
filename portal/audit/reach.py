"""The newest events that somebody may see, found without asking of each event in the log whether they may.

An event names no regulator: it is seen with what it is about. So a page of the log is found by walking it from its end, which
is quick for whoever may see a good part of it. A regulator with few cases beside one with many would walk through all events
of the other one; theirs are found by the objects that they are about. Which of them are seen is decided where it always is,
by row security: what is asked for here may be too much, and never too little.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, ExpressionWrapper, F, Max, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.identity.tenancy import TenantQuerySet
from portal.models import AuditEvent, User
from portal.subjects import kinds_of

WALKED, ENOUGH = 5_000, 51
"""Who sees enough for a page of so many newest events of the log is walked for."""
MAX_OBJECTS = 5_000
"""As many objects as are looked up one by one. Whoever has more has so many events that the walk meets one soon."""
_MODELS: list[str] = []
_ALSO: list[Callable[[Actor], Q]] = []


def register(models: Sequence[str], also: Callable[[Actor], Q]) -> None:
    """Say about which models (`app.Model`) a regulator sees events with their rows, and which it sees besides. At start only."""
    _MODELS.extend(models)
    _ALSO.append(also)


def newest_first(events: QuerySet[AuditEvent], actor: Actor, *, dated: bool) -> tuple[QuerySet[AuditEvent], list[str]]:
    """`events` that `actor` may see, with the ordering for pages of them (portal/http/cursors.py).

    `dated`: only some days are asked for. They are in the order of time, which an index has, so that a week of last year is
    begun at its end and not at today's.
    """
    if (theirs := _theirs(actor)) is None:
        return events, ["-at", "-pk"] if dated else ["-pk"]
    # In the order of an index PostgreSQL would walk the log after all, in the hope of meeting one of them soon.
    moment = ExpressionWrapper(F("at") + Value(timedelta(0)), output_field=DateTimeField())
    rows = events.filter(theirs).annotate(moment=moment, number=F("pk") + 0)
    return rows, ["-moment", "-number"] if dated else ["-number"]


def _theirs(actor: Actor) -> Q | None:
    """A condition for the events of a regulator that has few objects and few of the newest events; None for all others."""
    if actor.regulator_id is None or _meets_enough():
        return None
    models: list[Any] = [apps.get_model(name) for name in _MODELS]
    parts = [(kinds_of(model._meta.label_lower), _rows_of(model, actor.regulator_id)) for model in models]
    parts.append(([User._meta.label_lower], User.objects.filter(organisation_id=actor.regulator_id)))
    keyed = [
        rows.order_by().annotate(part=Value(number), key=Cast("pk", TextField())).values_list("part", "key")
        for number, (_, rows) in enumerate(parts)
    ]
    found: dict[int, list[str]] = {}
    for number, (part, key) in enumerate(keyed[0].union(*keyed[1:], all=True)[: MAX_OBJECTS + 1]):
        if number == MAX_OBJECTS:
            return None
        found.setdefault(part, []).append(key)
    condition = Q(organisation_id=actor.regulator_id)
    condition |= Q(subject_type="portal.organisation", subject_id=str(actor.regulator_id))
    for part, keys in found.items():
        condition |= Q(subject_type__in=parts[part][0], subject_id__in=keys)
    for also in _ALSO:
        condition |= also(actor)
    return condition


def _meets_enough() -> bool:
    with as_system("how far the log goes"):
        newest = AuditEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return len(AuditEvent.objects.filter(pk__gt=newest - WALKED).order_by().values_list("pk")[:ENOUGH]) == ENOUGH


def _rows_of(model: Any, regulator_id: int) -> QuerySet[Model]:
    """A regulator's rows of a model, whoever of its people may open them; of models that do not say whose their rows are,
    those that the database shows."""
    rows: QuerySet[Model] = model.objects.all()
    if isinstance(rows, TenantQuerySet) and type(rows).for_regulator is not TenantQuerySet.for_regulator:
        return rows.for_regulator(regulator_id)  # type: ignore[no-any-return]
    is_owned = "organisation" in {field.name for field in model._meta.concrete_fields}
    return rows.filter(organisation_id=regulator_id) if is_owned else rows
