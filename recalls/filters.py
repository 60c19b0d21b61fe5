"""Filters of the lists of recalls and notices, the same for page and API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy, gettext_noop

from portal.api.permissions import actor_of
from portal.gtin import NotAGtin, normalise_gtin
from portal.http.language import in_words
from portal.identity.actors import Actor
from portal.platform_filter import PlatformChoiceFilter
from portal.search_filter import SearchFilter
from portal.texts import key_in, spellings
from recalls.models import Notice, Product, Recall, RecallImportRow, RecallVersion
from recalls.states import NoticeStatus, RecallStatus

_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def is_exactly(value: str) -> Q:
    """Recalls that `value` is the number of, or a GTIN (in any notation) or model number of a product of theirs."""
    value = value.strip()
    # That the text holds it is asked as well: there is an index for that.
    of_model = Exists(Product.objects.filter(version=OuterRef("current"), model_numbers__overlap=spellings(value)))
    found = Q(Q(number__iexact=value) | of_model, search__contains=value.lower())
    try:
        gtin = normalise_gtin(value)
    except NotAGtin:
        return found
    of_gtin = Exists(Product.objects.filter(version=OuterRef("current"), gtins__contains=[gtin]))
    return found | Q(Q(search__contains=gtin), of_gtin)


class RecallFilter(django_filters.FilterSet):
    q = SearchFilter(label=gettext_noop("Number, title, brand, model or GTIN"))
    status = django_filters.ChoiceFilter(
        choices=in_words(RecallStatus.choices), label=gettext_noop("Status"), empty_label=gettext_lazy("All")
    )
    priority = django_filters.ChoiceFilter(
        choices=in_words(Recall.Priority.choices), label=gettext_noop("Priority"), empty_label=gettext_lazy("All")
    )
    since = django_filters.DateFilter(
        field_name="recalled_on", lookup_expr="gte", label=gettext_noop("Recalled from"), widget=_DATE
    )
    until = django_filters.DateFilter(
        field_name="recalled_on", lookup_expr="lte", label=gettext_noop("Recalled until"), widget=_DATE
    )
    noticed = django_filters.ChoiceFilter(
        choices=in_words([("yes", gettext_noop("Sent to a platform")), ("no", gettext_noop("Not sent"))]),
        method="on_a_list",
        label=gettext_noop("Notices"),
        empty_label=gettext_lazy("All"),
    )

    revision = django_filters.ChoiceFilter(
        choices=in_words([("draft", gettext_noop("In draft")), ("in_review", gettext_noop("In review"))]),
        method="with_revision",
        label=gettext_noop("New version"),
        empty_label=gettext_lazy("All"),
    )

    owner = django_filters.ChoiceFilter(
        choices=in_words([("me", gettext_noop("Mine")), ("none", gettext_noop("Nobody"))]),
        method="owned_by",
        label=gettext_noop("Case owner"),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Recall
        fields: list[str] = []

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any) -> None:
        """`actor` is who asks; the API's framework gives the request instead."""
        super().__init__(*args, **kwargs)
        self.actor = actor or (actor_of(self.request) if self.request is not None else None)
        if self.actor is not None and self.actor.platform_id is not None:  # which case is whose is internal
            del self.filters["owner"]

    def owned_by(self, queryset: QuerySet[Recall], _name: str, value: str) -> QuerySet[Recall]:
        if value == "none":
            return queryset.filter(owner=None)
        person = self.actor.person_id if self.actor else None
        return queryset.filter(owner=person) if person is not None else queryset.none()

    def search(self, queryset: QuerySet[Recall], _name: str, value: str) -> QuerySet[Recall]:
        words = Q()
        for word in value.lower().split():
            words &= Q(search__contains=word)
        return queryset.filter(words | is_exactly(value))

    def filter_queryset(self, queryset: QuerySet[Recall]) -> QuerySet[Recall]:
        """Also the recalls that were selected one by one, where the address names some."""
        found: QuerySet[Recall] = super().filter_queryset(queryset)
        named = self.data.getlist("recall") if isinstance(self.data, QueryDict) else []
        return found.filter(pk__in=[key for key in map(key_in, named) if key is not None]) if named else found

    def with_revision(self, queryset: QuerySet[Recall], _name: str, value: str) -> QuerySet[Recall]:
        """Published recalls whose next version is being written, or waits for its review."""
        work = RecallVersion.objects.filter(
            recall=OuterRef("pk"), published_at=None, submitted_at__isnull=value == "draft"
        )
        return queryset.filter(Exists(work), status=RecallStatus.PUBLISHED)

    def on_a_list(self, queryset: QuerySet[Recall], _name: str, value: str) -> QuerySet[Recall]:
        noticed = Exists(Notice.objects.active().filter(recall=OuterRef("pk")))
        return queryset.filter(noticed) if value == "yes" else queryset.filter(~noticed)


def exact_notices(rows: QuerySet[Notice], value: str) -> QuerySet[Notice] | None:
    """Those of `rows` that `value` is the number of, or of whose recall; None where nothing was asked for."""
    if not (value := value.strip()):
        return None
    numbered = Q(recall__number__iexact=value)
    return rows.filter(numbered | Q(pk=number) if (number := key_in(value)) is not None else numbered)


class NoticeFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=gettext_noop("Recall"))
    status = django_filters.ChoiceFilter(
        choices=in_words(NoticeStatus.choices), label=gettext_noop("Status"), empty_label=gettext_lazy("All")
    )
    acknowledged = django_filters.ChoiceFilter(
        choices=in_words([("no", gettext_noop("Not yet")), ("yes", gettext_noop("Yes"))]),
        method="is_acknowledged",
        label=gettext_noop("Acknowledged"),
        empty_label=gettext_lazy("All"),
    )
    platform = PlatformChoiceFilter()

    class Meta:
        model = Notice
        fields: list[str] = []

    def __init__(self, *args: Any, one_platform: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_platform:  # a platform sees its own notices only
            del self.filters["platform"]

    def search(self, queryset: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        """By a part of what the recall is searched by, or by the notice's own number."""
        found = Q(recall__search__icontains=value)
        return queryset.filter(found | Q(pk=number) if (number := key_in(value.strip())) is not None else found)

    def is_acknowledged(self, queryset: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        return queryset.filter(acknowledged_at__isnull=value == "no")


class ImportChangeFilter(django_filters.FilterSet):
    """Of what an import would do, only the new recalls or only the changed ones."""

    outcome = django_filters.ChoiceFilter(choices=RecallImportRow.Outcome.choices)

    class Meta:
        model = RecallImportRow
        fields: list[str] = []
