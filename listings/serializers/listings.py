"""Listings: as stored, as a platform sends them, and what became of each."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework import serializers

from listings.models import Listing
from portal.api.serializers import StrictSerializer


class ListingSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="external_id")

    class Meta:
        model = Listing
        fields = [
            "id",
            "title",
            "description",
            "brand",
            "gtin",
            "mpn",
            "seller",
            "category",
            "price",
            "currency",
            "link",
            "image_link",
            "supplier",
            "minimum_order",
            "price_ladder",
            "destinations",
            "present",
            "first_seen_at",
            "changed_at",
        ]


class CatalogueListingSerializer(ListingSerializer):
    """A listing with whose it is."""

    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)

    class Meta(ListingSerializer.Meta):
        fields = ["id", "platform", *ListingSerializer.Meta.fields[1:]]


class ListingItemSerializer(StrictSerializer):
    """One listing as a platform sends it."""

    max_text = None  # a value that is too long costs its own row, as in a file
    id = serializers.CharField(help_text="The platform's own id of the listing.")
    title = serializers.CharField(required=False, help_text="Required, unless present is false.")
    description = serializers.CharField(required=False)
    brand = serializers.CharField(required=False)
    gtin = serializers.CharField(required=False, help_text="Several GTINs with commas between them.")
    mpn = serializers.CharField(required=False)
    seller = serializers.CharField(required=False)
    category = serializers.CharField(required=False)
    price = serializers.CharField(required=False, help_text='For example "12.50 USD".')
    currency = serializers.CharField(required=False)
    link = serializers.CharField(required=False)
    image_link = serializers.CharField(required=False)
    supplier = serializers.CharField(required=False)
    minimum_order = serializers.CharField(required=False, help_text='For example "100 pieces".')
    price_ladder = serializers.CharField(
        required=False, help_text='Unit prices by quantity: "1: 12.50 USD; 100: 11.00 USD".'
    )
    destinations = serializers.CharField(
        required=False, help_text="Countries that it is sent to, with commas between them, or WORLD."
    )
    present = serializers.BooleanField(
        required=False, help_text="false: the listing is off sale. Its other fields are then not stored."
    )


class AnyItem(serializers.Field):
    """Whatever was sent: an item of another shape has its own result, and costs itself alone."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class AnyItemInSchema(OpenApiSerializerFieldExtension):
    target_class = AnyItem

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        item = auto_schema.resolve_serializer(ListingItemSerializer, direction)
        return {"anyOf": [item.ref, {"description": "Anything else is answered with rejected."}]}


class BulkSerializer(StrictSerializer):
    listings = serializers.ListField(
        child=AnyItem(allow_null=True),
        help_text="Up to 10,000 listings. An item that is no listing, or has an unknown field, is answered with rejected.",
    )


class PresenceSerializer(StrictSerializer):
    present = serializers.BooleanField(help_text="false: the listing is off sale. true: it is on sale again.")


class PresenceResultSerializer(serializers.Serializer):
    result = serializers.ChoiceField(["absent", "present", "unchanged"])
    listing = CatalogueListingSerializer()


class ItemResultSerializer(serializers.Serializer):
    id = serializers.CharField()
    result = serializers.ChoiceField(["created", "changed", "unchanged", "absent", "rejected"])
    reasons = serializers.ListField(child=serializers.CharField())


class BulkResultSerializer(serializers.Serializer):
    results = ItemResultSerializer(many=True)
