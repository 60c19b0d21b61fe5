"""Exclusions: what is known not to be a recalled product, so that it is not flagged again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models.flags import Flag
from listings.models.listings import Listing
from listings.querysets import ExclusionQuerySet
from portal.database.updated import keeps_updated_at, updated_at
from portal.models import Organisation
from recalls.models import Recall, RecallVersion


class Exclusion(models.Model):
    """While it is active, nothing that it covers on this platform is flagged under `recall`, or, without a recall,
    under any recall of `regulator`.

    It covers one listing while title, brand, GTIN and MPN stay the same (`identity`), or every listing with a GTIN, or
    every listing of a seller with the same title, brand, GTIN and MPN (`product`). It covers no more than was judged:
    `version`, `facts` and `score` are what the dismissed flag showed (listings/exclusion_scope.py: outgrown). Without a
    flag, a regulator added it, and only a GTIN that the recall itself names outgrows it.
    """

    class Scope(models.TextChoices):
        LISTING = "listing", gettext_noop("This listing, until it changes")
        GTIN = "gtin", gettext_noop("All listings with this GTIN")
        SELLER_PRODUCT = "seller_product", gettext_noop("This seller's listings of this product")

    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recall = models.ForeignKey(Recall, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=20, choices=Scope)
    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64, blank=True, help_text="Of the listing, for the listing's own scope.")
    gtin = models.CharField(max_length=14, blank=True)
    seller = models.CharField(max_length=200, blank=True)
    product = models.TextField(
        blank=True, help_text="The words of the title in the order of the alphabet, brand, MPN and GTIN."
    )
    version = models.ForeignKey(RecallVersion, null=True, on_delete=models.PROTECT, related_name="+")
    facts = ArrayField(models.TextField(), default=list, help_text="Identifying facts that the dismissed flag showed.")
    score = models.FloatField(null=True, help_text="Of the dismissed flag.")
    flag = models.ForeignKey(Flag, null=True, on_delete=models.PROTECT, related_name="exclusions")
    reason = models.TextField()
    made_by = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    expired_at = models.DateTimeField(
        null=True, blank=True, help_text="When its expiry was carried out: what it covered became due for matching."
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=300, blank=True)
    updated_at = updated_at()

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [keeps_updated_at("exclusion_updated")]
        indexes = [
            models.Index(fields=["platform", "listing"], condition=Q(scope="listing"), name="exclusion_listing"),
            models.Index(fields=["platform", "gtin"], condition=Q(scope="gtin"), name="exclusion_gtin"),
            models.Index(fields=["platform", "seller"], condition=Q(scope="seller_product"), name="exclusion_seller"),
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False, expired_at=None, withdrawn_at=None),
                name="exclusion_to_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.covers}"

    @property
    def covers(self) -> str:
        if self.scope == self.Scope.GTIN:
            return self.gtin
        if self.scope == self.Scope.SELLER_PRODUCT:
            return f"{self.seller}, {self.product.strip(' /')}"
        return str(self.listing)

    @property
    def state(self) -> str:
        """holding, expired or withdrawn."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "holding" if self.expires_at is None or self.expires_at > timezone.now() else "expired"

    @property
    def holds(self) -> bool:
        return self.state == "holding"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id
