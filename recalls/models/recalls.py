"""A recall, its versions, and the products each version names."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.database.updated import keeps_updated_at, touches, updated_at
from portal.models import Organisation, User
from recalls.models.safety import SafetyRecord
from recalls.querysets import RecallQuerySet, RecallVersionQuerySet
from recalls.states import RECALL_TRANSITIONS, RecallStatus


class Recall(models.Model):
    """One recall of one regulator. What it says stands in its versions; `current` is the one in force (or in draft)."""

    class Priority(models.TextChoices):
        URGENT = "urgent", gettext_noop("Urgent")
        NORMAL = "normal", gettext_noop("Normal")

    transitions = RECALL_TRANSITIONS

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recalls")
    number = models.CharField(
        max_length=40, help_text="The regulator's own number, kept letter for letter: 05012 is not 5012."
    )
    status = models.CharField(max_length=10, choices=RecallStatus, default=RecallStatus.DRAFT)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    current = models.ForeignKey("RecallVersion", null=True, on_delete=models.PROTECT, related_name="+")
    recalled_on = models.DateField(null=True, blank=True, help_text="The day the regulator announced it.")
    title = models.TextField(help_text="Of the current version, for lists and search.")
    search = models.TextField(
        blank=True, editable=False, help_text="Lower-case text that the search field looks through."
    )
    findability = models.PositiveSmallIntegerField(default=0, help_text="0 to 100: how well its listings can be found.")
    is_sample = models.BooleanField(default=False)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_recalls",
        help_text="Who of the regulator's staff owns the case. No platform sees it.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(
        null=True, blank=True, help_text="Until when an approved recall is under embargo; no platform sees it before."
    )
    updated_at = updated_at()

    objects = RecallQuerySet.as_manager()

    class Meta:
        ordering = ["-recalled_on", "-pk"]
        triggers = [keeps_updated_at("recall_updated")]
        constraints = [
            models.UniqueConstraint(fields=["regulator", "number"], name="recall_number_once"),
            models.CheckConstraint(
                condition=Q(status=RecallStatus.EMBARGOED, publish_at__isnull=False)
                | (~Q(status=RecallStatus.EMBARGOED) & Q(publish_at=None)),
                name="embargo_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["regulator", "updated_at"], name="recall_by_update"),
            models.Index(fields=["status", "-recalled_on", "-id"], name="recall_list"),
            models.Index(fields=["publish_at"], condition=Q(status=RecallStatus.EMBARGOED), name="recall_embargo_due"),
            models.Index(
                fields=["regulator", "-priority", "-id"], condition=Q(status="published"), name="recall_to_send"
            ),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="recall_search"),
        ]

    def __str__(self) -> str:
        return self.number


class RecallVersion(SafetyRecord):
    """What a recall says at one time. Editable while unpublished; afterwards it never changes: a new version is made."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField(default=1)
    title = models.TextField()
    description = models.TextField(blank=True)
    hazard = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    sold_at = models.TextField(blank=True)
    firms = ArrayField(
        models.TextField(), default=list, blank=True, help_text="Manufacturers, importers, distributors as read."
    )
    url = models.URLField(max_length=1000, blank=True)
    units = models.TextField(blank=True)
    source = models.JSONField(null=True, blank=True, help_text="The imported record as it came.")
    facts = models.JSONField(
        default=dict, blank=True, help_text="What the publisher says beyond these fields (recalls.importers.facts)."
    )
    imported_by = models.ForeignKey(
        "RecallImport", null=True, blank=True, on_delete=models.SET_NULL, related_name="versions"
    )
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over what matters for matching and people.")
    change_note = models.TextField(blank=True)
    widens = models.BooleanField(default=True, help_text="Names products or identifiers the version before did not.")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    writers = models.ManyToManyField(
        User,
        related_name="+",
        blank=True,
        help_text="Who changed it, beside who began it; none of them can approve it.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when the next version of a published recall waits for its review; a change ends that.",
    )

    objects = RecallVersionQuerySet.as_manager()

    class Meta:
        ordering = ["recall", "-version"]
        # Products and pictures are stored with their version (services/content.py).
        triggers = [touches("version_touches_recall", Recall, "recall_id", pgtrigger.Insert | pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(fields=["recall", "version"], name="version_once"),
            models.UniqueConstraint(fields=["recall"], condition=Q(published_at=None), name="one_unpublished_version"),
        ]

    def __str__(self) -> str:
        return f"{self.recall.number} version {self.version}"

    @property
    def is_open_to_change(self) -> bool:
        """Whether it can be written on: not in force, and not what someone is reviewing or has approved."""
        return self.published_at is None and self.recall.status in {RecallStatus.DRAFT, RecallStatus.PUBLISHED}


class Product(models.Model):
    """One product that a recall version names: its own target, with its own models and units."""

    version = models.ForeignKey(RecallVersion, on_delete=models.CASCADE, related_name="products")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.TextField()
    brand = models.CharField(max_length=200, blank=True)
    model_numbers = ArrayField(models.TextField(), default=list, blank=True)
    gtins = ArrayField(
        models.CharField(max_length=14), default=list, blank=True, help_text="GTIN-14, check digit verified."
    )
    sizes = ArrayField(models.TextField(), default=list, blank=True)
    units = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["version", "position", "pk"]

    def __str__(self) -> str:
        return self.name


class Picture(models.Model):
    """A picture that a recall version shows, by address."""

    version = models.ForeignKey(RecallVersion, on_delete=models.CASCADE, related_name="pictures")
    url = models.URLField(max_length=1000)
    caption = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url
