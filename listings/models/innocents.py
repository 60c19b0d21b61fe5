"""What was found not to be a recalled product, remembered so that it does not come back."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from listings.models.flags import Flag
from listings.models.listings import Listing
from listings.querysets import KnownInnocentQuerySet
from portal.models import Organisation
from recalls.models import Recall


class KnownInnocent(models.Model):
    """While it holds, nothing on this platform that it covers is flagged under `recall`; without a recall, under any.

    It covers one listing as long as title, brand, GTIN and MPN stay as they were (`identity`), or every listing with a
    GTIN, or every listing of a seller with the same product in its title.
    """

    class Scope(models.TextChoices):
        LISTING = "listing", "This listing, as it is"
        GTIN = "gtin", "Everything with this GTIN"
        SELLER_PRODUCT = "seller_product", "This seller's listings of this product"

    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recall = models.ForeignKey(Recall, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=20, choices=Scope)
    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64, blank=True, help_text="Of the listing, for the listing's own scope.")
    gtin = models.CharField(max_length=14, blank=True)
    seller = models.CharField(max_length=200, blank=True)
    product = models.TextField(blank=True, help_text="The telling words of the title, in the order of the alphabet.")
    flag = models.ForeignKey(Flag, null=True, on_delete=models.PROTECT, related_name="innocents")
    reason = models.TextField()
    made_by = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = KnownInnocentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["platform", "listing"], condition=Q(scope="listing"), name="innocent_listing"),
            models.Index(fields=["platform", "gtin"], condition=Q(scope="gtin"), name="innocent_gtin"),
            models.Index(fields=["platform", "seller"], condition=Q(scope="seller_product"), name="innocent_seller"),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.covers}"

    @property
    def covers(self) -> str:
        if self.scope == self.Scope.GTIN:
            return self.gtin
        if self.scope == self.Scope.SELLER_PRODUCT:
            return f"{self.seller}, {self.product}"
        return str(self.listing)

    @property
    def holds(self) -> bool:
        return self.withdrawn_at is None and (self.expires_at is None or self.expires_at > timezone.now())

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id
