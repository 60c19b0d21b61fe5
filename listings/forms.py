"""Forms about flags: decisions, messages, links for sellers; about exclusions, and about how a recall is read."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from listings.models import Exclusion, Listing, Message
from listings.services import MAX_QUESTION, MAX_SELLER_HOURS, SELLER_HOURS
from listings.states import DecisionKind, DismissReason
from portal.duty_forms import labels_of
from portal.http.language import in_words
from portal.http.moment_fields import MomentField
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.reason_forms import reason_field
from portal.texts import MAX_NOTE
from recalls.models import Recall

ASK = DecisionKind.ASK_SELLER

CHOICES = (
    (DecisionKind.REMOVED, gettext_noop("Removed"), gettext_noop("You took the listing down. A check will confirm it")),
    (
        DecisionKind.GEO_RESTRICTED,
        gettext_noop("Geo-restricted"),
        gettext_noop("No longer shown where the recall applies"),
    ),
    (
        DecisionKind.NOT_THE_PRODUCT,
        gettext_noop("Not the product"),
        gettext_noop("The listing stays up. Choose a reason"),
    ),
    (
        DecisionKind.ASK_SELLER,
        gettext_noop("Ask the seller"),
        gettext_noop("Write the question below. The clock keeps running"),
    ),
    (
        DecisionKind.ESCALATE,
        gettext_noop("Escalate to the regulator"),
        gettext_noop("Explain what the regulator should check"),
    ),
)
ANSWERED = (
    DecisionKind.SELLER_ANSWERED,
    gettext_noop("Seller answered"),
    gettext_noop("Summarise the reply. The flag is open for a decision again"),
)
"""Replaces asking the seller, once the seller was asked."""

SEARCHABLE = {
    "data-searchable": "yes",
    "data-found": gettext_lazy("Matching reasons: #"),
    "data-none": gettext_lazy("No matching reasons"),
    "data-clear": gettext_lazy("Clear reason"),
}
"""For combobox.js: the list of reasons is searched by typing, and these are the words for it."""


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_noop("Decision"),
        choices=in_words((kind.value, label) for kind, label, _ in (*CHOICES, ANSWERED)),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_noop("Choose a decision.")},
    )
    reason = forms.ChoiceField(
        label=gettext_noop("Reason"),
        choices=in_words([("", gettext_noop("Choose")), *DismissReason.choices]),
        required=False,
        widget=forms.Select(attrs=SEARCHABLE),
        help_text=gettext_noop("If not the product."),
    )
    note = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Kept in the case."),
    )
    remember = forms.ChoiceField(
        label=gettext_noop("Exclusion"),
        choices=in_words(Exclusion.Scope.choices),
        required=False,
        help_text=gettext_noop("If not the product: what is not flagged again under this recall."),
    )
    until = MomentField(
        label=gettext_noop("Exclusion until"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_noop("Leave empty for no end date."),
    )
    seller_hours = forms.IntegerField(
        label=gettext_noop("Hours for the seller to reply"),
        required=False,
        initial=SELLER_HOURS,
        min_value=1,
        max_value=MAX_SELLER_HOURS,
        help_text=gettext_noop("If you ask the seller. Ends no later than the flag's deadline."),
    )
    question = forms.CharField(
        label=gettext_noop("Question for the seller"),
        required=False,
        max_length=MAX_QUESTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_noop("If you ask the seller. Kept in the case, with the reply beside it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_seller_hours(self) -> int:
        return self.cleaned_data["seller_hours"] or SELLER_HOURS

    def decision(self) -> dict[str, Any]:
        """What `services.decide` takes."""
        return dict(self.cleaned_data)

    def entered(self) -> list[tuple[str, str]]:
        """What the person entered, as (label, words): for a page that has no form any more to show it in."""
        found = []
        for name in ("kind", "reason", "note", *(("question",) if self["kind"].value() == ASK else ())):
            field: Any = self.fields[name]
            value = self[name].value() or ""
            words = dict(field.choices).get(value, "") if hasattr(field, "choices") else value
            if value and words:
                found.append((gettext(str(field.label)), str(words)))
        return found


class BulkDecisionForm(DecisionForm):
    """One decision on many flags. What the page showed of each flag is sent with that flag, not here."""

    sure = forms.BooleanField(
        label=gettext_noop("Yes, decide all"),
        error_messages={"required": gettext_noop("Confirm that you want to decide all matching flags.")},
    )

    def __init__(self, *args: Any, every: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        if not every:
            del self.fields["sure"]

    def decision(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}


class HandOverForm(forms.Form):
    """Which colleague gets a flag, and a note. Its ids differ from those of the decision form beside it."""

    to = forms.ModelChoiceField(
        label=gettext_noop("To"),
        queryset=User.objects.none(),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_noop("Choose a colleague to hand the flag to.")
        ),
    )
    note = forms.CharField(
        label=gettext_noop("Note for your colleague"), required=False, max_length=500, widget=forms.TextInput
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "hand_%s", **kwargs})
        self.colleagues = list(people.select_related("organisation"))
        field: Any = self.fields["to"]
        field.queryset = people
        field.choices = [("", gettext("Choose")), *labels_of(self.colleagues).items()]

    def entered(self) -> list[tuple[str, str]]:
        """The note, as (label, words): for a page that has no form any more to show it in."""
        note = self["note"].value()
        return [(gettext(str(self.fields["note"].label)), note)] if note else []


class ReadingForm(forms.Form):
    """What the matching engine should know about a recall, one fact per line."""

    brands = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Brands"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_noop("One name per line."),
    )
    models = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Model numbers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_noop("One per line."),
    )
    excluded = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Model numbers that are not recalled"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("One per line."),
    )
    gtins = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("GTINs"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_noop("One per line, 8 to 14 digits."),
    )

    def facts(self) -> dict[str, list[str]]:
        lines = {name: self.cleaned_data[name].splitlines() for name in self.fields}
        return {name: [line.strip() for line in given if line.strip()] for name, given in lines.items()}


class ExclusionForm(forms.Form):
    """What a regulator says is not a recalled product. The listing and the recall are given by their own ids."""

    platform = forms.ModelChoiceField(
        label=gettext_noop("Platform"), queryset=Organisation.objects.platforms().outside_sandboxes()
    )
    recall = forms.CharField(max_length=100, label=gettext_noop("Recall number"), required=False)
    scope = forms.ChoiceField(
        label=gettext_noop("Covers"), choices=in_words(Exclusion.Scope.choices), initial=Exclusion.Scope.GTIN
    )
    gtin = forms.CharField(
        max_length=40,
        label=gettext_noop("GTIN"),
        required=False,
        help_text=gettext_noop("To cover all listings with this GTIN."),
    )
    listing = forms.CharField(
        max_length=200,
        label=gettext_noop("Listing"),
        required=False,
        help_text=gettext_noop("The platform's listing ID. To cover a listing or its seller's product."),
    )
    until = MomentField(
        label=gettext_noop("Until"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_noop("Your time zone. Leave empty for no end date."),
    )
    reason = reason_field()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        every = actor.may("exclusion.add_for_all")
        self.fields["recall"].required = not every
        self.fields["recall"].help_text = (
            gettext_noop("Leave empty for all recalls of your regulator.")
            if every
            else gettext_noop("One of your recalls.")
        )

    def clean_recall(self) -> Recall | None:
        number = self.cleaned_data["recall"].strip()
        if not number:
            return None
        found = Recall.objects.visible_to(self.actor).filter(number=number)
        recall = found.order_by(Case(When(regulator_id=self.actor.regulator_id, then=0), default=1)).first()
        if recall is None:
            raise ValidationError(
                gettext("No recall has the number %(number)s. Check the list of recalls.") % {"number": number}
            )
        return recall

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if number := given.get("listing", "").strip():
            rows = Listing.objects.visible_to(self.actor).filter(platform=given.get("platform"), external_id=number)
            given["listing"] = rows.first()
            if given["listing"] is None:
                detail = gettext("This platform has no listing %(number)s that you can view.")
                self.add_error("listing", detail % {"number": number})
        else:
            given["listing"] = None
        return given


class NoteForm(forms.Form):
    note = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Note"),
        help_text=gettext_noop("The platform and the regulator see this note."),
        error_messages={"required": gettext_noop("Enter a note.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files. The service that stores them checks what they are."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(file, initial) for file in data or []]


class MessageForm(forms.Form):
    """A message on a flag. `own` and `other` are the names of the author's side and of the other side."""

    audience = forms.ChoiceField(
        label=gettext_noop("Visible to"),
        widget=forms.RadioSelect,
        initial=Message.Audience.BOTH,
        error_messages={"required": gettext_noop("Choose who can read the message.")},
    )
    text = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Message"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_noop("Enter a message.")},
    )
    mentions = forms.ModelMultipleChoiceField(
        label=gettext_noop("Mention"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    attachments = FilesField(label=gettext_noop("Files"), required=False)

    def __init__(self, *args: Any, people: QuerySet[User], own: str, other: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "message_%s", **kwargs})
        sides = {"own": own, "other": other}
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (Message.Audience.BOTH, gettext("Both sides: people at %(own)s and %(other)s") % sides),
            (Message.Audience.OWN, gettext("Note: only people at %(own)s") % sides),
        ]
        field: Any = self.fields["mentions"]
        field.queryset = people
        field.choices = [(person.pk, f"{person.name}, {person.organisation.name}") for person in people]


class SellerLinkForm(forms.Form):
    """Whom a link for the seller is sent to, or nobody where it is handed over."""

    address = forms.EmailField(
        label=gettext_noop("Email address of the seller"),
        required=False,
        help_text=gettext_noop(
            "We mail the link there. Leave it empty to get the link here and hand it over yourself."
        ),
    )
    language = forms.ChoiceField(label=gettext_noop("Language of the mail"), choices=settings.LANGUAGES)
