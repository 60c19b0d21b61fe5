"""Special days that a regulator adds to its calendar, besides the known public holidays."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from enforcement.querysets import CalendarDayQuerySet
from portal.models import Organisation


class CalendarDay(models.Model):
    """One day of the calendar of a country, or a part of it: closed, open, or a half day that ends at `closes_at`.

    Rows are never deleted: the version of a calendar is the number of its changes (`CalendarDayQuerySet.version`), and
    its content at any time can be reconstructed. A sent notice keeps the days that were valid then.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", "Closed"
        OPEN = "open", "Open"
        HALF = "half", "Half day"

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="calendar_days")
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=10, blank=True, default="")
    day = models.DateField()
    kind = models.CharField(max_length=6, choices=Kind)
    closes_at = models.TimeField(null=True, blank=True, help_text="End of a half day, in the policy's time zone.")
    name = models.CharField(max_length=80, help_text="Name of the day in explanations.")
    added_by = models.CharField(max_length=300)
    added_at = models.DateTimeField(default=timezone.now)
    removed_by = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["regulator", "country", "subdivision", "day"],
                condition=Q(removed_at=None),
                name="calendar_day_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="half", closes_at__isnull=False) | (~Q(kind="half") & Q(closes_at=None)),
                name="half_day_closes",
            ),
        ]

    def __str__(self) -> str:
        place = f"{self.country}-{self.subdivision}" if self.subdivision else self.country
        return f"{self.day:%d %b %Y} in {place}: {self.name}"
