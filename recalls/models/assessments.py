"""What the regulator's staff think of the risk: internal, with a second signature."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.models import User
from recalls.models.recalls import RecallVersion
from recalls.models.safety import RiskLevel
from recalls.querysets import RiskAssessmentQuerySet


class RiskAssessment(models.Model):
    """Why a version states the risk level that it states. It also holds for later versions with the same level, until one
    has an assessment of its own. No platform sees it, signed or not."""

    version = models.OneToOneField(RecallVersion, on_delete=models.CASCADE, related_name="assessment")
    risk_level = models.CharField(max_length=10, choices=RiskLevel, help_text="The level that was assessed.")
    text = models.TextField()
    assessed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(default=timezone.now)
    writers = models.ManyToManyField(
        User, related_name="+", help_text="Everybody who wrote on it; none of them can sign it."
    )
    signed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = RiskAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None) | Q(signed_by__isnull=False, signed_at__isnull=False),
                name="signature_has_a_person_and_a_time",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=models.F("assessed_by")), name="signed_by_another_person"
            ),
        ]

    def __str__(self) -> str:
        return f"Risk assessment of {self.version}"
