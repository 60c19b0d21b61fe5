"""Forms for handling an escalation."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from portal.duty_forms import labels_of
from portal.models import User
from portal.texts import MAX_NOTE


class CommentForm(forms.Form):
    text = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Comment"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("You cannot change a comment later."),
    )


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=gettext_noop("Assign to"))
    note = forms.CharField(
        max_length=MAX_NOTE, label=gettext_noop("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people
        empty = ("", field.empty_label)
        field.choices = [empty, *labels_of(list(people.select_related("organisation"))).items()]


class ResolveForm(forms.Form):
    note = forms.CharField(
        max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("Actions taken")
    )


class AcknowledgeForm(forms.Form):
    note = forms.CharField(
        max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("Planned actions")
    )
