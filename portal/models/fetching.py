"""The common shape of an address whose file is fetched on a schedule: of recalls, of catalogues."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.models.accounts import User


class FetchSchedule(models.Model):
    """An address whose file is fetched every `interval_minutes` (portal/services/fetching.py). `failures` counts failed
    fetches in a row: each doubles the wait for the next one."""

    class Result(models.TextChoices):
        NEVER = "", gettext_noop("Not fetched yet")
        IMPORTED = "imported", gettext_noop("New file, import started")
        UNCHANGED = "unchanged", gettext_noop("Not changed")
        FAILED = "failed", gettext_noop("Fetch failed")
        REFUSED = "refused", gettext_noop("File refused")

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=1000)
    interval_minutes = models.PositiveIntegerField(default=1440)
    enabled = models.BooleanField(default=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the last file that was accepted.")
    result = models.CharField(max_length=10, choices=Result, default=Result.NEVER, blank=True)
    detail = models.TextField(blank=True, help_text="Why a fetch failed or its file was refused.")
    failures = models.PositiveSmallIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    ASKED: ClassVar[tuple[str, ...]] = ("url",)
    """The fields that say what is fetched and what becomes of it."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        """Whether it is being fetched, or is about to be."""
        return self.enabled and self.next_at <= timezone.now()

    def forget_file(self) -> None:
        """Take the next file for a new one, whatever was fetched before."""
        self.etag = self.last_modified = self.digest = ""
