"""Django's renderer of forms, but for lists of choices: Django draws each choice with two templates, which takes most of the
time of a page that offers some hundred time zones or countries."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, mark_safe

_SELECT, _OPTION = "django/forms/widgets/select.html", "django/forms/widgets/select_option.html"


class FormRenderer(DjangoTemplates):
    """Draws every widget as Django does, to the letter."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget", {})
        if template_name == _SELECT and all(
            option["template_name"] == _OPTION for _name, options, _index in widget["optgroups"] for option in options
        ):
            return _select(widget)
        return super().render(template_name, context, request)


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{_shown(widget["name"])}"{_attributes(widget["attrs"])}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            parts.append(f'\n  <optgroup label="{_shown(name)}">')
        parts += [
            f'\n  <option value="{_text(each["value"])}"{_attributes(each["attrs"])}>{_shown(each["label"])}</option>\n'
            for each in options
        ]
        if name:
            parts.append("\n  </optgroup>")
    return mark_safe("".join([*parts, "\n</select>"]))  # noqa: S308  each value in it is escaped


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_shown(name)}" if value is True else f' {_shown(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _shown(value: Any) -> str:
    """A value as a template shows it."""
    return conditional_escape(localize(value))


def _text(value: Any) -> str:
    """A value as it is, in no language's way of writing numbers."""
    return conditional_escape(value if isinstance(value, SafeData) else str(value))
