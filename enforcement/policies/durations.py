"""Lengths of time as people enter them: a number with its unit, in two fields or typed like 30 min, 6 h or 3 d."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.rules.durations import LENGTHS, largest_unit
from portal.http.language import in_words
from portal.units import UNITS

SECONDS = dict(LENGTHS)
_SHORT = {"days": "d", "hours": "h", "minutes": "min", "seconds": "s"}
_SECONDS = {_SHORT[unit]: length for unit, length in LENGTHS}
_TEXT = re.compile(r"\s*([0-9]{1,9})\s*(d|h|min|s)\s*", re.ASCII)
UNIT_WORDS = UNITS | {"days": gettext_noop("days")}


def duration_text(seconds: int) -> str:
    """`seconds` in the largest unit that divides them: 3600 is "1 h", 5400 is "90 min"."""
    amount, unit = largest_unit(seconds)
    return f"{amount} {_SHORT[unit]}"


def seconds_of(text: str) -> int:
    """The reverse of `duration_text`. Raises ValueError without a unit, so that no one takes seconds for minutes."""
    if (found := _TEXT.fullmatch(text)) is None:
        raise ValueError(text)
    return int(found[1]) * _SECONDS[found[2]]


class UnitSelect(forms.Select):
    """A select of units. Seconds, which drills use, are offered only where they are the unit already."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        groups = super().optgroups(name, list(value), attrs)
        return [each for each in groups if each[1][0]["value"] != "seconds" or each[1][0]["selected"]]


class _DurationWidget(forms.MultiWidget):
    def __init__(self, units: Sequence[str]) -> None:
        number = forms.NumberInput(attrs={"min": "0"})
        unit = UnitSelect(attrs={"aria-label": gettext_lazy("Unit")}, choices=in_words(unit_choices(units)))
        self.units = units
        super().__init__([number, unit])

    def decompress(self, value: int | None) -> list[Any]:
        if value is None:
            return [None, self.units[0]]
        fits = (unit for unit in sorted(self.units, key=lambda unit: -SECONDS[unit]) if not value % SECONDS[unit])
        unit = next(fits, self.units[-1]) if value else self.units[0]
        return [value // SECONDS[unit], unit]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"


class DurationField(forms.MultiValueField):
    """A number and a unit; its value is in seconds."""

    def __init__(self, *, units: Sequence[str], most: int = 10_000, **kwargs: Any) -> None:
        number = forms.IntegerField(min_value=0, max_value=most)
        unit = forms.ChoiceField(choices=in_words(unit_choices(units)))
        kwargs.setdefault("error_messages", {"required": gettext_lazy("Enter a number and choose its unit.")})
        super().__init__([number, unit], widget=_DurationWidget(units), **kwargs)

    def compress(self, data_list: list[Any]) -> int | None:
        if not data_list:
            return None
        amount, unit = data_list
        if amount is None or unit not in SECONDS:
            raise ValidationError(self.error_messages["required"], code="required")
        return int(amount) * SECONDS[unit]


def unit_choices(units: Sequence[str]) -> list[tuple[str, str]]:
    return [(unit, UNIT_WORDS[unit]) for unit in units]
