"""The filter of the audit log: of its page, its exports, saved views and subscriptions, activities, and the API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, gettext_noop

from portal.audit.days import from_day, up_to_day
from portal.audit.kinds import grouped_actions
from portal.audit.words import WORDS, actions_named, event_words
from portal.id_filter import IdFilter
from portal.models import AuditEvent, Organisation


class _ActionSelect(forms.Select):
    """Every action by kind. What an earlier link has typed instead of chosen stays chosen."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        self.choices = [("", gettext_lazy("All")), *grouped_actions()]
        self.choices += [(typed, event_words(typed)) for typed in value if typed and typed not in WORDS]
        return super().optgroups(name, value, attrs)


class _ActionField(forms.CharField):
    @property
    def choices(self) -> list[tuple[str, str]]:
        """In words, for what says which filters are set (portal/http/active_filters.py)."""
        return [(action, event_words(action)) for action in WORDS]


class _ActionFilter(django_filters.CharFilter):
    field_class = _ActionField


class AuditFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="subject_label", lookup_expr="icontains", label=gettext_noop("Object"))
    actor = django_filters.CharFilter(field_name="actor_label", lookup_expr="icontains", label=gettext_noop("Who"))
    action = _ActionFilter(
        method="by_action",
        label=gettext_noop("Action"),
        widget=_ActionSelect(
            attrs={
                "data-searchable": "yes",
                "data-found": gettext_lazy("Matching actions: #"),
                "data-none": gettext_lazy("No matching actions"),
                "data-clear": gettext_lazy("Clear action"),
            }
        ),
    )
    user = IdFilter(field_name="user_id", about="Id of the person who acted.")
    subject_type = django_filters.CharFilter(
        widget=forms.HiddenInput,
        help_text="Kind of the object as events name it, for example recalls.recall, recalls.notice, listings.flag or "
        "enforcement.takedown.",
    )
    subject_id = django_filters.CharFilter(widget=forms.HiddenInput, help_text="Id of the object.")
    organisation = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.platforms().outside_sandboxes(),
        label=gettext_noop("Platform"),
        empty_label=gettext_lazy("All"),
    )
    sealed_after = django_filters.NumberFilter(
        field_name="seal__position",
        lookup_expr="gt",
        label=gettext_noop("After position in the chain"),
        widget=forms.HiddenInput,
    )
    sealed_until = django_filters.NumberFilter(
        field_name="seal__position",
        lookup_expr="lte",
        label=gettext_noop("Up to position in the chain"),
        widget=forms.HiddenInput,
    )
    since = django_filters.DateFilter(
        method=from_day,
        label=capfirst(gettext_lazy("from")),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    until = django_filters.DateFilter(
        method=up_to_day,
        label=capfirst(gettext_lazy("to")),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def by_action(self, events: QuerySet[AuditEvent], _name: str, value: str) -> QuerySet[AuditEvent]:
        """The action that was chosen; else an action's beginning, as the log or as pages write it, in English or in the
        reader's language."""
        if value in WORDS:
            return events.filter(action__in=actions_named(value))
        typed = value.strip().lower()
        noun, _, verb = typed.replace(".", " ", 1).partition(" ")
        written = f"{noun}.{verb.strip().replace(' ', '_')}" if verb else noun
        read = [
            action for action in WORDS if event_words(action).lower().startswith(typed) or action.startswith(written)
        ]
        named = [name for action in read for name in actions_named(action)]
        return events.filter(Q(action__startswith=written) | Q(action__in=named))
