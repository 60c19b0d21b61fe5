"""Who sees which listings and flags: a platform its own; a regulator the flags of its recalls, and their listings."""

from typing import Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from listings.states import CLOCK_RUNS
from portal.tenancy import TenantQuerySet


class ListingQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        flags = apps.get_model("listings", "Flag").objects  # the model imports this module, so it is asked for by name
        return self.filter(Exists(flags.filter(listing=OuterRef("pk"), recall__regulator_id=organisation_id)))


class FlagQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(recall__regulator_id=organisation_id)

    def in_play(self) -> Self:
        """Flags whose clock runs."""
        return self.filter(status__in=CLOCK_RUNS)


class CatalogueImportQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.none()


class KnownInnocentQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(recall__regulator_id=organisation_id)

    def holding(self) -> Self:
        """Those that are neither withdrawn nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), withdrawn_at=None)
