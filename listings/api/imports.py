"""Imports of catalogues: what became of a file, what of it was rejected, and the answer to a full feed that waits."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services, tasks
from listings.models import CatalogueImport, CatalogueReject
from listings.serializers.imports import CatalogueImportSerializer, CatalogueRejectSerializer, ImportColumnsSerializer
from portal.api.acts import Act
from portal.api.exports import ExportSerializer, started
from portal.api.pagination import FileOrderPagination
from portal.api.permissions import actor_of
from portal.api.serializers import ReasonSerializer
from portal.api.views import ApiView, DetailView, ListView
from portal.background.hurry import hurry
from portal.identity.actors import Actor


class ImportList(ListView):
    """Catalogue imports of this platform, newest first."""

    serializer_class = CatalogueImportSerializer
    queryset = CatalogueImport.objects.none()

    def get_queryset(self) -> QuerySet[CatalogueImport]:
        return ImportDetail.rows_for(self.request)


class ImportDetail(DetailView):
    """One import: how far it is, how the file was read, what was not imported, by cause, and why it waits, if it does."""

    serializer_class = CatalogueImportSerializer
    queryset = CatalogueImport.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[CatalogueImport]:
        return CatalogueImport.objects.visible_to(actor_of(request))


class ImportRejects(ListView):
    """The rows and fields of an import that were not imported, each with its line, the reason and how to fix it."""

    serializer_class = CatalogueRejectSerializer
    pagination_class = FileOrderPagination
    queryset = CatalogueReject.objects.none()
    updated_field = ""

    def get_queryset(self) -> QuerySet[CatalogueReject]:
        job = get_object_or_404(ImportDetail.rows_for(self.request), pk=self.kwargs["pk"])
        return CatalogueReject.objects.filter(job=job)


class ImportRejectsExport(ApiView):
    """Start making a file of the rejects of an import."""

    needs = {"POST": "export.make"}

    @extend_schema(request=None, responses={201: ExportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        job = get_object_or_404(ImportDetail.rows_for(request), pk=pk)
        stem = f"catalogue-import-{job.pk}-rejects"
        return started(request, kind="catalogue_rejects", arguments={"import": job.pk}, stem=stem, detail=job.filename)


class ImportColumns(ApiView):
    """Choose the columns of a file."""

    shows = ImportDetail
    answers_with = {"POST": ("Location",)}

    @extend_schema(request=ImportColumnsSerializer, responses={201: CatalogueImportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Import the file of an import that is over again, read by the columns that you choose: a new import. Files of the
        same columns are read by them from then on."""
        row = get_object_or_404(ImportDetail.rows_for(request), pk=pk)
        given = self.body(ImportColumnsSerializer, request)
        made = services.import_with_columns(job=row, **given, actor=actor_of(request))
        hurry(tasks.run_imports_due)
        headers = {"Location": reverse("api:import", args=[made.pk])}
        return Response(CatalogueImportSerializer(made).data, status=201, headers=headers)


class _Answer(Act):
    shows, takes = ImportDetail, ReasonSerializer


class ImportConfirm(_Answer):
    """Confirm a full feed that waits: listings that are not in it are marked as no longer on sale. This cannot be undone.
    It takes the scope `catalogue:confirm`, so that no program that only sends feeds confirms its own."""

    def act(self, row: CatalogueImport, actor: Actor, *, reason: str) -> None:
        services.confirm_import(job=row, reason=reason, actor=actor)
        hurry(tasks.run_imports_due)


class ImportRefuse(_Answer):
    """Refuse a full feed that waits: its rows are kept, and no listing is marked as no longer on sale because of it."""

    def act(self, row: CatalogueImport, actor: Actor, *, reason: str) -> Any:
        return services.refuse_import(job=row, reason=reason, actor=actor)


class ImportCancel(Act):
    """Stop an import that has not ended. Rows that it already stored are kept."""

    shows = ImportDetail

    def act(self, row: CatalogueImport, actor: Actor) -> Any:
        return services.cancel_import(job=row, actor=actor)
