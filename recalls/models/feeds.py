"""Feeds: addresses of publishers from which recall files are fetched on a schedule."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.models import Organisation, User
from recalls.querysets import RecallFeedQuerySet


class RecallFeed(models.Model):
    """An address whose file is fetched every `interval_minutes`; a new file becomes an import that waits for a
    person. `failures` counts failed fetches in a row: each doubles the wait for the next one."""

    class Result(models.TextChoices):
        NEVER = "", gettext_noop("Not fetched yet")
        IMPORTED = "imported", gettext_noop("New file, import started")
        UNCHANGED = "unchanged", gettext_noop("Not changed")
        FAILED = "failed", gettext_noop("Fetch failed")
        REFUSED = "refused", gettext_noop("File refused")

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recall_feeds")
    name = models.CharField(max_length=80)
    url = models.URLField(max_length=1000)
    publisher = models.CharField(max_length=120, blank=True, help_text="As read from its last file.")
    interval_minutes = models.PositiveIntegerField(default=1440)
    enabled = models.BooleanField(default=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the last file that was accepted.")
    records = models.PositiveIntegerField(default=0, help_text="Records in the last file that was accepted.")
    result = models.CharField(max_length=10, choices=Result, default=Result.NEVER, blank=True)
    detail = models.TextField(blank=True, help_text="Why a fetch failed or its file was refused.")
    failures = models.PositiveSmallIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = RecallFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "recall feed"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["regulator", "url"], name="feed_address_once")]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(enabled=True), name="feed_due")]

    def __str__(self) -> str:
        return self.name
