"""Imports of catalogue feeds, their rejects, and the limits of a platform's full feeds."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from listings.models.scheduled_feeds import ScheduledFeed
from listings.querysets import CatalogueImportQuerySet
from listings.states import CATALOGUE_IMPORT_TRANSITIONS, FeedKind, ImportStatus
from portal.database.updated import keeps_updated_at, updated_at
from portal.models import Organisation, User
from portal.models.jobs import Job


class CatalogueImport(Job):
    """One feed of one platform. A full feed lists every listing, so absence from it is an observation; a delta does not.

    `report` says how the file was read: format, encoding, rows_read, used and unused columns, notes, causes (rejects
    by cause), and `held`, why a full feed waits for a person. While it waits, it marks nothing absent. Its `columns` and
    `sample` (line and row) show the file to a person who chooses the columns.
    """

    Kind = FeedKind

    transitions = CATALOGUE_IMPORT_TRANSITIONS

    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.QUEUED)
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="catalogue_imports")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    file = models.FileField(upload_to="catalogues/")
    filename = models.CharField(max_length=255)
    total = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    absent = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(
        default=dict, blank=True, db_default={}, help_text="Field to column, as a person chose. Empty: by their names."
    )
    mapping_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The earlier import that the columns were chosen for.",
    )
    feed = models.ForeignKey(
        ScheduledFeed,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="imports",
        help_text="The scheduled feed that it was fetched from; none for an upload.",
    )
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person confirmed a full feed that waited."
    )
    updated_at = updated_at()

    objects = CatalogueImportQuerySet.as_manager()

    class Meta:
        verbose_name = "catalogue import"
        triggers = [keeps_updated_at("import_updated")]
        ordering = ["-pk"]
        indexes = [models.Index(fields=["platform", "status", "-id"], name="import_by_platform")]

    def __str__(self) -> str:
        return f"{self.pk} ({self.filename})"

    @property
    def is_over(self) -> bool:
        return self.status not in {ImportStatus.QUEUED, ImportStatus.RUNNING}

    @property
    def waits(self) -> bool:
        return self.status == ImportStatus.WAITING

    @property
    def stored(self) -> int:
        """How many listings of the file are in the catalogue."""
        return self.added + self.changed + self.unchanged

    @property
    def may_choose_columns(self) -> bool:
        """Whether the file was read and is still there, and its columns are known."""
        return self.is_over and bool(self.file) and bool(self.report.get("columns"))

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id


class CatalogueReject(models.Model):
    """One row, or one field of a row, that was not imported: its line, the reason, how to fix it, and its content."""

    job = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField()
    external_id = models.CharField(max_length=200, blank=True)
    cause = models.CharField(max_length=60, blank=True, default="", db_default="")
    column = models.CharField(max_length=40, blank=True, default="", db_default="")
    whole_row = models.BooleanField(
        default=True, db_default=True, help_text="False: the row was imported without a field."
    )
    reason = models.TextField()
    content = models.TextField(blank=True)

    class Meta:
        ordering = ["line", "pk"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"

    @property
    def whose(self) -> Organisation:
        return self.job.platform

    @property
    def place(self) -> int:
        return self.line

    @property
    def named(self) -> str:
        return self.external_id


class FeedRule(models.Model):
    """The limits beyond which a platform's full feed waits for a person. A platform without a row has the defaults."""

    MIN_SHARE_OF_FEED, MAX_REJECT_SHARE = 80, 20

    platform = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="feed_rule")
    min_share = models.PositiveSmallIntegerField(
        default=MIN_SHARE_OF_FEED,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Percent of the last full feeds that a full feed must still carry.",
    )
    max_rejects = models.PositiveSmallIntegerField(
        default=MAX_REJECT_SHARE,
        validators=[MinValueValidator(0), MaxValueValidator(99)],
        help_text="Percent of a full feed's rows that may be rejected.",
    )

    def __str__(self) -> str:
        return f"of {self.platform}"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id

    def as_json(self) -> dict[str, Any]:
        return {"min_share": self.min_share, "max_rejects": self.max_rejects}
