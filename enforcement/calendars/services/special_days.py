"""Calendars: the days a regulator settles itself. A change moves no running clock; recounting.py does, when asked to."""

from collections.abc import Callable
from datetime import date, time, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement import rules
from enforcement.models import CalendarDay
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation

KEPT_BEHIND = timedelta(days=30)  # days in the past that terms still carry


Days = Callable[[int, str, str], tuple[tuple[rules.SpecialDay, ...], int]]
"""`special_days`, or a cache of it: who asks for many clocks or policies asks for each calendar once."""


def special_days(regulator_id: int, country: str, subdivision: str) -> tuple[tuple[rules.SpecialDay, ...], int]:
    """The days of a calendar from a month ago on, and its version. A subdivision has its country's days, and its own win."""
    calendars = CalendarDay.objects.of(regulator_id, country, "")
    if subdivision:
        calendars = calendars | CalendarDay.objects.of(regulator_id, country, subdivision)
    since = timezone.now().date() - KEPT_BEHIND
    rows = calendars.current().filter(day__gte=since).order_by("subdivision")
    found = {row.day: rules.SpecialDay(row.day, row.kind, row.name, row.closes_at) for row in rows}
    return tuple(found[day] for day in sorted(found)), calendars.version()


def add_calendar_day(
    *,
    regulator: Organisation,
    country: str,
    subdivision: str = "",
    day: date,
    kind: str,
    closes_at: time | None = None,
    name: str,
    actor: Actor,
) -> CalendarDay:
    """Settle one day of a calendar for notices sent from now on. Raises ValidationError by field; undone by
    `remove_calendar_day`."""
    require_own(regulator, actor)
    check_place(country, subdivision)
    errors = {}
    if kind not in CalendarDay.Kind.values:
        errors["kind"] = gettext_noop("Choose closed, open or half day.")
    if kind == CalendarDay.Kind.HALF and closes_at is None:
        errors["closes_at"] = gettext_noop("Say when the half day ends, like 12:00.")
    if kind != CalendarDay.Kind.HALF and closes_at is not None:
        errors["closes_at"] = gettext_noop("Only a half day ends early: leave it empty.")
    if not name.strip():
        errors["name"] = gettext_noop("Name the day: explanations of deadlines use it.")
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = CalendarDay.objects.create(
                    regulator=regulator,
                    country=country,
                    subdivision=subdivision,
                    day=day,
                    kind=kind,
                    closes_at=closes_at,
                    name=name.strip(),
                    added_by=actor.label,
                )
        except IntegrityError:
            raise ValidationError({"day": f"{day:%d %b %Y} is settled already: remove it first."}) from None
        audit.record(
            actor=actor, action="calendar.day_added", subject=row, after={"kind": kind, "closes_at": closes_at}
        )
    return row


def remove_calendar_day(*, row: CalendarDay, actor: Actor) -> CalendarDay:
    """Leave a day to the public holidays again, for notices sent from now on. It stays on record."""
    require_own(row.regulator, actor)
    with transaction.atomic():
        row = CalendarDay.objects.select_for_update().get(pk=row.pk)
        if row.removed_at is not None:
            raise ValidationError(f"{row} was removed already.")
        row.removed_at, row.removed_by = timezone.now(), actor.label
        row.save(update_fields=["removed_at", "removed_by"])
        audit.record(actor=actor, action="calendar.day_removed", subject=row, before={"kind": row.kind})
    return row


def check_place(country: str, subdivision: str) -> None:
    """Raises ValidationError for a subdivision whose holidays are not known apart."""
    if subdivision and subdivision not in (known := rules.subdivisions(country)):
        hint = f"choose from {', '.join(known)}" if known else "leave it empty"
        raise ValidationError({"subdivision": f"{country} has no part {subdivision} with holidays of its own: {hint}."})


def require_own(regulator: Organisation, actor: Actor) -> None:
    """Raise PermissionDenied unless the actor may change the calendars of this regulator, and what they move."""
    actor.require("policy.edit")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied("A calendar can be changed for one's own regulator only.")
