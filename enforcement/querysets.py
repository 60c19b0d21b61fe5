"""Who sees which policies, takedowns and related rows: a platform sees its own, a regulator those of its recalls."""

from typing import Self, TypeVar

from django.db.models import Count, Q, QuerySet

from enforcement.states import (
    OPEN,
    PLATFORM_STEPS,
    AppealStatus,
    LetterStatus,
    PublicListingStatus,
    TakedownStatus,
)
from portal.identity.tenancy import TenantQuerySet

_WAITING = Q(acknowledged_at=None, takedown__status__in=OPEN)
Rows = TypeVar("Rows", bound=QuerySet)
Parts = list[tuple[Rows, list[str]]]
"""A list in parts with the ordering of each (`keyset_page_of_parts`): what waits for somebody comes before what is done."""


def _newest_first(*parts: Rows) -> Parts[Rows]:
    return [(part, ["-pk"]) for part in parts]


class PolicyQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)


class CalendarDayQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)

    def of(self, regulator_id: int, country: str, subdivision: str) -> Self:
        """All days of one calendar, removed ones too."""
        return self.filter(regulator_id=regulator_id, country=country, subdivision=subdivision)

    def current(self) -> Self:
        return self.filter(removed_at=None)

    def version(self) -> int:
        """The number of changes of these calendars."""
        counted = self.aggregate(added=Count("pk"), removed=Count("removed_at"))
        return int(counted["added"]) + int(counted["removed"])


class TakedownQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def in_order(self) -> Parts[Self]:
        """Missed deadlines and the next ones, each by time, then the latest closed ones."""
        return [
            (self.filter(status=TakedownStatus.MISSED), ["due_at", "pk"]),
            (self.filter(status=TakedownStatus.RUNNING), ["due_at", "pk"]),
            (self.exclude(status__in=OPEN), ["-due_at", "-pk"]),
        ]


class TimingQuerySet(TenantQuerySet):
    """Pauses, extensions and appeals."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(takedown__platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(takedown__regulator_id=organisation_id)


class AppealQuerySet(TimingQuerySet):
    def in_order(self) -> Parts[Self]:
        """Those that await an answer, then the answered ones, the newest of each first."""
        return _newest_first(self.filter(status=AppealStatus.OPEN), self.exclude(status=AppealStatus.OPEN))


class ObservationQuerySet(TimingQuerySet):
    """Visible like these: with the takedown."""


class EscalationQuerySet(TenantQuerySet):
    """A platform sees the steps that it was notified of; the higher steps belong to the regulator."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id, kind__in=PLATFORM_STEPS)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(takedown__regulator_id=organisation_id)

    def in_order(self) -> Parts[Self]:
        """Those to acknowledge, then the others, the newest of each first."""
        return _newest_first(self.waiting(), self.exclude(_WAITING))

    def waiting(self) -> Self:
        """Those that nobody has acknowledged, of cases that are still open."""
        return self.filter(_WAITING)


class LetterTemplateQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)


class LetterQuerySet(TenantQuerySet):
    """A platform sees what was sent to it."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id, status=LetterStatus.SENT)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(escalation__takedown__regulator_id=organisation_id)

    def in_order(self) -> Parts[Self]:
        """Drafts to review, then the others, the newest of each first."""
        return _newest_first(self.filter(status=LetterStatus.DRAFT), self.exclude(status=LetterStatus.DRAFT))


class PublicListingQuerySet(TenantQuerySet):
    """A platform sees what is public."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.published().filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(escalation__takedown__regulator_id=organisation_id)

    def published(self) -> Self:
        """Those that are public: not while the deadline, which was moved, lies ahead again."""
        published = self.filter(status=PublicListingStatus.PUBLISHED)
        return published.exclude(escalation__takedown__status=TakedownStatus.RUNNING)

    def in_order(self) -> Parts[Self]:
        """Those that await a decision, then the others, the newest of each first."""
        undecided = [PublicListingStatus.PROPOSED, PublicListingStatus.AGREED]
        return _newest_first(self.filter(status__in=undecided), self.exclude(status__in=undecided))
