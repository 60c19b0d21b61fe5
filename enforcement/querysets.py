"""Who sees which policies, takedowns, observations and escalations: a platform its own, a regulator those of its recalls."""

from typing import Self

from enforcement.states import OPEN
from portal.tenancy import TenantQuerySet


class PolicyQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)


class TakedownQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(flag__recall__regulator_id=organisation_id)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)


class ObservationQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(takedown__platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(takedown__flag__recall__regulator_id=organisation_id)


class EscalationQuerySet(TenantQuerySet):
    """A platform sees what it was told; the officer's and letter rungs are the regulator's until a letter is sent."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id, kind__in=["reminder", "missed"])

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(takedown__flag__recall__regulator_id=organisation_id)
