"""In which language a page is shown, and how words that are written in English are shown in it.

Only pages are translated. What services write down (audit, mails, packs, the API's answers) is English because the words
of states and choices stay plain English strings, marked with `gettext_noop` where they are written and translated only
where a page shows them (docs/decisions/0016-translation-on-display.md).
"""

from collections.abc import Iterable
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_supported_language_variant, gettext, gettext_lazy
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.refusals import Refusal

ENGLISH_ONLY = ("/api/",)
"""Addresses that answer programs, in English whatever they ask for."""


def language_of(request: HttpRequest) -> str:
    """What the person chose, else the first of the browser's languages that there is, else English."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.language:
        return str(user.language)
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code == "*":
            break
        with suppress(LookupError):
            return get_supported_language_variant(code)
    return settings.LANGUAGE_CODE


def in_words(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str | Promise]]:
    """Choices for a form, with labels in the language of the page that shows it."""
    return [(value, gettext_lazy(label) if label else "") for value, label in choices]


def shown_error(error: ValidationError) -> ValidationError:
    """A refusal of a service in the language of the page: the marked message is translated before its `params` are filled in."""
    if hasattr(error, "error_dict"):
        return ValidationError({field: shown_error(ValidationError(each)) for field, each in error.error_dict.items()})
    return ValidationError(
        [ValidationError(gettext(str(each.message)), each.code, each.params) for each in error.error_list]
    )


def add_refusal(form: BaseForm, error: ValidationError) -> None:
    """Show what a service refuses next to its fields, or above the form, in the reader's language."""
    refusal = shown_error(error)
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
    for field, problems in by_field.items():
        form.add_error(field if field in form.fields else None, ValidationError(problems))


def refusal_text(error: Exception) -> str:
    """Why a service refused, as one text in the reader's language: marked messages are translated before they are filled in."""
    if isinstance(error, ValidationError):
        return " ".join(shown_error(error).messages)
    if isinstance(error, Refusal):
        values = error.params | {name: shown_inside(label) for name, label in error.states.items()}
        return shown(error.message) % values if values else shown(error.message)
    return shown(str(error))


def shown(words: object) -> str:
    """English words of a state, a choice or a label in the language of the page; what is not translated stays."""
    return gettext(str(words)) if words else ""


def with_code(words: object, code: str) -> SafeString:
    """English words in the language of the page, beside the name by which programs know the same."""
    return format_html('{} <code dir="ltr">{}</code>', shown(words), code)


def shown_inside(words: object) -> str:
    """`shown` for the middle of a sentence: small letters where the language has them, not in German nouns."""
    text, language = shown(words), get_language() or ""
    if language.startswith("en"):
        return text.lower()
    return text[:1].lower() + text[1:] if language.startswith("es") else text
