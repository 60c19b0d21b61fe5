"""GTINs of a catalogue that are no proof by themselves, because listings of unrelated products carry them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from listings.querysets import SharedCodeQuerySet
from portal.models import Organisation


class CodeCheck(models.Model):
    """When a platform's catalogue was last searched for shared codes, and how long that took."""

    platform = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="code_check")
    checked_at = models.DateTimeField(default=timezone.now)
    codes = models.PositiveIntegerField(default=0, help_text="Codes that more than one listing carries.")

    def __str__(self) -> str:
        return f"codes of {self.platform}"


class SharedCode(models.Model):
    """A GTIN that listings of different brands or unrelated titles carry, as of the last check.

    `reasons` are sentences without a capital; `examples` are listings as plain data: id, title and brand. `regulators` are
    those of whose recalls an active notice to the platform names the code.
    """

    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shared_codes")
    gtin = models.CharField(max_length=14)
    listings = models.PositiveIntegerField()
    brands = ArrayField(models.CharField(max_length=80), default=list)
    reasons = ArrayField(models.CharField(max_length=200), default=list)
    examples = models.JSONField(default=list)
    regulators = ArrayField(models.BigIntegerField(), default=list)

    objects = SharedCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-listings", "pk"]
        constraints = [models.UniqueConstraint(fields=["platform", "gtin"], name="shared_code_once")]
        indexes = [
            models.Index(fields=["platform", "-listings", "id"], name="shared_code_by_platform"),
            GinIndex(fields=["regulators"], name="shared_code_by_regulator"),
        ]

    def __str__(self) -> str:
        return self.gtin
