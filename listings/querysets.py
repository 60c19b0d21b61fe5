"""Who sees which listings and flags: a platform its own; a regulator the flags of its recalls, and their listings."""

from datetime import datetime
from typing import Self

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Exists, Func, OuterRef, Q
from django.utils import timezone

from listings.states import CLOCK_RUNS, WATCHED, DecisionKind
from portal.database.acting import as_system
from portal.identity.tenancy import TenantQuerySet
from portal.models.jobs import WAITS_OR_BROKE_OFF

TITLE_CONFIG = "simple"  # titles come in all languages: words are taken as they are


class TitleWords(Func):
    """The words of a title, for an index. Django's SearchVector puts COALESCE around it, behind which PostgreSQL takes no
    index where a row policy stands before it, however little the rest tells (portal/database/policies.py: LEAKPROOF)."""

    function = "to_tsvector"
    template = f"%(function)s('{TITLE_CONFIG}'::regconfig, %(expressions)s)"
    output_field = SearchVectorField()


@as_system("numbers of all catalogues together")
def seen_in_catalogues(keys: list[str]) -> dict[str, int]:
    """How many stored listings, of all platforms together, have each of these candidate keys; most first. Without those of
    sandboxes, which anybody there could put in by the hundred."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, count(*) FROM listings_listing, unnest(keys) AS key "
            "WHERE keys && %s::text[] AND key = ANY(%s::text[]) AND platform_id NOT IN "
            "(SELECT id FROM portal_organisation WHERE sandbox_of_id IS NOT NULL) GROUP BY key ORDER BY 2 DESC, 1",
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

    def removed_by_people(self) -> Self:
        """Flags whose listing a person had removed or restricted, from when that is final for as long as it is so."""
        decisions = apps.get_model("listings", "Decision").objects  # as in ListingQuerySet
        kinds = (DecisionKind.REMOVED, DecisionKind.GEO_RESTRICTED)
        decided = decisions.filter(flag=OuterRef("pk"), kind__in=kinds, finalized_at__isnull=False)
        return self.filter(Exists(decided), status__in=WATCHED)

    def in_play(self) -> Self:
        """Flags whose clock runs."""
        return self.filter(status__in=CLOCK_RUNS)


class HeldMatchQuerySet(TenantQuerySet):
    """The regulator's alone: a platform is asked about what becomes a flag."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)

    def waiting(self) -> Self:
        """Those that nobody dismissed; some may be released and not flagged yet."""
        return self.filter(dismissed_at=None)

    def unanswered(self) -> Self:
        return self.filter(dismissed_at=None, released_at=None)


class CoverageCheckQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(notice__platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(notice__recall__regulator_id=organisation_id)


class SharedCodeQuerySet(TenantQuerySet):
    """A platform sees those of its catalogue; a regulator those that a recall names of which it sent the platform a notice."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulators__contains=[organisation_id])


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


class SellerLinkQuerySet(TenantQuerySet):
    """The platform gives them; the regulator sees them as a part of the case."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(flag__platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(flag__regulator_id=organisation_id)


class CatalogueImportQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.none()


class CatalogueUploadQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.none()

    def unfinished(self) -> Self:
        """Those that can be continued, or imported."""
        return self.filter(job=None, expires_at__gt=timezone.now())


class ScheduledFeedQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.none()

    def due(self, now: datetime) -> Self:
        """Those whose time has come, unless their last file is still being imported."""
        imports = apps.get_model("listings", "CatalogueImport").objects
        going_on = imports.filter(feed=OuterRef("pk"), status__in=WAITS_OR_BROKE_OFF)
        return self.filter(~Exists(going_on), enabled=True, next_at__lte=now)


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
