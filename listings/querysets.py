"""Who sees which listings and flags: a platform its own; a regulator the flags of its recalls, and their listings."""

from typing import Self

from django.apps import apps
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from listings.states import CLOCK_RUNS
from portal.identity.tenancy import TenantQuerySet

TITLE_CONFIG = "simple"  # titles come in all languages: words are taken as they are


def seen_in_catalogues(keys: list[str]) -> dict[str, int]:
    """How many stored listings, of all platforms together, have each of these candidate keys; most first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, count(*) FROM listings_listing, unnest(keys) AS key "
            "WHERE keys && %s::text[] AND key = ANY(%s::text[]) GROUP BY key ORDER BY 2 DESC, 1",
            [keys, keys],
        )
        return dict(cursor.fetchall())


class ListingQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        flags = apps.get_model("listings", "Flag").objects  # the model imports this module, so it is asked for by name
        return self.filter(Exists(flags.filter(listing=OuterRef("pk"), regulator_id=organisation_id)))


class FlagQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)

    def in_play(self) -> Self:
        """Flags whose clock runs."""
        return self.filter(status__in=CLOCK_RUNS)


class MessageQuerySet(TenantQuerySet):
    """Both sides of a flag read what is written to both; a note is its author's organisation's alone."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(_to_both_or_own(organisation_id), flag__platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(_to_both_or_own(organisation_id), flag__regulator_id=organisation_id)

    def to_both(self) -> Self:
        return self.filter(audience="both")


class AttachmentQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(_to_both_or_own(organisation_id, "message__"), message__flag__platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        regulator = {"message__flag__regulator_id": organisation_id}
        return self.filter(_to_both_or_own(organisation_id, "message__"), **regulator)


def _to_both_or_own(organisation_id: int, prefix: str = "") -> Q:
    return Q(**{f"{prefix}audience": "both"}) | Q(**{f"{prefix}organisation_id": organisation_id})


class CatalogueImportQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.none()


class DryRunQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)


class ExclusionQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)

    def holding(self) -> Self:
        """Those that are neither withdrawn nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), withdrawn_at=None)

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now(), withdrawn_at=None)

    def withdrawn(self) -> Self:
        return self.filter(withdrawn_at__isnull=False)
