"""The form for a manual check."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

from enforcement.states import Verdict
from portal.http.language import in_words
from portal.media.imaging import NoPicture, TooLarge, screenshot_type
from portal.media.limits import MAX_SCREENSHOT_BYTES
from portal.texts import MAX_NOTE


class RecordCheckForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_noop("Verdict"), choices=in_words(Verdict.choices), widget=forms.RadioSelect
    )
    url = forms.URLField(
        max_length=2_000, required=False, label=gettext_noop("Address you checked"), assume_scheme="https"
    )
    note = forms.CharField(
        max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("Findings")
    )
    screenshot = forms.FileField(
        required=False,
        label=gettext_noop("Screenshot"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_noop("PNG, JPEG or WebP, up to 8 MB. It is sealed with the check."),
    )

    def clean_screenshot(self) -> tuple[bytes, str] | None:
        """The image's bytes and its type, by its content and not its name."""
        file = self.cleaned_data["screenshot"]
        if file is None:
            return None
        if file.size > MAX_SCREENSHOT_BYTES:
            raise ValidationError(gettext_noop("The image is larger than 8 MB. Save it smaller, or as JPEG."))
        data = file.read()
        try:
            return data, screenshot_type(data)
        except TooLarge:
            raise ValidationError(
                gettext_noop("The image has more than 40 million pixels. Save it smaller and upload it again.")
            ) from None
        except NoPicture:
            raise ValidationError(gettext_noop("Not a readable image. Upload a JPEG, PNG or WebP.")) from None
