"""For how long each kind of data is kept, and what no run may delete because of a legal hold."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.models.accounts import User


class RetentionRule(models.Model):
    """The days that operators chose for one kind of data, if they did (portal/retention/registry.py). Events of runs are about it."""

    kind = models.CharField(max_length=40, unique=True)
    days = models.PositiveIntegerField(null=True, help_text="Null: the default.")

    class Meta:
        verbose_name = "retention of"

    def __str__(self) -> str:
        return self.kind


class LegalHold(models.Model):
    """Nothing that belongs to the held object is deleted by retention, from the moment it is placed until two admins
    released it: one asks, another one confirms. Never deleted: it says what was held, and when."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=300)
    reason = models.TextField()
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    release_reason = models.TextField(blank=True, default="")
    release_asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    release_asked_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "legal hold"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], condition=Q(released_at=None), name="one_hold_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=models.F("release_asked_by")), name="two_release_a_hold"
            ),
        ]

    def __str__(self) -> str:
        return f"on {self.subject_label}"


class PersonErasure(models.Model):
    """One admin asks that a person's name and address are erased, another one confirms it; open for a day.

    `names` are the names and addresses that the person had, from the confirmation until everything is erased.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="erasures")
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When it was confirmed or refused.")
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed = models.BooleanField(default=False)
    names = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(
        null=True, blank=True, help_text="When the audit log's payloads were erased as well."
    )

    class Meta:
        verbose_name = "erasure"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at=None) | Q(confirmed=True), name="one_erasure_a_person"
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False) | ~Q(closed_by=models.F("asked_by")), name="two_erase_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"of person {self.person_id}"
