"""Evidence of a match, as stored by the matching engine and answered with the names of today and of version 1."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers


class SpanSerializer(serializers.Serializer):
    """A place in a text: characters from `start`, the first being 0, to before `end`."""

    field = serializers.CharField(help_text="The text: a field of the listing, or one of the recall in words.")
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)


@extend_schema_serializer(deprecate_fields=["signal", "says"])
class EvidenceSerializer(serializers.Serializer):
    """One reason for or against a match."""

    name = serializers.CharField(
        help_text="The rule that found it, for example same_model_and_brand; new ones may come."
    )
    detail = serializers.CharField(help_text="One sentence.")
    weight = serializers.FloatField(help_text="Above 0 it speaks for the product, below 0 against it.")
    recall_span = SpanSerializer(allow_null=True)
    listing_span = SpanSerializer(allow_null=True)
    signal = serializers.CharField(help_text="Earlier name of the rule.")
    says = serializers.CharField(help_text="Earlier name of detail.")
