"""Imports of catalogue feeds, and the rows they refused."""

from django.db import models
from django.utils.translation import gettext_noop

from listings.querysets import CatalogueImportQuerySet
from portal.jobs import Job, job_transitions
from portal.models import Organisation, User


class CatalogueImport(Job):
    """One feed of one platform. A full feed says what there is, so absence from it is an observation; a delta does not."""

    class Kind(models.TextChoices):
        FULL = "full", gettext_noop("Full: what is missing here is no longer on sale")
        DELTA = "delta", gettext_noop("Delta: only what is new or changed")

    transitions = job_transitions("catalogue.import", "catalogue_import")

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

    objects = CatalogueImportQuerySet.as_manager()

    class Meta:
        verbose_name = "catalogue import"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["platform", "status", "-id"], name="import_by_platform")]

    def __str__(self) -> str:
        return f"{self.pk} ({self.filename})"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id


class CatalogueReject(models.Model):
    """One row that could not be imported: its line, why, how to mend it, and what it was."""

    job = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField()
    external_id = models.CharField(max_length=200, blank=True)
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
