"""What a body may have: the fields that the schema names, each as the type that it names, and nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from rest_framework import serializers

from portal.api.problems import unknown_name
from portal.texts import MAX_NOTE

WITHOUT_OFFSET = "Send the time with its offset, for example 2026-03-02T15:00:00Z."


class StrictSerializer(serializers.Serializer):
    """Refuses fields that there are not (400), and values that would have to be turned into another type (422).

    DRF takes 12 for the text "12" and "12" for the number. The values of a form are all texts, and stay as they are.
    A text whose field names no `max_length` has up to `max_text` characters; with None whoever takes it cuts it. Where a
    value is none of several, the refusal names them.
    """

    max_text: ClassVar[int | None] = MAX_NOTE

    def get_fields(self) -> dict[str, serializers.Field]:
        fields: dict[str, serializers.Field] = super().get_fields()
        for field in fields.values():
            _name_what_there_is(field)
            if self.max_text is not None:
                _bound(field, self.max_text)
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        known = {name: field for name, field in self.fields.items() if not field.read_only}
        for name in data:
            if name not in known:
                raise unknown_name("unknown_field", "field", str(name), known)
        if not isinstance(data, QueryDict):
            wrong = {name: [problem] for name in data if (problem := _wrong_type(known[name], data[name]))}
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


class ReasonSerializer(StrictSerializer):
    reason = serializers.CharField(help_text="Stays in the audit log.")


class NoteSerializer(StrictSerializer):
    note = serializers.CharField(help_text="Stays on record.")


class AnswerSerializer(StrictSerializer):
    grant = serializers.BooleanField(help_text="true: granted. false: refused.")
    answer = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="The reason, which both sides can read."
    )


def _bound(field: serializers.Field, most: int) -> None:
    """Give a text that somebody writes, or each text of a list, a length; one that is only shown keeps none."""
    field = getattr(field, "child", field)
    if isinstance(field, serializers.CharField) and field.max_length is None and not field.read_only:
        field.max_length = most
        detail = str(field.error_messages["max_length"]).format(max_length=most)
        field.validators.append(MaxLengthValidator(most, message=detail))


def known_values(names: Iterable[object]) -> str:
    """What could have been sent instead, for the end of a refusal."""
    return f"Known: {', '.join(str(name) for name in names if name != '') or 'none'}."


def _name_what_there_is(field: serializers.Field) -> None:
    inner = getattr(field, "child", None) or getattr(field, "child_relation", None) or field
    if isinstance(inner, serializers.ChoiceField):
        known = known_values(inner.choices).replace("{", "{{").replace("}", "}}")
        inner.error_messages["invalid_choice"] = f"There is no {{input!r}} here. {known}"
    elif isinstance(inner, serializers.SlugRelatedField):
        inner.error_messages["does_not_exist"] = (
            "There is nobody with the {slug_name} {value} whom you can name here. Check the spelling, and that they still "
            "have an account."
        )


def _wrong_type(field: serializers.Field, value: Any) -> str:
    if value is None:
        return ""
    child = getattr(field, "child", None) or getattr(field, "child_relation", None)
    if child is not None and not isinstance(field, serializers.DictField | serializers.JSONField):
        problems = (
            [_wrong_type(child, each) for each in value]
            if isinstance(value, list)
            else [f"Send a list, not {kind_of(value)}."]
        )
        return next(filter(None, problems), "")
    if isinstance(field, serializers.IntegerField):
        is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return "" if is_whole and not isinstance(value, bool) else f"Send a whole number, not {kind_of(value)}."
    if isinstance(field, serializers.BooleanField):
        return "" if isinstance(value, bool) else f"Send true or false, not {kind_of(value)}."
    texts = (
        serializers.CharField,
        serializers.ChoiceField,
        serializers.DateField,
        serializers.DateTimeField,
        serializers.SlugRelatedField,
    )
    if isinstance(field, texts) and not isinstance(value, str):
        return f"Send text in quotes, not {kind_of(value)}."
    return WITHOUT_OFFSET if isinstance(field, serializers.DateTimeField) and _lacks_offset(value) else ""


def _lacks_offset(given: str) -> bool:
    """Whether a text is a time of which nobody knows where it is meant."""
    try:
        at = parse_datetime(given)
    except ValueError:
        return False
    return at is not None and at.tzinfo is None


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object", str: "text"}
    return next((words for kind, words in kinds.items() if isinstance(value, kind)), "null")
