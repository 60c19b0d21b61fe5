"""Recounting the running working-day clocks with today's calendars: a preview, and the change itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_noop

from enforcement import rules
from enforcement.calendars.services.special_days import KEPT_BEHIND, Days, require_own, special_days
from enforcement.clocks.services.timing import begun, due_of, readable_terms, recount
from enforcement.models import Pause, Takedown
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.models import Notice

AT_ONCE = 500


class Recounted(NamedTuple):
    """A takedown with its current deadline and the deadline under today's calendar."""

    takedown: Takedown
    before: datetime
    after: datetime
    because: rules.Reason


class _Move(NamedTuple):
    before: datetime
    pk: int
    after: datetime
    because: rules.Reason


def preview_recount(*, regulator: Organisation, at_most: int) -> tuple[list[Recounted], int]:
    """The running takedowns of a regulator's recalls whose deadline today's calendars would change: the `at_most`
    with the earliest deadlines, and the total number. Changes nothing."""
    moves = _moves(regulator)
    shown = moves[:at_most]
    rows = Takedown.objects.select_related("flag__listing", "platform").in_bulk([move.pk for move in shown])
    return [Recounted(rows[move.pk], move.before, move.after, move.because) for move in shown], len(moves)


def recount_clocks(*, regulator: Organisation, reason: str, actor: Actor) -> int:
    """Recount the running working-day clocks with today's calendars, as the preview shows; returns how many deadlines
    changed. Each has an audit event. Raises ValidationError without a reason. Cannot be undone, but can be repeated."""
    require_own(regulator, actor)
    if not reason.strip():
        raise ValidationError(
            {"reason": gettext_noop("Enter a reason. It is recorded for every takedown whose deadline changes.")}
        )
    with transaction.atomic():
        moves, days = _moves(regulator), _days_of(regulator)
        for first in range(0, len(moves), AT_ONCE):
            for takedown in Takedown.objects.filter(pk__in=[move.pk for move in moves[first : first + AT_ONCE]]):
                terms = _with_todays_days(rules.Terms.from_json(takedown.terms), regulator, days)
                recount(takedown=takedown, terms=terms, reason=reason, actor=actor)
        after = {"moved": len(moves)}
        audit.record(actor=actor, action="calendar.clocks_recounted", subject=regulator, after=after, reason=reason)
    return len(moves)


def _moves(regulator: Organisation) -> list[_Move]:
    """The deadlines that today's calendars would change, earliest first."""
    running = _running(regulator)
    paused = Exists(Pause.objects.filter(takedown=OuterRef("pk"), ended_at__isnull=False))
    days = _days_of(regulator)
    return sorted(
        [*_of_alike(running.filter(~paused), regulator, days), *_of_each(running.filter(paused), regulator, days)]
    )


def _running(regulator: Organisation) -> QuerySet[Takedown]:
    return Takedown.objects.open().filter(terms__unit="working_days", regulator=regulator)


def _days_of(regulator: Organisation) -> Days:
    """Today's calendars, back to the day on which the oldest running clock started: what it counted by then has not changed
    because it is long ago."""
    oldest = _running(regulator).order_by().aggregate(oldest=Min("started_at"))["oldest"]
    behind = oldest.date() - KEPT_BEHIND if oldest else None
    return cache(partial(special_days, since=behind))


def _of_alike(running: QuerySet[Takedown], regulator: Organisation, days: Days) -> Iterator[_Move]:
    """Clocks that were never paused: identical clocks are counted once.

    A working-day clock depends on the day it starts, not the time, unless a cut-off time decides which day that is.
    So clocks are identical if they share terms, notice, extensions, deadline and the day on which their flags opened
    (with a cut-off, the time). The database groups them by a hash of the terms, because reading the terms of thousands
    of running clocks takes seconds.
    """
    opened = F("flag__opened_at")
    local = Func(KT("terms__time_zone"), opened, function="timezone", output_field=DateTimeField())
    groups = list(
        running.order_by()
        .annotate(
            terms_hash=Func(F("terms"), Value(0), function="jsonb_hash_extended", output_field=BigIntegerField()),
            day=Cast(local, DateField()),
            moment=Case(When(terms__cut_off="", then=None), default=opened, output_field=DateTimeField()),
        )
        .values("terms_hash", "flag__notice_id", "day", "moment", "extra", "due_at")
        .annotate(opened_at=Min(opened), pks=ArrayAgg("pk"))
    )
    notices = Notice.objects.in_bulk({group["flag__notice_id"] for group in groups})
    samples = {group["terms_hash"]: group["pks"][0] for group in groups}
    rows = Takedown.objects.only("terms").in_bulk(samples.values())
    terms = {
        terms_hash: _with_todays_days(found, regulator, days)
        for terms_hash, pk in samples.items()
        if (found := readable_terms(rows[pk])) is not None
    }
    for group in groups:
        if (todays := terms.get(group["terms_hash"])) is None:
            continue
        start, _ = begun(todays, notices[group["flag__notice_id"]], group["opened_at"])
        due, because = rules.due_at(todays, start, extra=group["extra"])
        if due != group["due_at"]:
            yield from (_Move(group["due_at"], pk, due, because) for pk in group["pks"])


def _of_each(running: QuerySet[Takedown], regulator: Organisation, days: Days) -> Iterator[_Move]:
    """Clocks that were paused, each for its own time."""
    rows = running.select_related("flag__notice").prefetch_related("pauses")
    for takedown in rows.iterator(AT_ONCE):
        if (found := readable_terms(takedown)) is None:
            continue
        terms = _with_todays_days(found, regulator, days)
        start, _ = begun(terms, takedown.flag.notice, takedown.flag.opened_at)
        due, because = due_of(takedown, terms, start)
        if due != takedown.due_at:
            yield _Move(takedown.due_at, takedown.pk, due, because)


def _with_todays_days(terms: rules.Terms, regulator: Organisation, days: Days) -> rules.Terms:
    special, version = days(regulator.pk, terms.country, terms.subdivision)
    return replace(terms, special_days=special, calendar_version=version)
