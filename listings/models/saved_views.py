"""Views of the queue that a person has saved."""

from django.db import models
from django.utils import timezone

from portal.models import User


class SavedView(models.Model):
    """A name for a set of filters, of one person; `query` is the query string that shows it again."""

    MAX_NAME_LENGTH, MAX_QUERY_LENGTH = 40, 1000

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    query = models.CharField(max_length=MAX_QUERY_LENGTH)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
