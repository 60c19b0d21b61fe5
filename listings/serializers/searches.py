"""Searches that platforms made themselves, and dry runs of regulators."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from listings.models import DryRun
from listings.models.dry_runs import DryRunResult
from listings.serializers.listings import AnyItem, ItemResultSerializer
from listings.services import MAX_ITEMS
from portal.api.serializers import StrictSerializer
from portal.models import AuditEvent

_MAX_ROWS = 2**40


class CommitmentSerializer(StrictSerializer):
    """What was searched, as `offshelf match` writes it."""

    method = serializers.ChoiceField(["offshelf-rows-1"], help_text="How the root is made (docs/integrate.md).")
    root = serializers.RegexField(  # type: ignore[assignment]  # serializers have the name, too
        r"^[0-9a-f]{64}\Z", help_text="Root of the Merkle tree over all rows that were searched, in hex."
    )
    rows = serializers.IntegerField(min_value=0, max_value=_MAX_ROWS)
    set_aside = serializers.IntegerField(
        min_value=0, max_value=_MAX_ROWS, required=False, default=0, help_text="Rows that could not be searched."
    )
    made_at = serializers.DateTimeField(help_text="When the search ended.")


class NewSearchSerializer(StrictSerializer):
    commitment = CommitmentSerializer()
    matches = serializers.ListField(
        child=AnyItem(allow_null=True),
        max_length=MAX_ITEMS,
        help_text="The listings that matched, up to 10,000, as `listings/bulk` takes them. Each has its own result.",
    )

    def validate_commitment(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "made_at": given["made_at"].isoformat()}


class SearchSerializer(serializers.ModelSerializer):
    platform = serializers.CharField(source="organisation.slug")
    commitment = serializers.SerializerMethodField()
    matches = serializers.SerializerMethodField(help_text="How many listings the platform reported.")
    stored = serializers.SerializerMethodField(help_text="How many of them could be stored.")

    class Meta:
        model = AuditEvent
        fields = ["id", "platform", "at", "commitment", "matches", "stored"]

    @extend_schema_field(CommitmentSerializer)
    def get_commitment(self, event: AuditEvent) -> dict[str, Any]:
        return {str(name): event.after[name] for name in CommitmentSerializer().fields}

    def get_matches(self, event: AuditEvent) -> int:
        return int(event.after["matches"])

    def get_stored(self, event: AuditEvent) -> int:
        return int(event.after["stored"])


class SearchResultSerializer(serializers.Serializer):
    search = SearchSerializer()
    results = ItemResultSerializer(many=True)


class DryRunResultSerializer(serializers.ModelSerializer):
    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = DryRunResult
        fields = ["platform", "done_at", "compared", "not_matched_yet", "to_flag", "to_ask", "excluded", "already"]


class DryRunSerializer(serializers.ModelSerializer):
    recall = serializers.IntegerField(source="version.recall_id")
    version = serializers.IntegerField(source="version.version")
    results = DryRunResultSerializer(many=True)

    class Meta:
        model = DryRun
        fields = ["id", "recall", "version", "status", "progress", "created_at", "finished_at", "results"]
