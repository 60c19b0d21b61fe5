"""Who sees which recalls and notices. A platform sees a recall only if an active or past notice of it was sent to it."""

from datetime import datetime
from typing import Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from portal.identity.tenancy import TenantQuerySet


class RecallQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        notices = apps.get_model(
            "recalls", "Notice"
        ).objects  # the model imports this module, so it is asked for by name
        sent = notices.filter(recall=OuterRef("pk"), platform_id=organisation_id)
        return self.filter(Exists(sent)).filter(status__in=["published", "withdrawn"])

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)

    def embargo_over(self, now: datetime) -> Self:
        return self.filter(status="embargoed", publish_at__lte=now)

    def published(self) -> Self:
        return self.filter(status="published")


class RecallVersionQuerySet(TenantQuerySet):
    """A platform sees the versions that were noticed to it, and no draft of the next one."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(published_at__isnull=False, notices__platform_id=organisation_id).distinct()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(recall__regulator_id=organisation_id)


class RiskAssessmentQuerySet(TenantQuerySet):
    """What the regulator's staff write for each other."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(version__recall__regulator_id=organisation_id)


class RecallFileQuerySet(TenantQuerySet):
    """A platform sees the files that are meant for platforms, of recalls that were sent to it."""

    def for_platform(self, organisation_id: int) -> Self:
        recalls = apps.get_model("recalls", "Recall").objects.for_platform(organisation_id)
        return self.filter(for_platforms=True, recall__in=recalls.values("pk"))

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(recall__regulator_id=organisation_id)


class NoticeQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(platform_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(recall__regulator_id=organisation_id)

    def active(self) -> Self:
        return self.filter(status="active")


class SendingQuerySet(TenantQuerySet):
    """A platform sees its notices, not what else went out with them."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)


class RecallImportQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)


class RecallFeedQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(regulator_id=organisation_id)

    def due(self, now: datetime) -> Self:
        return self.filter(enabled=True, next_at__lte=now)


class IncidentLeadQuerySet(TenantQuerySet):
    """A regulator sees the leads of its own recalls; what it sees of the other recall is what is published."""

    def for_platform(self, organisation_id: int) -> Self:
        return self.none()

    def for_regulator(self, organisation_id: int) -> Self:
        own = apps.get_model("recalls", "Recall").objects.filter(regulator_id=organisation_id)
        return self.filter(
            Q(first__in=own.values("pk")) | Q(second__in=own.values("pk"))
        )  # no join: that one it cannot see
