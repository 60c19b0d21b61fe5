"""Absences, deputies and duty hours: everybody's own, and anybody's for admins."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.identity.duty import Roster, entitled_people, may_stand_in
from portal.identity.managing import require_managed_person
from portal.models import Absence, User
from portal.notifications.outbox import why_covered
from portal.signals import person_away

SWEEP = "absences that begin"
MAX_LENGTH = timedelta(days=731)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def deputies_for(person: User) -> QuerySet[User]:
    """Who may stand in for a person."""
    return entitled_people(person.organisation).exclude(pk=person.pk)


def add_absence(
    *, person: User, starts_at: datetime, ends_at: datetime, deputy: User | None = None, actor: Actor
) -> Absence:
    """Note that a person is away from one moment until another. One that has begun takes effect at once: what they hold
    goes to the deputy, or to everybody entitled of their organisation.

    Raises ValidationError where the times make no sense or overlap another absence, or the deputy may not stand in.
    """
    _require(person, actor)
    now = timezone.now()
    if ends_at <= max(starts_at, now):
        raise ValidationError({"ends_at": gettext_noop("Enter a time in the future that is later than the start.")})
    if ends_at - starts_at > MAX_LENGTH:
        raise ValidationError({"ends_at": gettext_noop("An absence lasts up to 2 years. Enter an earlier end.")})
    with transaction.atomic():
        person = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
        if deputy is not None and (deputy.pk == person.pk or not may_stand_in(deputy, person)):
            detail = gettext_noop("%(name)s cannot stand in: choose an active colleague at %(organisation)s.")
            params = {"name": deputy.name, "organisation": person.organisation}
            raise ValidationError({"deputy": ValidationError(detail, params=params)})
        others = person.absences.filter(organisation=person.organisation_id, ended_at=None)
        if others.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
            detail = gettext_noop("This overlaps another absence. Choose other times, or end the other absence first.")
            raise ValidationError({"starts_at": detail})
        absence = Absence.objects.create(
            person=person,
            organisation=person.organisation,
            deputy=deputy,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        after = {"starts_at": starts_at, "ends_at": ends_at, "deputy": deputy.pk if deputy else None}
        audit.record(actor=actor, action="person.absence_added", subject=person, after=after)
        if starts_at <= now:
            _begin(absence)
    return absence


def end_absence(*, absence: Absence, actor: Actor) -> None:
    """End an absence early, or call off one that has not begun; what was handed over stays where it is. One that is over
    or was ended before raises ValidationError."""
    _require(absence.person, actor)
    with transaction.atomic():
        now = timezone.now()
        if not Absence.objects.to_come(now).filter(pk=absence.pk).update(ended_at=now):
            raise ValidationError(gettext_noop("This absence is already over. Reload the page."))
        before = {"starts_at": absence.starts_at, "ends_at": absence.ends_at}
        audit.record(actor=actor, action="person.absence_ended", subject=absence.person, before=before)


def set_duty_hours(*, person: User, hours: dict[str, Sequence[str]], actor: Actor) -> None:
    """Set the weekly duty hours of a person: weekday ("0" is Monday) → from and until as HH:MM, in their own zone; an end
    that is not after the start is on the next day. Empty: no hours. Raises ValidationError for anything else."""
    _require(person, actor)
    for day, times in hours.items():
        if day not in set("0123456") or len(times) != 2 or not all(map(_TIME.fullmatch, times)):
            raise ValidationError(gettext_noop("Enter both times of a day as hours and minutes, for example 09:00."))
    with transaction.atomic():
        stored = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        wanted = {day: list(times) for day, times in sorted(hours.items())}
        if stored.duty_hours == wanted:
            return
        User.objects.filter(pk=person.pk).update(duty_hours=wanted)
        before, after = {"duty_hours": stored.duty_hours}, {"duty_hours": wanted}
        audit.record(actor=actor, action="person.duty_hours_set", subject=person, before=before, after=after)
    person.duty_hours = wanted


def begin_absences_due() -> int:
    """Hand over what people hold whose absence has begun, each once; returns how many absences that were."""
    due = Absence.objects.going_on(timezone.now()).filter(handed_over_at=None).order_by("starts_at", "pk")
    sweeping.forget_others(due, sweep=SWEEP)
    return sweeping.each(sweeping.ready(due, sweep=SWEEP), _begin, sweep=SWEEP).done


def _begin(absence: Absence) -> None:
    """Once. Whoever hands something to a person locks them first, so that nothing gets by this (`who_gets`)."""
    person = User.objects.select_for_update(of=("self",), no_key=True).get(pk=absence.person_id)
    now = timezone.now()
    if not Absence.objects.going_on(now).filter(pk=absence.pk, handed_over_at=None).update(handed_over_at=now):
        return
    if person.organisation_id != absence.organisation_id:
        return  # they moved: what they held was let go then
    roster = Roster.of([absence.organisation_id])
    person_away.send(
        sender=None,
        person=person,
        stand_in=roster.stand_in(person),
        reason=why_covered(person, absence),
        key=f"absence:{absence.pk}",
        actor=Actor.system("absences"),
    )


def _require(person: User, actor: Actor) -> None:
    if actor.kind != "person" or actor.user_id != person.pk:
        require_managed_person(person, actor)
