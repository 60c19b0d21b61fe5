"""The filter of the inbox: of its page and of its exports."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy, gettext_noop

from portal.http.language import in_words
from portal.models import Notification
from portal.search_filter import SearchFilter

STATES = [("new", gettext_noop("New")), ("read", gettext_noop("Read"))]


class InboxFilter(django_filters.FilterSet):
    words = SearchFilter(label=gettext_noop("Number or words"), of_key=gettext_lazy("Find in inbox"))
    state = django_filters.ChoiceFilter(
        choices=in_words(STATES), method="in_state", label=gettext_noop("State"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Notification
        fields: list[str] = []

    def search(self, notes: QuerySet[Notification], _name: str, value: str) -> QuerySet[Notification]:
        """Messages are kept in English (decision 0016), and so is what is looked through."""
        return notes.filter(Q(subject__icontains=value) | Q(body__icontains=value))

    def in_state(self, notes: QuerySet[Notification], _name: str, value: str) -> QuerySet[Notification]:
        return notes.filter(read_at__isnull=value == "new")
