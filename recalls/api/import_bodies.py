"""What the API answers about imports of recalls, and what it takes for them."""

import posixpath
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.api.permissions import actor_of
from portal.api.serializers import StrictSerializer
from recalls import services
from recalls.importers.template import FIELDS
from recalls.models import RecallImport, RecallImportRow, RecallReject
from recalls.services.import_preview import preview_of

PART_KINDS = [(kind, kind) for kind in ("same", "added", "removed")]
PRODUCT_KINDS = [(kind, kind) for kind in ("added", "removed", "changed")]


def _person(field: str, help_text: str) -> serializers.CharField:
    return serializers.CharField(
        source=f"{field}.name", default=None, allow_null=True, read_only=True, help_text=help_text
    )


class RecallImportRowSerializer(serializers.ModelSerializer):
    """An import in a list. The counts are those of the preview until it is stored."""

    feed = serializers.CharField(
        source="feed.name", default=None, allow_null=True, read_only=True, help_text="The feed that the file came from."
    )
    new = serializers.IntegerField(source="added", read_only=True)
    changed = serializers.IntegerField(source="revised", read_only=True)
    publish = serializers.BooleanField(read_only=True, help_text="Whether what is stored is submitted for publication.")
    created_by = _person("created_by", "Who sent the file; null for a feed.")
    confirmed_by = _person("confirmed_by", "Who confirmed the preview.")
    approved_by = _person("approved_by", "Who approved the publication: nobody who sent or confirmed it.")

    class Meta:
        model = RecallImport
        fields = [
            "id", "filename", "feed", "format", "publisher", "status", "progress", "total", "new", "changed", "unchanged",
            "rejected", "published", "publish", "error", "created_at", "created_by", "confirmed_at", "confirmed_by", "approved_at",
            "approved_by", "finished_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class ColumnsAskedSerializer(serializers.Serializer):
    """A table whose columns nobody knows: choose them, then it is previewed again."""

    reason = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    sample = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="The first rows."
    )
    guess = serializers.DictField(child=serializers.CharField(), help_text="Field to column, as far as recognised.")


class RecallImportSerializer(RecallImportRowSerializer):
    remarks = serializers.SerializerMethodField()
    unknown_fields = serializers.SerializerMethodField(help_text="Fields that were not used, and how often.")
    unknown_words = serializers.SerializerMethodField(
        help_text="Words that are none of the vocabulary, by field, and how often."
    )
    broke_off = serializers.SerializerMethodField(help_text="Why the file is incomplete; empty if it is not.")
    mapping = serializers.DictField(child=serializers.CharField(), read_only=True, help_text="The columns as chosen.")
    columns_asked = serializers.SerializerMethodField(help_text="null unless it waits for its columns to be chosen.")
    may_approve = serializers.SerializerMethodField(
        help_text="Whether this key may approve it: its maker neither sent nor confirmed it."
    )

    class Meta(RecallImportRowSerializer.Meta):
        fields = [
            *RecallImportRowSerializer.Meta.fields, "remarks", "unknown_fields", "unknown_words", "broke_off", "mapping",
            "columns_asked", "may_approve",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_remarks(self, job: RecallImport) -> list[str]:
        return list(job.report.get("remarks", []))

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_unknown_fields(self, job: RecallImport) -> dict[str, int]:
        return dict(job.report.get("fields", {}))

    @extend_schema_field(serializers.DictField(child=serializers.DictField(child=serializers.IntegerField())))
    def get_unknown_words(self, job: RecallImport) -> dict[str, dict[str, int]]:
        return dict(job.report.get("words", {}))

    def get_broke_off(self, job: RecallImport) -> str:
        return str(job.report.get("broke_off", ""))

    @extend_schema_field(ColumnsAskedSerializer(allow_null=True))
    def get_columns_asked(self, job: RecallImport) -> dict[str, Any] | None:
        return ColumnsAskedSerializer(job.report).data if job.asks_for_columns else None

    def get_may_approve(self, job: RecallImport) -> bool:
        return services.may_approve_import(job, actor_of(self.context["request"]))


class PartSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(PART_KINDS)
    text = serializers.CharField()


class FieldChangeSerializer(serializers.Serializer):
    field = serializers.CharField(source="label")
    parts = PartSerializer(many=True, help_text="Old and new words in reading order.")


class ProductChangeSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(PRODUCT_KINDS)
    name = serializers.CharField()
    changes = FieldChangeSerializer(many=True)


class DifferencesSerializer(serializers.Serializer):
    changes = FieldChangeSerializer(source="fields", many=True)
    products = ProductChangeSerializer(many=True)


class ImportChangeSerializer(serializers.ModelSerializer):
    """A recall that the import adds or changes."""

    recall = serializers.IntegerField(
        source="recall_id", allow_null=True, read_only=True, help_text="The recall that changes; null for a new one."
    )
    differences = serializers.SerializerMethodField(
        help_text="What would change. null of a new recall, and once it is stored: then its versions show it."
    )

    class Meta:
        model = RecallImportRow
        fields = ["record", "number", "title", "outcome", "recall", "differences"]
        read_only_fields = fields

    @extend_schema_field(DifferencesSerializer(allow_null=True))
    def get_differences(self, row: RecallImportRow) -> dict[str, Any] | None:
        found = preview_of(row.job, row)
        return DifferencesSerializer(found).data if found is not None else None


class ImportRejectSerializer(serializers.ModelSerializer):
    class Meta:
        model = RecallReject
        fields = ["record", "number", "reason", "content"]
        read_only_fields = fields


class FileNameSerializer(serializers.Serializer):
    """The query parameter of a file that is sent as it is."""

    filename = serializers.CharField(max_length=255)

    def validate_filename(self, given: str) -> str:
        """The last part, as a browser sends it."""
        name = posixpath.basename(given.replace("\\", "/"))
        if name in {"", ".", ".."}:
            raise serializers.ValidationError("Send the name of the file, for example recalls.json.")
        return name


class ChosenColumnsSerializer(StrictSerializer):
    mapping = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=False),
        allow_empty=False,
        help_text="Field to column: the number, the title or the product, and what else the file has.",
    )

    def validate_mapping(self, given: dict[str, str]) -> dict[str, str]:
        if "number" not in given or not given.keys() & {"title", "product"}:
            raise serializers.ValidationError("Choose a column for number, and one for title or product.")
        if unknown := sorted(given.keys() - set(FIELDS)):
            raise serializers.ValidationError(f"Unknown: {', '.join(unknown)}. The fields are {', '.join(FIELDS)}.")
        return given


class ConfirmSerializer(StrictSerializer):
    publish = serializers.BooleanField(
        required=False,
        default=False,
        help_text="true: submit what is stored for publication, which somebody else approves. false: it stays in draft.",
    )
