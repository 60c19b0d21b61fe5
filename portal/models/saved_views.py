"""Views of lists that people have saved, and who is told of the audit events that fit one."""

from django.db import models
from django.utils import timezone

from portal.identity.querysets import SavedViewQuerySet
from portal.models.accounts import Organisation, User


class SavedView(models.Model):
    """A name for the filters of one list, of one person; `shared` ones are their colleagues' to open, too.

    `page` is the URL name of the list, `query` the query string that shows it again. `organisation` is where the person
    worked when they saved it.
    """

    MAX_NAME_LENGTH, MAX_QUERY_LENGTH = 40, 1000

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views", db_index=False)
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=MAX_NAME_LENGTH)
    query = models.CharField(max_length=MAX_QUERY_LENGTH)
    shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "page", "name"], name="saved_view_of_page_once")
        ]
        indexes = [models.Index(fields=["organisation", "page"], name="saved_views_of_page")]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """Somebody is told of the audit events that fit a saved view of the audit log.

    `place` is the position in the audit chain up to which events were told of, or passed over.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="subscriptions")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="subscriptions", db_index=False)
    place = models.BigIntegerField()
    next_at = models.DateTimeField(default=timezone.now, help_text="No message leaves before.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["view", "person"], name="subscribed_once")]

    def __str__(self) -> str:
        return f"{self.view} for {self.person}"
