"""Exports: files that a worker makes for one person, and keeps for some days."""

from datetime import timedelta

from django.db import models

from portal.database.updated import keeps_updated_at, updated_at
from portal.identity.querysets import ExportQuerySet
from portal.models.accounts import Organisation, User
from portal.models.jobs import WAITS_OR_BROKE_OFF, Job, job_transitions


class Export(Job):
    """One file for one person: an evidence pack, or a table. `file` is empty before it is made and after it was deleted."""

    KEPT = timedelta(days=7)  # unless operators choose other days
    MAX_UNDER_WAY = 5  # of one person

    class Unit(models.TextChoices):
        ROWS = "rows"
        TAKEDOWNS = "takedowns"

    transitions = job_transitions("export.make", "export")

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict, help_text="What exactly was asked for.")
    zone = models.CharField(max_length=60, default="UTC", help_text="In which the person's days begin.")
    language = models.CharField(max_length=10, default="en", help_text="In which words of a filter were written.")
    title = models.CharField(max_length=100)
    detail = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=10, choices=Unit)
    filename = models.CharField(max_length=255)
    counted = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    file = models.FileField(upload_to="exports/", blank=True, max_length=255)
    kept_until = models.DateTimeField(null=True, blank=True)
    updated_at = updated_at()

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "export"
        triggers = [keeps_updated_at("export_updated")]
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person", "-id"], name="export_by_person"),
            models.Index(fields=["id"], name="export_due", condition=models.Q(status__in=sorted(WAITS_OR_BROKE_OFF))),
            models.Index(fields=["kept_until"], name="export_kept", condition=~models.Q(file="")),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.filename})"

    @property
    def path(self) -> str:
        """Where the file stands in the storage, once it is made."""
        return f"exports/{self.pk}.{self.filename.rpartition('.')[2]}"

    @property
    def audit_organisation_id(self) -> int:
        return self.organisation_id
