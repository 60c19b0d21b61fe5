"""Filters of the list of takedowns."""

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.board_metrics import TOTALS, total
from enforcement.filters import YES_NO, PlatformFilter
from enforcement.models import Takedown
from enforcement.states import TakedownStatus
from listings.models import Listing
from portal.http.language import in_words
from portal.id_filter import IdFilter
from portal.models import Organisation
from portal.search_filter import SearchFilter
from portal.texts import spellings


class TakedownFilter(PlatformFilter):
    q = SearchFilter(label=gettext_noop("Recall number or listing ID"))
    seller = django_filters.CharFilter(method="of_seller", label=gettext_noop("Seller"))
    status = django_filters.ChoiceFilter(
        choices=in_words(TakedownStatus.choices), label=gettext_noop("State"), empty_label=gettext_lazy("All")
    )
    late = django_filters.ChoiceFilter(
        choices=in_words(YES_NO), method="is_late", label=gettext_noop("Late"), empty_label=gettext_lazy("All")
    )
    notice = IdFilter(field_name="flag__notice_id", about="Id of a notice.")
    total = django_filters.ChoiceFilter(
        choices=[(name, label) for name, (label, _) in TOTALS.items()],
        method="in_total",
        widget=forms.HiddenInput,
        help_text="Those that a number of board/platforms counts.",
    )

    class Meta:
        model = Takedown
        fields: list[str] = []

    def search(self, queryset: QuerySet[Takedown], _name: str, value: str) -> QuerySet[Takedown]:
        spelt = spellings(value)
        return queryset.filter(Q(flag__recall__number__in=spelt) | Q(flag__listing__external_id__in=spelt))

    def of_seller(self, queryset: QuerySet[Takedown], _name: str, value: str) -> QuerySet[Takedown]:
        """Letter for letter; the platforms are named, so that the index by platform and seller finds the listings."""
        platforms = list(Organisation.objects.platforms().values_list("pk", flat=True))
        return queryset.filter(
            flag__listing__in=Listing.objects.filter(platform__in=platforms, seller=value).values("pk")
        )

    def is_late(self, queryset: QuerySet[Takedown], _name: str, value: str) -> QuerySet[Takedown]:
        late = Q(met_at__gt=F("due_at")) | Q(
            met_at=None, paused_at=None, due_at__lt=timezone.now(), status__in=["running", "missed"]
        )
        return queryset.filter(late) if value == "yes" else queryset.exclude(late)

    def in_total(self, queryset: QuerySet[Takedown], _name: str, value: str) -> QuerySet[Takedown]:
        """The takedowns that a total of the board counts."""
        return queryset.filter(total(value, timezone.now()))


class RegulatorTakedownFilter(TakedownFilter):
    """Also the takedowns of one sending, which a regulator's pages link to."""

    sending = IdFilter(field_name="flag__notice__sending_id", about="Id of a sending.")
