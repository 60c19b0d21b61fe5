"""The form behind a seller's link."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_noop

from listings.forms import FilesField
from listings.models import Message, SellerAnswer
from listings.states import SellerAct


class ActField(forms.ChoiceField):
    """Offers what can be done now, and leaves the rest to the service: a form that is sent twice is answered as once."""

    widget = forms.RadioSelect

    def valid_value(self, value: str) -> bool:
        return value in SellerAct.values


class SellerForm(forms.Form):
    act = ActField(
        label=gettext_noop("What do you want to do?"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_noop("Choose what you want to do.")),
    )
    text = forms.CharField(
        label=gettext_noop("Your text"),
        max_length=Message.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        error_messages={"required": gettext_noop("Write your text.")},
        help_text=gettext_noop(
            "In any language. The marketplace and the authority read it. It cannot be changed later."
        ),
    )
    name = forms.CharField(
        label=gettext_noop("Your name"),
        required=False,
        max_length=SellerAnswer.MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        help_text=gettext_noop("It is kept as you give it."),
    )
    attachments = FilesField(
        label=gettext_noop("Files"),
        required=False,
        help_text=gettext_noop(
            "Up to 3 files: PNG, JPEG, WebP, PDF or plain text, 5 MB each. For example a photo of the label, "
            "or a receipt of disposal."
        ),
    )

    def __init__(self, *args: object, acts: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["act"].choices = acts  # type: ignore[attr-defined]
