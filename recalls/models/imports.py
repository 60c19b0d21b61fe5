"""Imports of recall files, and the records they refused."""

from django.db import models

from portal.jobs import Job, job_transitions
from portal.models import Organisation, User
from recalls.querysets import RecallImportQuerySet


class RecallImport(Job):
    """One recall file put in by a regulator: what it added, revised, left as it was and refused."""

    transitions = job_transitions("recall.import", "recall_import")

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recall_imports")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to="recall-imports/")
    filename = models.CharField(max_length=255)
    publish = models.BooleanField(default=True, help_text="Publish what is imported; otherwise it stays in draft.")
    is_sample = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    revised = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    objects = RecallImportQuerySet.as_manager()

    class Meta:
        verbose_name = "recall import"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} ({self.filename})"


class RecallReject(models.Model):
    """One record that could not be imported: where it stood, why, and what it was."""

    job = models.ForeignKey(RecallImport, on_delete=models.CASCADE, related_name="rejects")
    record = models.PositiveIntegerField(help_text="Its place in the file, counted from 1.")
    number = models.CharField(max_length=80, blank=True)
    reason = models.TextField()
    content = models.TextField(blank=True)

    class Meta:
        ordering = ["record"]

    def __str__(self) -> str:
        return f"record {self.record}: {self.reason}"

    @property
    def whose(self) -> Organisation:
        return self.job.regulator

    @property
    def place(self) -> int:
        return self.record

    @property
    def named(self) -> str:
        return self.number
