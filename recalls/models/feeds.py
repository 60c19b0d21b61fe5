"""Feeds: addresses of publishers from which recall files are fetched on a schedule."""

from django.db import models

from portal.models import Organisation
from portal.models.fetching import FetchSchedule
from recalls.querysets import RecallFeedQuerySet


class RecallFeed(FetchSchedule):
    """A publisher's address; a new file becomes an import that waits for a person."""

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recall_feeds")
    publisher = models.CharField(max_length=120, blank=True, help_text="As read from its last file.")
    records = models.PositiveIntegerField(default=0, help_text="Records in the last file that was accepted.")

    objects = RecallFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "recall feed"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["regulator", "url"], name="feed_address_once")]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(enabled=True), name="feed_due")]
