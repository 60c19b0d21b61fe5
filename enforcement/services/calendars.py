"""Calendars: the days a regulator settles itself. A change moves no running clock; recounting them is an act of its own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement import rules
from enforcement.models import CalendarDay, Takedown
from enforcement.services.timing import begun, due_of, recount
from portal import audit
from portal.actors import Actor
from portal.models import Organisation

KEPT_BEHIND = timedelta(days=30)  # days in the past that terms still carry


class Recounted(NamedTuple):
    """A takedown with the due moment it has and the one that the calendar of today would give it."""

    takedown: Takedown
    before: datetime
    after: datetime
    because: str


Days = Callable[[int, str, str], tuple[tuple[rules.SpecialDay, ...], int]]
"""`special_days`, or a cache of it: who asks for many clocks or policies asks for each calendar once."""


def special_days(regulator_id: int, country: str, subdivision: str) -> tuple[tuple[rules.SpecialDay, ...], int]:
    """The days of a calendar from a month ago on, and its version. A subdivision has its country's days, and its own win."""
    calendars = CalendarDay.objects.of(regulator_id, country, "")
    if subdivision:
        calendars = calendars | CalendarDay.objects.of(regulator_id, country, subdivision)
    since = timezone.now().date() - KEPT_BEHIND
    rows = calendars.standing().filter(day__gte=since).order_by("subdivision")
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
    _require_own(regulator, actor)
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
    _require_own(row.regulator, actor)
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


def preview_recount(*, regulator: Organisation, takedowns: Iterable[Takedown] | None = None) -> Iterator[Recounted]:
    """The running takedowns of a regulator's recalls whose due moment the calendars of today would move. Changes nothing."""
    rows = takedowns if takedowns is not None else _running(regulator)
    days = cache(special_days)
    for takedown in rows:
        terms = _with_todays_days(takedown, regulator, days)
        start, _ = begun(terms, takedown.flag.notice, takedown.flag.opened_at)
        due, because = due_of(takedown, terms, start)
        if due != takedown.due_at:
            yield Recounted(takedown, takedown.due_at, due, because)


def recount_clocks(*, regulator: Organisation, reason: str, actor: Actor) -> list[Recounted]:
    """Count the running working-day clocks again with the calendars of today, as the preview shows; each moved one has an
    audit event. Raises ValidationError without a reason. Not reversible, but it can be done again."""
    _require_own(regulator, actor)
    if not reason.strip():
        raise ValidationError(
            {"reason": gettext_noop("Say why: it stays in the audit log of every takedown it moves.")}
        )
    with transaction.atomic():
        moved = list(preview_recount(regulator=regulator))
        days = cache(special_days)
        for each in moved:
            terms = _with_todays_days(each.takedown, regulator, days)
            recount(takedown=each.takedown, terms=terms, reason=f"Recounted: {reason}", actor=actor)
        after = {"moved": len(moved)}
        audit.record(actor=actor, action="calendar.clocks_recounted", subject=regulator, after=after, reason=reason)
    return moved


def _running(regulator: Organisation) -> Iterator[Takedown]:
    rows = Takedown.objects.open().filter(terms__unit="working_days", regulator=regulator)
    return rows.select_related("flag__notice", "flag__listing", "platform").prefetch_related("pauses").iterator(500)


def _with_todays_days(takedown: Takedown, regulator: Organisation, days: Days) -> rules.Terms:
    terms = rules.Terms.from_json(takedown.terms)
    special, version = days(regulator.pk, terms.country, terms.subdivision)
    return replace(terms, special_days=special, calendar_version=version)


def _require_own(regulator: Organisation, actor: Actor) -> None:
    actor.require("policy.edit")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied("A calendar can be changed for one's own regulator only.")
