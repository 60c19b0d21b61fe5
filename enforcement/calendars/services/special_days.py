"""Calendars: the special days of a regulator. A change does not move running clocks; recounting.py does."""

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

KEPT_BEHIND = timedelta(days=30)  # special days in the past that terms still include


Days = Callable[[int, str, str], tuple[tuple[rules.SpecialDay, ...], int]]
"""`special_days`, or a cache of it, so that many clocks or policies read each calendar once."""


def special_days(
    regulator_id: int, country: str, subdivision: str, *, since: date | None = None
) -> tuple[tuple[rules.SpecialDay, ...], int]:
    """The special days of a calendar since a day, or KEPT_BEHIND ago, and its version. A subdivision has its country's days,
    but its own take precedence."""
    calendars = CalendarDay.objects.of(regulator_id, country, "")
    if subdivision:
        calendars = calendars | CalendarDay.objects.of(regulator_id, country, subdivision)
    first = since or timezone.now().date() - KEPT_BEHIND
    rows = calendars.current().filter(day__gte=first).order_by("subdivision")
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
    """Add a special day to a calendar for notices sent from now on. Raises ValidationError by field; undone by
    `remove_calendar_day`."""
    require_own(regulator, actor)
    check_place(country, subdivision)
    errors = {}
    if kind not in CalendarDay.Kind.values:
        errors["kind"] = gettext_noop("Choose closed, open or half day.")
    if kind == CalendarDay.Kind.HALF and closes_at is None:
        errors["closes_at"] = gettext_noop("Enter when the half day ends, like 12:00.")
    if kind != CalendarDay.Kind.HALF and closes_at is not None:
        errors["closes_at"] = gettext_noop("Only a half day ends early. Leave this field empty.")
    if not name.strip():
        errors["name"] = gettext_noop("Enter a name. It is shown in explanations of deadlines.")
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
            detail = gettext_noop("%(day)s is already a special day. Remove it first.")
            raise ValidationError({"day": ValidationError(detail, params={"day": f"{day:%d %b %Y}"})}) from None
        audit.record(
            actor=actor, action="calendar.day_added", subject=row, after={"kind": kind, "closes_at": closes_at}
        )
    return row


def remove_calendar_day(*, row: CalendarDay, actor: Actor) -> CalendarDay:
    """Remove a special day for notices sent from now on; the public holidays apply to it again. The row is kept."""
    require_own(row.regulator, actor)
    with transaction.atomic():
        row = CalendarDay.objects.select_for_update().get(pk=row.pk)
        if row.removed_at is not None:
            raise ValidationError(gettext_noop("%(day)s was already removed."), params={"day": row})
        row.removed_at, row.removed_by = timezone.now(), actor.label
        row.save(update_fields=["removed_at", "removed_by"])
        audit.record(actor=actor, action="calendar.day_removed", subject=row, before={"kind": row.kind})
    return row


def check_place(country: str, subdivision: str) -> None:
    """Raises ValidationError for a subdivision without holidays of its own."""
    if subdivision and subdivision not in (known := rules.subdivisions(country)):
        detail = (
            gettext_noop("%(country)s has no state or region %(subdivision)s. Choose one of these: %(known)s.")
            if known
            else gettext_noop("%(country)s has no states or regions with their own holidays. Leave this field empty.")
        )
        params = {"country": country, "subdivision": subdivision, "known": ", ".join(known)}
        raise ValidationError({"subdivision": ValidationError(detail, params=params)})


def require_own(regulator: Organisation, actor: Actor) -> None:
    """Raise PermissionDenied unless the actor may change this regulator's calendars and recount its clocks."""
    actor.require("policy.edit")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied(gettext_noop("You can change calendars of your own regulator only."))
