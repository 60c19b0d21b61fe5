"""When people are away, and who stands in for them meanwhile."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.identity.querysets import AbsenceQuerySet
from portal.models.accounts import Organisation, User


class Absence(models.Model):
    """A time in which a person is away from the `organisation` that they belonged to when they said so.

    What they hold goes to the stand-in once, when the absence begins (`handed_over_at`). One that is over, or was ended
    early (`ended_at`), counts no more.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    deputy = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="stands_in")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was ended before its time, if it was.")
    handed_over_at = models.DateTimeField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="absence_ends_later"),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=models.F("person")), name="deputy_is_another_person"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="absence_begins", condition=Q(handed_over_at=None, ended_at=None))
        ]

    def __str__(self) -> str:
        return f"of {self.person}"
