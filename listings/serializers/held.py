"""Matches that are held back: what they have in common, and the regulator's answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from listings.models import HeldMatch
from listings.serializers.evidence import EvidenceSerializer
from listings.serializers.listings import ListingSerializer
from listings.services import HeldSummary
from listings.signal_names import evidence_of_v1
from portal.api.serializers import StrictSerializer


class SignalShareSerializer(serializers.Serializer):
    signal = serializers.CharField(help_text="The rule that found it.")
    count = serializers.IntegerField(help_text="Held-back listings with it.")
    share = serializers.FloatField(help_text="0 to 1.")


class HeldExampleSerializer(serializers.Serializer):
    """One held-back listing."""

    score = serializers.FloatField(help_text="0 to 1.")
    listing = ListingSerializer()
    evidence = EvidenceSerializer(many=True, help_text="As a flag has it.")


class HeldSerializer(serializers.Serializer):
    matches = serializers.IntegerField(help_text="Flags of the notice, and the listings that are held back.")
    undecided = serializers.IntegerField(help_text="Flags that are to be decided.")
    held = serializers.IntegerField(help_text="Listings that are held back.")
    released = serializers.IntegerField(help_text="Those of them that are released and about to be flagged.")
    dismissed = serializers.IntegerField(help_text="Listings that were dismissed.")
    limit = serializers.IntegerField(help_text="Undecided flags of one notice that open at once.")
    sellers = serializers.IntegerField(help_text="Different sellers of what is held back.")
    most_of_one = serializers.IntegerField(help_text="Listings of the seller with the most.")
    signals = SignalShareSerializer(source="shares", many=True, help_text="The most frequent evidence.")
    examples = serializers.SerializerMethodField(help_text="Of each kind of evidence the strongest listing.")

    @extend_schema_field(HeldExampleSerializer(many=True))
    def get_examples(self, summary: HeldSummary) -> list[dict[str, Any]]:
        return [_example(row, evidence) for row, evidence in summary.samples]


def _example(row: HeldMatch, evidence: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "score": row.score,
        "listing": ListingSerializer(row.listing).data,
        "evidence": evidence_of_v1(evidence),
    }


class ReleaseSerializer(StrictSerializer):
    from_score = serializers.FloatField(
        min_value=0, max_value=1, required=False, default=0.0, help_text="Release those with at least this score."
    )
    reason = serializers.CharField(required=False, default="", allow_blank=True, help_text="Stays in the audit log.")


class DismissSerializer(StrictSerializer):
    below = serializers.FloatField(
        min_value=0,
        max_value=1,
        required=False,
        allow_null=True,
        default=None,
        help_text="Dismiss those with a lower score.",
    )
    reason = serializers.CharField(help_text="Stays in the audit log.")
