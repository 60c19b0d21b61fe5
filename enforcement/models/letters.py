"""Formal letters with their templates, and the public listing of late platforms: nothing is sent or published until
people approve it."""

from django.db import models
from django.utils import timezone

from enforcement.models.takedowns import Escalation
from enforcement.querysets import LetterQuerySet, LetterTemplateQuerySet, PublicListingQuerySet
from enforcement.states import LETTER_TRANSITIONS, PUBLIC_LISTING_TRANSITIONS, LetterStatus, PublicListingStatus
from portal.database.updated import keeps_updated_at, updated_at
from portal.models import Language, Organisation


class LetterTemplate(models.Model):
    """One version of a regulator's template in one language; the newest is in use. Rows never change."""

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letter_templates")
    language = models.CharField(max_length=10, choices=Language)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    made_by = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["regulator", "language", "version"], name="template_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_language_display()}, version {self.version}"


class Letter(models.Model):
    """A formal letter to a platform. Drafted by the ladder, reviewed and sent, or discarded, by a person.

    `template_version` is the version of the regulator's template; 0 is the standard template.
    """

    transitions = LETTER_TRANSITIONS

    escalation = models.OneToOneField(Escalation, on_delete=models.PROTECT, related_name="letter")
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letters")
    status = models.CharField(max_length=10, choices=LetterStatus, default=LetterStatus.DRAFT)
    language = models.CharField(max_length=10, choices=Language)
    template_version = models.PositiveIntegerField(default=0)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    drafted_at = models.DateTimeField(default=timezone.now)
    edited_by = models.CharField(max_length=300, blank=True)
    reviewed_by = models.CharField(max_length=300, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    updated_at = updated_at()

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [keeps_updated_at("letter_updated")]
        indexes = [models.Index(fields=["status", "-id"], name="letter_by_status")]

    def __str__(self) -> str:
        return f"{self.pk} to {self.platform}"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id


class PublicListing(models.Model):
    """Public naming of a platform for a listing that stays online. Two different people must agree before it is
    published."""

    transitions = PUBLIC_LISTING_TRANSITIONS

    escalation = models.OneToOneField(Escalation, on_delete=models.PROTECT, related_name="public_listing")
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="public_listings")
    status = models.CharField(max_length=10, choices=PublicListingStatus, default=PublicListingStatus.PROPOSED)
    proposed_at = models.DateTimeField(default=timezone.now)
    first_by = models.CharField(max_length=300, blank=True)
    first_user_id = models.BigIntegerField(null=True, blank=True)
    second_by = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    updated_at = updated_at()

    objects = PublicListingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [keeps_updated_at("public_listing_updated")]

    def __str__(self) -> str:
        return f"of {self.platform}"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id
