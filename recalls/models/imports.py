"""Imports of recall files, what they would change, and the records they refused."""

from typing import Any

from django.db import models

from portal.database.updated import keeps_updated_at, updated_at
from portal.models import Organisation, User
from portal.models.jobs import Job
from recalls.models.feeds import RecallFeed
from recalls.models.recalls import Recall
from recalls.querysets import RecallImportQuerySet
from recalls.states import IMPORT_TRANSITIONS, ImportStatus

SUBMITTED_BY = "submitted_by"  # in the report, while drafts are put into review: the person (an id) who asked for it


class RecallImport(Job):
    """One recall file uploaded by a regulator, or fetched from its feed.

    It runs in up to three steps: the file is read and compared (nothing changes), then a person confirms and it is
    stored, then, if that person asked for it, another person approves and it is published.
    """

    transitions = IMPORT_TRANSITIONS

    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.QUEUED)
    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recall_imports")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    feed = models.ForeignKey(RecallFeed, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports")
    file = models.FileField(upload_to="recall-imports/")
    filename = models.CharField(max_length=255)
    format = models.CharField(max_length=40, blank=True, help_text="The importer that recognised the file.")
    publisher = models.CharField(max_length=120, blank=True)
    mapping = models.JSONField(default=dict, blank=True, help_text="Our field to the column that holds it.")
    report = models.JSONField(default=dict, blank=True, help_text="What was found beside recalls, for the page.")
    publish = models.BooleanField(
        default=False, help_text="Submit what is stored for publication; otherwise it stays in draft."
    )
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    revised = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(default=0)
    updated_at = updated_at()

    objects = RecallImportQuerySet.as_manager()

    class Meta:
        triggers = [keeps_updated_at("recall_import_updated")]
        verbose_name = "recall import"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} ({self.filename})"

    @property
    def waits_for_person(self) -> bool:
        return self.status in {ImportStatus.WAITING, ImportStatus.REVIEW}

    @property
    def is_submitting(self) -> bool:
        """Whether a worker puts the drafts that it left into review: the step after a person asked for it."""
        return self.is_under_way and SUBMITTED_BY in self.report

    @property
    def asks_for_columns(self) -> bool:
        """Whether the file is a table whose columns a person has to choose before it can be previewed."""
        return self.status == ImportStatus.WAITING and "columns" in self.report


class RecallImportRow(models.Model):
    """One recall that an import would add or change; `content` is the new content, if it changes one."""

    class Outcome(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"

    job = models.ForeignKey(RecallImport, on_delete=models.CASCADE, related_name="rows")
    record = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    title = models.TextField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    recall = models.ForeignKey(Recall, null=True, on_delete=models.CASCADE, related_name="+")
    content: Any = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["job", "outcome", "id"], name="import_row_list")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class RecallReject(models.Model):
    """One record that could not be imported: its place, the reason, and its content."""

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
