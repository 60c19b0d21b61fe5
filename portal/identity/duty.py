"""Who is there: weekly duty hours, absences, and who stands in for whoever is away.

A stand-in belongs to the same organisation, can sign in and may do the work of its cases (`ENTITLED`). Deputies of
deputies are followed; where the chain ends with nobody, or runs in a circle, the work is everybody's who is entitled.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.identity.access import ROLE_PERMISSIONS
from portal.models import Absence, Organisation, User

ENTITLED = {
    Organisation.Kind.REGULATOR: "escalation.acknowledge",
    Organisation.Kind.PLATFORM: "flag.claim",
    Organisation.Kind.OPERATOR: "organisation.manage",
}
"""The permission that whoever stands in for somebody needs, by the kind of their organisation."""
Hours = Mapping[str, Sequence[str]]


NO_STAND_IN = gettext_noop("%(name)s is not available and nobody stands in. Choose someone else.")


def entitled_people(organisation: Organisation) -> QuerySet[User]:
    """Everybody of an organisation who can sign in and may do the work of its cases."""
    roles = [role for role, granted in ROLE_PERMISSIONS.items() if ENTITLED[organisation.kind] in granted]  # type: ignore[index]
    found = User.objects.filter(organisation=organisation, role__in=roles, is_active=True, locked_at=None)
    return found.order_by("name", "pk")


def within_hours(hours: Hours, local: datetime) -> bool:
    """Whether a moment, as the person's own clock shows it, lies in their weekly hours; hours that end before they begin
    end on the next day. Without hours always."""
    if not hours:
        return True
    yesterday = hours.get(str((local - timedelta(days=1)).weekday()))
    today = hours.get(str(local.weekday()))
    if yesterday and _ends_next_day(yesterday) and local.time() < time.fromisoformat(yesterday[1]):
        return True
    if not today or local.time() < time.fromisoformat(today[0]):
        return False
    return _ends_next_day(today) or local.time() < time.fromisoformat(today[1])


def _ends_next_day(hours: Sequence[str]) -> bool:
    return hours[1] <= hours[0]


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is away at one moment, of the organisations that were asked for; `absences` by person."""

    at: datetime
    absences: Mapping[int, Absence]

    @classmethod
    def of(cls, organisations: Collection[int]) -> "Roster":
        """As it is now, in one query."""
        now = timezone.now()
        rows = Absence.objects.going_on(now).filter(
            organisation_id__in=organisations, person__organisation_id=F("organisation_id")
        )
        return cls(now, {row.person_id: row for row in rows.select_related("deputy__organisation")})

    def absence(self, person: User) -> Absence | None:
        return self.absences.get(person.pk)

    def is_there(self, person: User) -> bool:
        """Whether a person can sign in and is not away; outside of duty hours they are."""
        return person.is_active and person.locked_at is None and person.pk not in self.absences

    def on_duty(self, person: User) -> bool:
        """Whether a person is there, and their duty hours say so too."""
        if not self.is_there(person):
            return False
        return not person.duty_hours or within_hours(person.duty_hours, self.at.astimezone(person.zone))

    def stand_in(self, person: User) -> User | None:
        """Who has what is assigned to a person: themselves while they are there, else the first deputy down the line who
        is. None where there is none: no deputy, one who left, or a circle of people who are all away."""
        seen: set[int] = set()
        at: User | None = person
        while at is not None and not self.is_there(at) and at.pk not in seen:
            seen.add(at.pk)
            absence = self.absences.get(at.pk)
            at = absence.deputy if absence else None
            if at is not None and not may_stand_in(at, person):
                return None
        return at if at is not None and at.pk not in seen else None

    def everybody(self, organisation: Organisation) -> list[User]:
        """The entitled people of an organisation who are on duty; failing them those who are there; failing these all."""
        people = list(entitled_people(organisation).select_related("organisation"))
        on_duty = [person for person in people if self.on_duty(person)]
        return on_duty or [person for person in people if self.is_there(person)] or people

    def covering(self, people: Iterable[User]) -> dict[User, list[User]]:
        """Who is told instead of each of `people` who is away: the stand-in, else everybody entitled, where no other of
        `people` at the same organisation is there. Nobody who is told anyway."""
        told: dict[int, list[User]] = defaultdict(list)
        for person in people:
            told[person.organisation_id].append(person)
        found: dict[User, list[User]] = {}
        for group in told.values():
            for person in group:
                if self.is_there(person):
                    continue
                stand_in = self.stand_in(person)
                if stand_in is not None:
                    found[person] = [stand_in]
                elif not any(map(self.is_there, group)):
                    found[person] = self.everybody(person.organisation)
        known = {person.pk for group in told.values() for person in group}
        for person, others in found.items():
            found[person] = [other for other in others if other.pk not in known]
        return {person: others for person, others in found.items() if others}

    def reach(self, people: Sequence[User], organisation: Organisation) -> list[User]:
        """`people`, and who of the organisation is told besides, so that somebody on duty is: stand-ins, else everybody
        entitled. Empty only where nobody of the organisation can sign in at all."""
        found = {person.pk: person for person in people}
        for person in people:
            if (stand_in := self.stand_in(person)) is not None:
                found.setdefault(stand_in.pk, stand_in)
        if not any(map(self.on_duty, found.values())):
            found |= {person.pk: person for person in self.everybody(organisation) if person.pk not in found}
        return list(found.values())


def may_stand_in(deputy: User, person: User) -> bool:
    """Whether one person may stand in for another: same organisation, active, not locked, entitled."""
    if deputy.organisation_id != person.organisation_id:
        return False
    may_sign_in = deputy.is_active and deputy.locked_at is None
    return may_sign_in and ENTITLED[person.organisation.kind] in ROLE_PERMISSIONS[deputy.role]  # type: ignore[index]


def who_gets(person: User) -> User:
    """Who really gets what is handed to a person: themselves, or whoever stands in for them while they are away. Raises
    ValidationError (`to`) where nobody does. Whether the one who left may get anything is for the caller to refuse.

    Call it inside the transaction that hands over, before anything else is locked: an absence that begins waits for it.
    """
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(pk=person.pk).values_list("pk"))
    if not person.is_active:
        return person
    found = Roster.of([person.organisation_id]).stand_in(person)
    if found is None:
        raise ValidationError({"to": ValidationError(NO_STAND_IN, params={"name": person.name})})
    return found
