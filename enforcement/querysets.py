"""Who sees which policies, takedowns and related rows: a platform sees its own, a regulator those of its recalls."""

from typing import Self

from django.db.models import Count

from enforcement.states import OPEN, PLATFORM_STEPS, LetterStatus, PublicListingStatus
from portal.identity.tenancy import TenantQuerySet


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


class TimingQuerySet(TenantQuerySet):
    """Pauses, extensions and appeals."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(takedown__platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(takedown__regulator_id=organisation_id)


class ObservationQuerySet(TimingQuerySet):
    """Visible like these: with the takedown."""


class EscalationQuerySet(TenantQuerySet):
    """A platform sees the steps that it was notified of; the higher steps belong to the regulator."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id, kind__in=PLATFORM_STEPS)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(takedown__regulator_id=organisation_id)


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


class PublicListingQuerySet(TenantQuerySet):
    """A platform sees what is public."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.published().filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(escalation__takedown__regulator_id=organisation_id)

    def published(self) -> Self:
        return self.filter(status=PublicListingStatus.PUBLISHED)
