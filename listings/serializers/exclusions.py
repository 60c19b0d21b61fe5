"""Exclusions."""

from rest_framework import serializers

from listings.models import Exclusion
from portal.api.serializers import StrictSerializer


class ExclusionSerializer(serializers.ModelSerializer):
    recall_number = serializers.CharField(
        source="recall.number", default=None, allow_null=True, help_text="Empty: all recalls of the regulator."
    )
    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)
    listing = serializers.CharField(source="listing.external_id", default=None, allow_null=True)

    class Meta:
        model = Exclusion
        fields = [
            "id",
            "scope",
            "covers",
            "platform",
            "recall_number",
            "listing",
            "gtin",
            "seller",
            "flag",
            "reason",
            "made_by",
            "made_at",
            "expires_at",
            "state",
            "withdrawn_at",
            "withdrawn_by",
            "updated_at",
        ]
        read_only_fields = fields


class NewExclusionSerializer(StrictSerializer):
    platform = serializers.CharField(help_text="The platform's slug.")
    recall = serializers.IntegerField(
        required=False,
        default=None,
        allow_null=True,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Id of a recall. Without it, all recalls of your regulator, which only admins may say.",
    )
    scope = serializers.ChoiceField(Exclusion.Scope.choices)
    gtin = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text="For the scope gtin."
    )
    listing = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=200,
        help_text="The platform's listing id. For the other scopes.",
    )
    until = serializers.DateTimeField(required=False, default=None, allow_null=True)
    reason = serializers.CharField(help_text="Stays in the audit log.")
