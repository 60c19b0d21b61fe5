"""What a program writes into a recall, checked as the editor checks it."""

from typing import Any

from rest_framework import serializers

from portal.api.serializers import StrictSerializer
from portal.gtin import NotAGtin, normalise_gtin
from portal.http.addresses import parts_of
from recalls.models import Recall
from recalls.safety_serializers import WrittenSafetyFields, recorded_in
from recalls.services import ProductContent, RecallContent

MAX_PRODUCTS, MAX_VALUES = 200, 1_000
_TEXT: dict[str, Any] = {"required": False, "default": "", "allow_blank": True}


def _values(help_text: str = "") -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=500),
        required=False,
        default=list,
        max_length=MAX_VALUES,
        help_text=help_text,
    )


class WrittenProductSerializer(StrictSerializer):
    name = serializers.CharField(max_length=2_000)
    brand = serializers.CharField(max_length=200, **_TEXT)
    model_numbers = _values()
    gtins = _values("GTINs or UPCs, as text with their leading zeros.")
    sizes = _values("With units.")
    units = serializers.CharField(max_length=200, **_TEXT, help_text="Units sold.")
    description = serializers.CharField(max_length=10_000, **_TEXT)

    def validate_gtins(self, given: list[str]) -> list[str]:
        found, wrong = [], []
        for value in given:
            try:
                found.append(normalise_gtin(value))
            except NotAGtin as error:
                wrong.append(f"{error.words % error.values}.")
        if wrong:
            raise serializers.ValidationError(wrong)
        return found


class WrittenPictureSerializer(StrictSerializer):
    url = serializers.URLField(max_length=1_000, help_text="http or https.")
    caption = serializers.CharField(max_length=2_000, **_TEXT)

    def validate_url(self, address: str) -> str:
        parts = parts_of(address)
        if not address.startswith(("http://", "https://")) or parts is None or not parts.hostname:
            raise serializers.ValidationError("Enter a web address that starts with http:// or https://.")
        return address


class RecallContentSerializer(WrittenSafetyFields):
    """All that a version says; what is left out is empty."""

    title = serializers.CharField(max_length=2_000)
    recalled_on = serializers.DateField(
        required=False, default=None, allow_null=True, help_text="The day of the recall."
    )
    priority = serializers.ChoiceField(Recall.Priority.choices, required=False, default=Recall.Priority.NORMAL.value)
    description = serializers.CharField(
        max_length=50_000, **_TEXT, help_text="Which products and models are included, and which are not."
    )
    hazard = serializers.CharField(max_length=10_000, **_TEXT)
    remedy = serializers.CharField(max_length=10_000, **_TEXT)
    sold_at = serializers.CharField(max_length=10_000, **_TEXT)
    firms = _values("Manufacturers, importers and distributors.")
    url = serializers.URLField(max_length=1_000, required=False, allow_blank=True)
    products = serializers.ListField(child=WrittenProductSerializer(), min_length=1, max_length=MAX_PRODUCTS)
    pictures = serializers.ListField(
        child=WrittenPictureSerializer(), required=False, default=list, max_length=MAX_VALUES
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """The content as services take it, beside what is not part of a version."""
        products = tuple(product_of(each) for each in given["products"])
        names = ("title", "description", "hazard", "remedy", "sold_at", "recalled_on")
        content = RecallContent(
            **{name: given[name] for name in names},
            url=given.get("url", ""),
            firms=_once(given["firms"]),
            products=products,
            pictures=tuple((picture["url"], picture["caption"]) for picture in given["pictures"]),
            units="; ".join(product.units for product in products if product.units),
            **recorded_in(given),
        )
        return {name: given[name] for name in ("number", "priority") if name in given} | {"content": content}


class NewRecallSerializer(RecallContentSerializer):
    number = serializers.CharField(max_length=40, help_text="Exactly as published, including leading zeros.")


def product_of(given: dict[str, Any]) -> ProductContent:
    lists = {name: _once(given[name]) for name in ("model_numbers", "gtins", "sizes")}
    return ProductContent(**{**given, **lists})


def _once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
