"""Uploads in parts, and the imports that come of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from listings.models import CatalogueImport, CatalogueReject, CatalogueUpload
from listings.states import FeedKind
from portal.api.serializers import StrictSerializer


class CatalogueUploadSerializer(serializers.ModelSerializer):
    size = serializers.IntegerField(help_text="Bytes of the whole file.")
    received = serializers.IntegerField(help_text="Bytes that are here. The next part begins at this byte.")
    expires_at = serializers.DateTimeField(help_text="When it is deleted, if no further part comes.")
    catalogue_import = serializers.IntegerField(
        source="job_id", allow_null=True, help_text="The import, once it was asked for."
    )

    class Meta:
        model = CatalogueUpload
        fields = ["id", "filename", "size", "received", "created_at", "expires_at", "catalogue_import"]


class UploadedSerializer(StrictSerializer):
    kind = serializers.ChoiceField(
        FeedKind.choices, help_text="full: a listing that is not in the file is off sale. delta: only changes."
    )
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z", help_text="Of the whole file, in hex.")


class CauseSerializer(serializers.Serializer):
    """Rows or fields that were not imported, with what they have in common."""

    cause = serializers.CharField()
    count = serializers.IntegerField()
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="The first of them.")
    column = serializers.CharField()
    whole_row = serializers.BooleanField(help_text="false: the rows were imported without this field.")
    example = serializers.CharField(help_text="What is wrong in one of them, and how to fix it.")


class CatalogueImportSerializer(serializers.ModelSerializer):
    format = serializers.SerializerMethodField()
    encoding = serializers.SerializerMethodField(help_text="And by what it was recognised.")
    used = serializers.SerializerMethodField(help_text="Field to the columns that it was read from.")
    unused = serializers.SerializerMethodField(help_text="Columns that were not used.")
    notes = serializers.SerializerMethodField()
    causes = serializers.SerializerMethodField()
    columns = serializers.SerializerMethodField(help_text="The columns of the file, where it is a table.")
    mapping = serializers.DictField(
        child=serializers.CharField(), read_only=True, help_text="Field to column, where they were chosen."
    )
    held = serializers.SerializerMethodField(
        help_text="Why a full feed waits, or waited, to be confirmed or refused: one sentence for each reason, with its numbers."
    )
    error = serializers.CharField(help_text="Why it failed.")

    class Meta:
        model = CatalogueImport
        fields = [
            "id", "filename", "kind", "status", "progress", "created_at", "finished_at", "updated_at", "total", "added", "changed", "unchanged",
            "absent", "rejected", "error", "format", "encoding", "used", "unused", "notes", "causes",
            "columns", "mapping", "held", "confirmed_at",
        ]  # fmt: skip

    def get_format(self, job: CatalogueImport) -> str:
        return str(job.report.get("format", ""))

    def get_encoding(self, job: CatalogueImport) -> str:
        return str(job.report.get("encoding", ""))

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_used(self, job: CatalogueImport) -> dict[str, list[str]]:
        return dict(job.report.get("used", {}))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_unused(self, job: CatalogueImport) -> list[str]:
        return list(job.report.get("unused", []))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_notes(self, job: CatalogueImport) -> list[str]:
        return list(job.report.get("notes", []))

    @extend_schema_field(CauseSerializer(many=True))
    def get_causes(self, job: CatalogueImport) -> list[dict[str, Any]]:
        return [{str(name): cause[name] for name in CauseSerializer().fields} for cause in job.report.get("causes", [])]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_columns(self, job: CatalogueImport) -> list[str]:
        return list(job.report.get("columns", []))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_held(self, job: CatalogueImport) -> list[str]:
        return list(job.report.get("held", []))


class CatalogueRejectSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="external_id", read_only=True, help_text="The listing's id, where it was read.")
    column = serializers.CharField(read_only=True, help_text="The field that is meant; empty for the whole row.")
    whole_row = serializers.BooleanField(read_only=True, help_text="false: the row was imported without this field.")

    class Meta:
        model = CatalogueReject
        fields = ["line", "id", "cause", "column", "whole_row", "reason", "content"]
        read_only_fields = fields


class ImportColumnsSerializer(StrictSerializer):
    mapping = serializers.DictField(
        child=serializers.CharField(max_length=2_000, trim_whitespace=False),
        allow_empty=False,
        help_text='Field to column, for example {"external_id": "SKU", "title": "Name"}.',
    )
