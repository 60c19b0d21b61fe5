"""Lists of choices are drawn without a template for each choice, and yet as Django draws them."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from portal.http.form_renderer import FormRenderer

HOSTILE = "\"><script>alert('&')</script>"
CHOICES: dict[str, list[Any]] = {
    "none": [],
    "plain": [("a", "First"), ("b", "Second")],
    "hostile": [(HOSTILE, HOSTILE), ("a&b", "<b>")],
    "safe": [(mark_safe("<i>"), mark_safe("<b>bold</b>"))],
    "numbers": [(1234567, 1234567.5), (0, 0), (True, False), (None, None)],
    "lazy": [("x", gettext_lazy("Choose")), (gettext_lazy("None"), gettext_lazy("Yes"))],
    "dates": [(date(2026, 3, 2), date(2026, 3, 2))],
    "tuples": [((1, 2), "A pair")],
    "groups": [("Europe & more", [("de", "Germany"), ("fr", HOSTILE)]), ("x", "Alone"), (HOSTILE, [(1, "One")])],
    "an empty group": [("", [("a", "First")]), ("Nobody", [])],
}
ATTRIBUTES: list[dict[str, Any]] = [
    {},
    {"id": "id_zone", "class": "usa-select", "required": True, "disabled": False, "data-n": 1234, HOSTILE: HOSTILE},
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("attributes", ATTRIBUTES, ids=["plain", "with attributes"])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_choices_are_drawn_as_django_draws_them(
    choices: list[Any], kind: type[forms.Select], attributes: dict[str, Any], language: str
) -> None:
    widget = kind(choices=choices)
    with translation.override(language):
        for value in (None, "a", ["b", "de"], 1234567, HOSTILE, True):
            ours, djangos = (
                widget.render(HOSTILE, value, attributes, renderer=renderer)
                for renderer in (FormRenderer(), DjangoTemplates())
            )
            assert ours == djangos


def test_choices_with_a_template_of_their_own_and_other_widgets_are_left_to_django() -> None:
    class Own(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    for widget in (Own(choices=[("a", "A")]), forms.RadioSelect(choices=[("a", "A")]), forms.TextInput()):
        ours, djangos = (widget.render("x", "a", renderer=each()) for each in (FormRenderer, DjangoTemplates))
        assert ours == djangos


def test_the_forms_of_the_portal_are_drawn_so() -> None:
    assert isinstance(forms.Form().renderer, FormRenderer)
