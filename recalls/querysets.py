"""Who sees which recalls and notices. A platform sees a recall only if an active or past notice of it was sent to it."""

from datetime import datetime
from typing import Self

from django.apps import apps
from django.db.models import Exists, OuterRef

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
