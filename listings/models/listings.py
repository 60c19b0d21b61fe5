"""A listing in a platform's catalogue, as last seen, and what changed in it before."""

from urllib.parse import quote

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from listings.models.imports import CatalogueImport
from listings.querysets import ListingQuerySet, TitleWords
from portal.models import Organisation


class Listing(models.Model):
    """One offer on one platform. `external_id` is the platform's own id.

    `keys` are the matching engine's candidate keys; `match_due` says that the row is new or changed and has yet to be
    matched against the platform's active notices, `match_due_since` since when. `seen_in` is the newest delta feed that
    carried it, or the feed that first did; `present` is False once a full feed no longer did.
    """

    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="listings")
    external_id = models.CharField(max_length=200)
    title = models.TextField()
    description = models.TextField(blank=True, default="")
    brand = models.TextField(blank=True, default="")
    gtin = models.CharField(
        max_length=1000,
        blank=True,
        default="",
        help_text="As given; of variants all, with commas. Matching normalises it.",
    )
    mpn = models.CharField(max_length=200, blank=True, default="")
    seller = models.CharField(max_length=200, blank=True, default="")
    category = models.TextField(blank=True, default="")
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    link = models.CharField(max_length=2000, blank=True, default="")
    image_link = models.CharField(max_length=2000, blank=True, default="")
    supplier = models.CharField(max_length=200, blank=True, default="", db_default="")
    minimum_order = models.CharField(max_length=100, blank=True, default="", db_default="", help_text="As given.")
    price_ladder = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Unit prices from a quantity up, like 1: 12.50 USD; 100: 11.00 USD.",
    )
    destinations = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="Countries that the offer is sent to, like CA, US; or WORLD. Empty: not stated.",
    )
    picture_hash = models.CharField(max_length=640, blank=True, default="", db_default="")
    picture_seen_at = models.DateTimeField(
        null=True, help_text="When its picture was last fetched, with or without success."
    )
    picture_wanted_at = models.DateTimeField(
        null=True, help_text="When its picture was first asked for because a listing of its type was removed."
    )
    digest = models.CharField(max_length=64)
    keys = ArrayField(models.TextField(), default=list, db_default=[])
    match_due = models.BooleanField(default=True, db_default=True)
    match_due_since = models.DateTimeField(default=timezone.now, db_default=Now())
    present = models.BooleanField(default=True, db_default=True)
    seen_in = models.ForeignKey(CatalogueImport, null=True, on_delete=models.PROTECT, related_name="+")
    first_seen_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["platform", "external_id"], name="listing_once")]
        indexes = [
            GinIndex(TitleWords("title"), name="listing_words"),
            GinIndex(fields=["keys"], name="listing_keys", fastupdate=False),
            models.Index(
                fields=["platform", "match_due_since", "id"], condition=Q(match_due=True), name="listing_to_match"
            ),
            models.Index(
                fields=["platform", "picture_wanted_at"],
                condition=Q(picture_wanted_at__isnull=False),
                name="listing_picture_wanted",
            ),
            models.Index(fields=["platform", "seller"], name="listing_by_seller"),
            models.Index(fields=["platform", "-id"], name="listing_by_platform"),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id

    @property
    def page_url(self) -> str:
        """The offer's page: its own link, or the platform's address pattern with its id. One in a sandbox has none: it is
        test data, and nobody's server is asked because of it."""
        return self.page_at(self.link)

    def page_at(self, link: str) -> str:
        """`page_url` as it is, or was, where the catalogue gives this link for the listing, or none."""
        if self.platform.is_sandbox:
            return ""
        pattern = self.platform.listing_url_pattern
        return link or (pattern.replace("{id}", quote(self.external_id, safe="")) if pattern else "")


class ListingChange(models.Model):
    """What a listing said before a feed or the API changed it: field by field, old value."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    job = models.ForeignKey(CatalogueImport, null=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["listing", "-id"], name="change_by_listing")]

    def __str__(self) -> str:
        return f"change of {self.listing_id} at {self.at:%Y-%m-%d %H:%M}"
