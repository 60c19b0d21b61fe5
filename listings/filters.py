"""Filters of the queue and the catalogue, the same for pages and API."""

from datetime import timedelta
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from listings.matching.identifiers import gtin14
from listings.models import Exclusion, Flag, HeldMatch, Listing
from listings.querysets import ExclusionQuerySet
from listings.search import Search, found_first
from listings.states import CLAIMED, CLOSED, PROVED, UNDECIDED, WAITS, FlagStatus
from portal.http.language import in_words
from portal.http.moment_fields import IsoMomentField
from portal.id_filter import IdFilter
from portal.identity.actors import Actor
from portal.platform_filter import PlatformChoiceFilter
from portal.search_filter import SearchFilter
from recalls.models import Notice

VIEWS = (
    ("referred", gettext_noop("To answer")),
    ("undecided", gettext_noop("To decide")),
    ("mine", gettext_noop("Mine")),
    ("second", gettext_noop("To confirm")),
    ("waiting", gettext_noop("Waiting")),
    ("claimed", gettext_noop("Awaiting proof")),
    ("closed", gettext_noop("Closed")),
    ("all", gettext_noop("All")),
)


FOR_SOME = {"referred": "flag.answer", "mine": "flag.claim"}
"""Views that are shown only to those who have a permission."""

AGES = [
    ("1", gettext_noop("1 hour or more")),
    ("6", gettext_noop("6 hours or more")),
    ("24", gettext_noop("1 day or more")),
    ("72", gettext_noop("3 days or more")),
]


class _MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = IsoMomentField


class FlagFilter(django_filters.FilterSet):
    q = SearchFilter(label=gettext_noop("Find in queue"), of_key=gettext_lazy("Find in queue"))
    recall = django_filters.CharFilter(field_name="recall__number", label=gettext_noop("Recall number"))
    band = django_filters.ChoiceFilter(
        choices=in_words(Flag.Band.choices), label=gettext_noop("Band"), empty_label=gettext_lazy("All")
    )
    seller = django_filters.CharFilter(field_name="listing__seller", lookup_expr="iexact", label=gettext_noop("Seller"))
    status = django_filters.ChoiceFilter(
        choices=in_words(FlagStatus.choices), label=gettext_noop("Status"), empty_label=gettext_lazy("All")
    )
    held = django_filters.ChoiceFilter(
        choices=in_words([("no", gettext_noop("No one")), ("yes", gettext_noop("Anyone"))]),
        method="is_held",
        label=gettext_noop("Claimed by"),
        empty_label=gettext_lazy("All"),
    )
    platform = PlatformChoiceFilter()
    notice = IdFilter(field_name="notice_id", about="Id of a notice.")
    listing = django_filters.CharFilter(
        field_name="listing__external_id",
        widget=forms.HiddenInput,
        help_text="The platform's own id of a listing, letter for letter.",
    )
    hazard = django_filters.CharFilter(
        field_name="notice__version__hazard", lookup_expr="icontains", label=gettext_noop("Hazard")
    )
    age = django_filters.ChoiceFilter(
        choices=in_words(AGES), method="is_older", label=gettext_noop("Open for"), empty_label=gettext_lazy("Any time")
    )
    covered = django_filters.ChoiceFilter(
        choices=in_words([("no", gettext_noop("No longer covered"))]),
        method="is_covered",
        label=gettext_noop("Covered by the recall"),
        empty_label=gettext_lazy("All"),
    )
    since = _MomentFilter(
        field_name="opened_at", lookup_expr="gte", widget=forms.HiddenInput, help_text="Opened at or after this time."
    )

    class Meta:
        model = Flag
        fields: list[str] = []

    def __init__(self, *args: Any, one_platform: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_platform:
            del self.filters["platform"]

    @cached_property
    def typed(self) -> Search:
        return Search(self.form.cleaned_data.get("q") or "")

    def search(self, queryset: QuerySet[Flag], _name: str, _value: str) -> QuerySet[Flag]:
        value = self.typed.value
        found = self.typed.flags(queryset, or_recall=Q(number=value) | Q(search__contains=value.lower()))
        return found_first(found, queryset)

    def is_older(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        return queryset.filter(opened_at__lte=timezone.now() - timedelta(hours=int(value)))

    def is_covered(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        return queryset.filter(covered=value != "no")

    def is_held(self, queryset: QuerySet[Flag], _name: str, value: str) -> QuerySet[Flag]:
        held = Q(claimed_by__isnull=False, claim_expires_at__gt=timezone.now())
        return queryset.filter(held) if value == "yes" else queryset.exclude(held)


VIEW_STATES = {
    "referred": frozenset({FlagStatus.REFERRED}),
    "second": frozenset({FlagStatus.SECOND_ASKED}),
    "waiting": WAITS,
    "claimed": CLAIMED,
    "closed": PROVED | CLOSED,
}


def in_view(queryset: QuerySet[Flag], view: str, actor: Actor) -> QuerySet[Flag]:
    """The flags of one of the queue's views. A platform cannot decide a flag while it waits for others."""
    if view == "all":
        return queryset
    if view == "mine":
        held = {"claimed_by": actor.user_id, "claim_expires_at__gt": timezone.now()}
        return queryset.filter(status__in=UNDECIDED, **held)
    to_decide = UNDECIDED - WAITS if actor.platform_id is not None else UNDECIDED
    return queryset.filter(status__in=VIEW_STATES.get(view, to_decide))


def opening_view(actor: Actor) -> str:
    """The view in which the queue opens where none is asked for: what the actor has to do, else what is undecided."""
    return "referred" if actor.may("flag.answer") and not actor.may("flag.decide") else "undecided"


def flags_to_decide(actor: Actor) -> QuerySet[Flag] | None:
    """What waits for the actor: what a platform has to decide, or what the regulator was asked; None for all others."""
    if not (actor.may("flag.decide") or actor.may("flag.answer")):
        return None
    return in_view(Flag.objects.visible_to(actor), opening_view(actor), actor).filter(due_at__isnull=False)


def held_notices_of(actor: Actor) -> QuerySet[Notice]:
    """The notices with held-back listings; `since` is when the longest unanswered one was held back, if one is."""
    unanswered = Q(held_matches__dismissed_at=None, held_matches__released_at=None)
    waiting = HeldMatch.objects.waiting().filter(notice=OuterRef("pk"))
    own = Notice.objects.visible_to(actor).filter(Exists(waiting)).select_related("recall", "platform")
    return own.annotate(since=Min("held_matches__held_at", filter=unanswered))


def names_exclusion(value: str) -> Q:
    """Exclusions of this recall number, listing id, GTIN or seller."""
    found = Q(recall__number__iexact=value) | Q(listing__external_id__iexact=value) | Q(seller__iexact=value)
    return found | Q(gtin=gtin14(value) or value)


class ExclusionFilter(django_filters.FilterSet):
    """Without a state: active exclusions."""

    q = SearchFilter(label=gettext_noop("Recall, listing, GTIN or seller"))
    scope = django_filters.ChoiceFilter(
        choices=in_words(Exclusion.Scope.choices), label=gettext_noop("Covers"), empty_label=gettext_lazy("All")
    )
    state = django_filters.ChoiceFilter(
        choices=in_words(
            [
                ("holding", gettext_noop("Active")),
                ("expired", gettext_noop("Expired")),
                ("withdrawn", gettext_noop("Withdrawn")),
                ("all", gettext_noop("All")),
            ]
        ),
        method="in_state",
        label=gettext_noop("Status"),
        empty_label=None,
    )

    class Meta:
        model = Exclusion
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data["state"] = data.get("state") or "holding"
        super().__init__(data, *args, **kwargs)

    def search(self, queryset: QuerySet[Exclusion], _name: str, value: str) -> QuerySet[Exclusion]:
        value = value.strip()
        return queryset.filter(names_exclusion(value) | Q(listing__title__icontains=value) | Q(seller__icontains=value))

    def in_state(self, queryset: ExclusionQuerySet, _name: str, value: str) -> ExclusionQuerySet:
        return queryset if value == "all" else getattr(queryset, value)()


class ListingFilter(django_filters.FilterSet):
    q = SearchFilter(label=gettext_noop("ID, GTIN, model number, seller or words of the title"))
    present = django_filters.ChoiceFilter(
        choices=in_words([("yes", gettext_noop("On sale")), ("no", gettext_noop("No longer in the feed"))]),
        method="is_present",
        label=gettext_noop("Status"),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Listing
        fields: list[str] = []

    @cached_property
    def typed(self) -> Search:
        return Search(self.form.cleaned_data.get("q") or "")

    def search(self, queryset: QuerySet[Listing], _name: str, _value: str) -> QuerySet[Listing]:
        return found_first(self.typed.listings(queryset), queryset)

    def is_present(self, queryset: QuerySet[Listing], _name: str, value: str) -> QuerySet[Listing]:
        return queryset.filter(present=value == "yes")
