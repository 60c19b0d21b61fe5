"""Appeals: a platform or a seller disputes that a listing is the recalled product."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.models.takedowns import Takedown
from enforcement.querysets import AppealQuerySet
from enforcement.states import APPEAL_TRANSITIONS, AppealStatus
from listings.models import SellerAnswer
from portal.database.updated import keeps_updated_at, updated_at
from portal.models import User


class Appeal(models.Model):
    """One appeal, and its answer by someone other than the person who decided before. The clock keeps running."""

    class Side(models.TextChoices):
        PLATFORM = "platform", gettext_noop("The platform")
        SELLER = "seller", gettext_noop("The seller")

    class Origin(models.TextChoices):
        PLATFORM = "platform", gettext_noop("The platform")
        LINK = "link", gettext_noop("The seller, as claimed, through a link")
        PASSED_ON = "passed_on", gettext_noop("The platform, for the seller")

    transitions = APPEAL_TRANSITIONS

    takedown = models.ForeignKey(Takedown, on_delete=models.PROTECT, related_name="appeals")
    status = models.CharField(max_length=8, choices=AppealStatus, default=AppealStatus.OPEN)
    side = models.CharField(max_length=8, choices=Side)
    text = models.TextField()
    made_by = models.CharField(max_length=300)
    made_by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    seller_answer = models.OneToOneField(
        SellerAnswer,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appeal",
        help_text="What the seller wrote through a link, with its files.",
    )
    answered_by = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    updated_at = updated_at()

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [keeps_updated_at("appeal_updated")]
        constraints = [models.UniqueConstraint(fields=["takedown"], condition=Q(status="open"), name="one_open_appeal")]

    def __str__(self) -> str:
        return f"{self.pk} of takedown {self.takedown_id}"

    @property
    def origin(self) -> Origin:
        """Who says so: the platform (or its regulator) for itself, the seller through a link, or the platform for the
        seller, which is a claim."""
        if self.side == self.Side.PLATFORM:
            return self.Origin.PLATFORM
        return self.Origin.PASSED_ON if self.seller_answer_id is None else self.Origin.LINK

    @property
    def audit_organisation_id(self) -> int:
        return self.takedown.platform_id
