"""Forms of sending, of a person's look, of acknowledging, and of policies."""

import zoneinfo
from datetime import date
from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from PIL import Image

from enforcement.models import Appeal, Policy
from enforcement.services import PolicyContent
from enforcement.services.calendars import check_place
from enforcement.states import RungKind, Verdict
from portal.http.language import in_words
from portal.models import Language, Organisation, User

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
LARGEST_SCREENSHOT = 8_000_000  # bytes
_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
_KINDS = [("closed", gettext_noop("closed")), ("open", gettext_noop("open")), ("half", gettext_noop("half day"))]
"""Kinds of days, small: in other languages Closed and Open of a flag are other words."""


class SendForm(forms.Form):
    platforms = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), widget=forms.CheckboxSelectMultiple, label=gettext_noop("Platforms")
    )
    policy = forms.ModelChoiceField(
        Policy.objects.none(),
        empty_label=None,
        label=gettext_noop("Policy"),
        help_text=gettext_noop("How long the platforms have; frozen into the notice."),
    )
    message = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("Message"),
        help_text=gettext_noop("Platforms read it."),
    )
    sure = forms.BooleanField(
        label=gettext_noop("Yes, all of them"),
        error_messages={"required": gettext_noop("Confirm that all recalls that match are meant.")},
    )

    def __init__(self, *args: Any, platforms: Any, policies: Any, confirm: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not confirm:
            del self.fields["sure"]
        self.fields["platforms"].queryset = platforms  # type: ignore[attr-defined]
        self.fields["policy"].queryset = policies  # type: ignore[attr-defined]


class LookForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_noop("Verdict"), choices=in_words(Verdict.choices), widget=forms.RadioSelect
    )
    url = forms.URLField(required=False, label=gettext_noop("Address you looked at"), assume_scheme="https")
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("What you saw"))
    screenshot = forms.FileField(
        required=False,
        label=gettext_noop("Picture of the screen"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_noop("PNG, JPEG or WebP, 8 MB at most. It is sealed with the look."),
    )

    def clean_screenshot(self) -> tuple[bytes, str] | None:
        """The picture's bytes and its type, as its content says, whatever its name does."""
        file = self.cleaned_data["screenshot"]
        if file is None:
            return None
        if file.size > LARGEST_SCREENSHOT:
            raise ValidationError(gettext_noop("The picture is larger than 8 MB: save it smaller, or as JPEG."))
        data = file.read()
        try:
            with Image.open(BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
                picture.verify()
                return data, f"image/{(picture.format or '').lower()}"
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            raise ValidationError(
                gettext_noop("This is no picture that can be read: give a PNG, JPEG or WebP.")
            ) from None


class PackForm(forms.Form):
    """Whose takedowns, and from which day to which; a platform is not asked whose."""

    platform = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_noop("Platform"), empty_label=None)
    first = forms.DateField(label=capfirst(gettext_lazy("from")), widget=_DAY, validators=_DAYS)
    last = forms.DateField(
        label=capfirst(gettext_lazy("to")),
        widget=_DAY,
        validators=_DAYS,
        help_text=gettext_noop("Takedowns whose clock started on these days."),
    )

    def __init__(self, *args: Any, platforms: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].queryset = platforms  # type: ignore[attr-defined]


class PauseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_noop("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Stays in the audit log."),
    )


class ResumeForm(forms.Form):
    reason = forms.CharField(label=gettext_noop("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ExtensionForm(forms.Form):
    amount = forms.IntegerField(min_value=1, label=gettext_noop("How much more"))
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("Why more time is needed"))


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_noop("Decision"),
        choices=in_words([("grant", gettext_noop("Grant")), ("refuse", gettext_noop("Refuse"))]),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_noop("Answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Its reason; both sides read it."),
    )


class AppealForm(forms.Form):
    side = forms.ChoiceField(
        label=gettext_noop("Who contests"), choices=in_words(Appeal.Side.choices), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_noop("Why it is not the recalled product"), widget=forms.Textarea(attrs={"rows": 4})
    )


class PlaceForm(forms.Form):
    """Which calendar."""

    country = forms.RegexField(
        r"^[A-Z]{2}$",
        strip=True,
        error_messages={"invalid": gettext_noop("Two capital letters, like DE.")},
        label=gettext_noop("Country"),
    )
    subdivision = forms.CharField(required=False, max_length=10, label=gettext_noop("Part of it"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        check_place(given.get("country", ""), given.get("subdivision", ""))
        return given


class CalendarDayForm(forms.Form):
    day = forms.DateField(label=gettext_noop("Day"), widget=_DAY, validators=_DAYS)
    kind = forms.ChoiceField(
        label=gettext_noop("Kind"), choices=[(kind, capfirst(gettext_lazy(words))) for kind, words in _KINDS]
    )
    closes_at = forms.TimeField(
        label=gettext_noop("Closes at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=gettext_noop("When a half day ends, in the policy's zone."),
    )
    name = forms.CharField(
        label=gettext_noop("Name"), max_length=80, help_text=gettext_noop("Explanations of deadlines use it.")
    )


class RecountForm(forms.Form):
    reason = forms.CharField(
        label=gettext_noop("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Stays in the history of every takedown it moves."),
    )


class LetterForm(forms.Form):
    subject = forms.CharField(label=gettext_noop("Subject"), max_length=300)
    body = forms.CharField(label=gettext_noop("Text"), widget=forms.Textarea(attrs={"rows": 18}))


class LetterReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_noop("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Stays in the audit log."),
    )


class TemplateForm(forms.Form):
    language = forms.ChoiceField(label=gettext_noop("Language"), choices=in_words(Language.choices))
    subject = forms.CharField(label=gettext_noop("Subject"), max_length=200)
    body = forms.CharField(label=gettext_noop("Text"), widget=forms.Textarea(attrs={"rows": 22}))


class CommentForm(forms.Form):
    text = forms.CharField(
        label=gettext_noop("Comment"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Cannot be changed later."),
    )


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=gettext_noop("To whom"))
    note = forms.CharField(label=gettext_noop("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class ResolveForm(forms.Form):
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("What was done"))


class AcknowledgeForm(forms.Form):
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("What you do about it"))


class PolicyForm(forms.ModelForm):
    steps = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}),
        label=gettext_noop("Ladder"),
    )
    rescans = forms.CharField(
        label=gettext_noop("Rescans after proof"),
        help_text=gettext_noop("Seconds after the removal was proved, separated by commas."),
    )

    history_rescans = forms.CharField(
        label=gettext_noop("Rescans after proof, with a history"),
        help_text=gettext_noop("The same, where listings came back before."),
    )

    class Meta:
        model = Policy
        fields = [
            "name", "description", "amount", "unit", "starts_on", "start_latest_hours", "begins", "cut_off", "country",
            "subdivision", "time_zone", "repeat_after", "repeat_amount", "pauses_while_referred", "extension_needs_second", "second_person_from",
            "overrule_needs_second", "steps", "looks_needed",
            "looks_apart_seconds", "rescans", "history_after", "history_rescans", "is_active",
        ]  # fmt: skip
        labels = {  # as Django makes them of the names, here to be marked
            "name": gettext_noop("Name"),
            "description": gettext_noop("Description"),
            "amount": gettext_noop("Amount"),
            "unit": gettext_noop("Unit"),
            "starts_on": gettext_noop("Starts on"),
            "start_latest_hours": gettext_noop("Start latest hours"),
            "begins": gettext_noop("Begins"),
            "cut_off": gettext_noop("Cut off"),
            "country": gettext_noop("Country"),
            "subdivision": gettext_noop("Subdivision"),
            "time_zone": gettext_noop("Time zone"),
            "repeat_after": gettext_noop("Repeat after"),
            "repeat_amount": gettext_noop("Repeat amount"),
            "pauses_while_referred": gettext_noop("Pauses while referred"),
            "extension_needs_second": gettext_noop("Extension needs second"),
            "second_person_from": gettext_noop("Second person from"),
            "overrule_needs_second": gettext_noop("Overrule needs second"),
            "looks_needed": gettext_noop("Looks needed"),
            "looks_apart_seconds": gettext_noop("Looks apart seconds"),
            "history_after": gettext_noop("History after"),
            "is_active": gettext_noop("Is active"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = self.instance
        self.fields["unit"].choices = in_words(Policy.Unit.choices)  # type: ignore[attr-defined]
        self.fields["starts_on"].choices = in_words(Policy.StartsOn.choices)  # type: ignore[attr-defined]
        self.fields["begins"].choices = in_words(Policy.Begins.choices)  # type: ignore[attr-defined]
        self.fields["steps"].help_text = gettext(
            "One rung a line: what, and when in hours from the due moment (negative before it), like: reminder -2. "
            "What can be: %(rungs)s."
        ) % {"rungs": ", ".join(RungKind.values)}
        if policy.pk:
            self.initial["steps"] = "\n".join(
                f"{step.kind} {step.offset_seconds / 3600:g}" for step in policy.steps.all()
            )
        else:
            self.initial.setdefault("steps", "reminder -2\nmissed 0\nofficer 1\nletter 24")
        self.fields["second_person_from"].required = False
        for name in ("rescans", "history_rescans"):
            self.initial[name] = ", ".join(map(str, getattr(policy, name)))

    def clean_steps(self) -> tuple[tuple[str, int], ...]:
        found = []
        for number, line in enumerate(self.cleaned_data["steps"].splitlines(), 1):
            if not line.strip():
                continue
            parts = line.split()
            try:
                kind, hours = parts[0], float(parts[1])
                offset = round(hours * 3600)
            except (IndexError, ValueError, OverflowError):
                raise ValidationError(
                    gettext("Line %(number)d: write a rung and its hours, like: reminder -2.") % {"number": number}
                ) from None
            if kind not in RungKind.values or len(parts) != 2:
                raise ValidationError(
                    gettext("Line %(number)d: %(line)s is not a rung; choose from %(rungs)s.")
                    % {"number": number, "line": line.strip(), "rungs": ", ".join(RungKind.values)}
                )
            found.append((kind, offset))
        return tuple(found)

    def clean_second_person_from(self) -> int:
        return self.cleaned_data["second_person_from"] or 0

    def clean_rescans(self) -> tuple[int, ...]:
        return self._seconds("rescans")

    def clean_history_rescans(self) -> tuple[int, ...]:
        return self._seconds("history_rescans")

    def _seconds(self, name: str) -> tuple[int, ...]:
        try:
            return tuple(int(part) for part in self.cleaned_data[name].split(",") if part.strip())
        except ValueError:
            raise ValidationError(gettext_noop("Write whole seconds, separated by commas.")) from None

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        if name not in zoneinfo.available_timezones():
            raise ValidationError(gettext("%(name)s is not a time zone; write it like Europe/Berlin.") % {"name": name})
        return name

    def _post_clean(self) -> None:
        """The service validates the row; Django's own step would put the typed texts into its fields."""

    def content(self) -> PolicyContent:
        return PolicyContent(**self.cleaned_data)
