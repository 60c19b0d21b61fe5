"""Scheduled feeds: addresses of platforms from which their catalogues are fetched on a schedule."""

from typing import Any

from django.db import models

from listings.querysets import ScheduledFeedQuerySet
from listings.states import FeedKind
from portal.models import Organisation
from portal.models.fetching import FetchSchedule


class ScheduledFeed(FetchSchedule):
    """A platform's address; a new file becomes a catalogue import like one that was uploaded.

    `credential` is the value of the header `credential_name` that the platform's server asks for, encrypted
    (portal/identity/encryption.py); both are empty where it asks for none. It is sent to the address's own server alone.
    """

    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="scheduled_feeds")
    kind = models.CharField(max_length=5, choices=FeedKind)
    credential_name = models.CharField(max_length=60, blank=True, default="", db_default="")
    credential = models.TextField(blank=True, default="", db_default="", help_text="Encrypted.")

    ASKED = ("url", "kind", "credential_name", "credential")
    last_import: Any = None  # the newest of its imports, where a page that lists feeds gives it

    objects = ScheduledFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "scheduled feed"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["platform", "url"], name="scheduled_feed_once")]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(enabled=True), name="scheduled_feed_due")]

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id
