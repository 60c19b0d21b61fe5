"""Filters of the queue and the catalogue, the same for pages and API."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from listings.matching.identifiers import gtin14
from listings.models import Flag, KnownInnocent, Listing
from listings.querysets import KnownInnocentQuerySet
from listings.search import flags_found, listings_found
from listings.states import CLAIMED, PROVED, UNDECIDED, FlagStatus
from portal.models import Organisation

VIEWS = (
    ("undecided", "To decide"),
    ("mine", "Mine"),
    ("claimed", "Claimed"),
    ("closed", "Closed"),
    ("all", "All"),
)


AGES = [("1", "An hour or more"), ("6", "6 hours or more"), ("24", "A day or more"), ("72", "3 days or more")]


class FlagFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search",
        label="Find in queue",
        widget=forms.TextInput(attrs={"type": "search", "data-key": "f", "data-key-label": "Find in queue"}),
    )
    recall = django_filters.CharFilter(field_name="recall__number", label="Recall number")
    band = django_filters.ChoiceFilter(choices=Flag.Band.choices, label="Band", empty_label="All")
    seller = django_filters.CharFilter(field_name="listing__seller", lookup_expr="iexact", label="Seller")
    status = django_filters.ChoiceFilter(choices=FlagStatus.choices, label="State", empty_label="All")
    held = django_filters.ChoiceFilter(
        choices=[("no", "Nobody"), ("yes", "Somebody")], method="is_held", label="Claimed by", empty_label="All"
    )
    platform = django_filters.ModelChoiceFilter(queryset=Organisation.objects.platforms(), empty_label="All")
    notice = django_filters.NumberFilter(field_name="notice_id", widget=forms.HiddenInput)
    hazard = django_filters.CharFilter(field_name="notice__version__hazard", lookup_expr="icontains", label="Hazard")
    age = django_filters.ChoiceFilter(choices=AGES, method="is_older", label="Open for", empty_label="Any time")
    since = django_filters.IsoDateTimeFilter(field_name="opened_at", lookup_expr="gte", widget=forms.HiddenInput)

    class Meta:
        model = Flag
        fields: list[str] = []

    def __init__(self, *args: Any, one_platform: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_platform:
            del self.filters["platform"]

    def search(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        value = value.strip()
        return flags_found(queryset, value, or_recall=Q(number=value) | Q(search__contains=value.lower()))

    def is_older(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        return queryset.filter(opened_at__lte=timezone.now() - timedelta(hours=int(value)))

    def is_held(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        held = Q(claimed_by__isnull=False, claim_expires_at__gt=timezone.now())
        return queryset.filter(held) if value == "yes" else queryset.exclude(held)


def in_view(queryset: QuerySet[Flag], view: str, user_id: int | None) -> QuerySet[Flag]:
    """The flags of one of the queue's views."""
    if view == "mine":
        return queryset.filter(claimed_by=user_id, claim_expires_at__gt=timezone.now(), status__in=UNDECIDED)
    if view == "claimed":
        return queryset.filter(status__in=CLAIMED)
    if view == "closed":
        return queryset.filter(status__in=PROVED | {FlagStatus.DISMISSED, FlagStatus.WITHDRAWN})
    return queryset if view == "all" else queryset.filter(status__in=UNDECIDED)


class InnocentFilter(django_filters.FilterSet):
    """Without a state: what holds."""

    q = django_filters.CharFilter(
        method="search",
        label="Recall, listing, GTIN or seller",
        widget=forms.TextInput(attrs={"type": "search", "data-key": "f", "data-key-label": "Find in this list"}),
    )
    scope = django_filters.ChoiceFilter(choices=KnownInnocent.Scope.choices, label="Covers", empty_label="All")
    state = django_filters.ChoiceFilter(
        choices=[("holding", "Holds"), ("expired", "Expired"), ("withdrawn", "Withdrawn"), ("all", "All")],
        method="in_state",
        label="State",
        empty_label=None,
    )

    class Meta:
        model = KnownInnocent
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data["state"] = data.get("state") or "holding"
        super().__init__(data, *args, **kwargs)

    def search(self, queryset: QuerySet[KnownInnocent], _name: str, value: str) -> QuerySet[KnownInnocent]:
        value = value.strip()
        found = Q(recall__number=value) | Q(listing__external_id=value) | Q(gtin=gtin14(value) or value)
        return queryset.filter(found | Q(listing__title__icontains=value) | Q(seller__icontains=value))

    def in_state(self, queryset: KnownInnocentQuerySet, _name: str, value: str) -> KnownInnocentQuerySet:
        return queryset if value == "all" else getattr(queryset, value)()


class ListingFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search",
        label="Id, GTIN, model number, seller, or words of the title",
        widget=forms.TextInput(attrs={"type": "search", "data-key": "f", "data-key-label": "Find in this list"}),
    )
    present = django_filters.ChoiceFilter(
        choices=[("yes", "On sale"), ("no", "No longer in the feed")],
        method="is_present",
        label="State",
        empty_label="All",
    )

    class Meta:
        model = Listing
        fields: list[str] = []

    def search(self, queryset: QuerySet[Listing], _name: str, value: str) -> QuerySet[Listing]:
        return queryset.filter(pk__in=listings_found(value).values("pk"))

    def is_present(self, queryset: QuerySet[Listing], _name: str, value: str) -> QuerySet[Listing]:
        return queryset.filter(present=value == "yes")
