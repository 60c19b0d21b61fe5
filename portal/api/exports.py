"""Exports: asked for by the calls of what they are about, then followed, fetched, cancelled and deleted here."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal import services, tasks
from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.problems import CallRefused
from portal.api.views import ApiView, DetailView, ListView
from portal.background.hurry import hurry
from portal.exporting.formats import FORMATS
from portal.exporting.registry import exporter_of
from portal.identity.actors import Actor
from portal.models import Export


class ExportSerializer(serializers.ModelSerializer):
    is_ready = serializers.SerializerMethodField(help_text="Whether the file can be downloaded.")

    class Meta:
        model = Export
        fields = [
            "id", "kind", "detail", "filename", "status", "progress", "counted", "size", "error", "created_at", "finished_at",
            "kept_until", "updated_at", "is_ready",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_ready(self, export: Export) -> bool:
        return bool(export.file)


def started(request: Request, **asked: Any) -> Response:
    """Queue an export (services.start_export) and answer with it."""
    export = services.start_export(actor=actor_of(request), **asked)
    hurry(tasks.run_exports_due)
    return Response(ExportSerializer(export).data, status=201)


class ExportList(ListView):
    """Exports of the person who made this key, newest first, asked for here or on pages."""

    serializer_class = ExportSerializer
    queryset = Export.objects.none()

    def get_queryset(self) -> QuerySet[Export]:
        return ExportDetail.rows_for(self.request)


class ExportDetail(DetailView):
    """One export: how far it is. Fetch it again until `is_ready` is true, or its status is failed."""

    serializer_class = ExportSerializer
    queryset = Export.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Export]:
        return Export.objects.visible_to(actor_of(request))


class ExportFile(ApiView):
    """Download the file of an export, as long as it is kept. The audit log records it."""

    may_refuse = (409,)

    @extend_schema(
        responses={
            (200, kind): OpenApiTypes.BINARY
            for kind in ("application/zip", *(form.content_type for form in FORMATS.values()))
        }
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        export = get_object_or_404(ExportDetail.rows_for(request), pk=pk)
        take = services.fetch_export if request.method == "GET" else services.open_export
        try:
            opened = take(export=export, actor=actor_of(request))
        except services.NotKept as reason:
            raise CallRefused("illegal_transition", str(reason)) from None
        kind = exporter_of(export.kind).content_type
        response = FileResponse(opened, as_attachment=True, filename=export.filename, content_type=kind)
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response


class ExportCancel(Act):
    """Stop an export that is not done. No data is kept."""

    shows = ExportDetail

    def act(self, row: Export, actor: Actor) -> None:
        services.cancel_export(export=row, actor=actor)


class ExportDelete(Act):
    """Delete the file of an export before its days are over."""

    shows = ExportDetail

    def act(self, row: Export, actor: Actor) -> None:
        try:
            services.delete_export(export=row, actor=actor)
        except services.NotKept as reason:
            raise CallRefused("illegal_transition", str(reason)) from None
