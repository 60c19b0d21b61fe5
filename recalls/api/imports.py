"""Imports of recalls: a file is sent, previewed, confirmed by its sender or a colleague, and published by somebody else."""

from typing import IO, Any, ClassVar

from django.core.files.base import File
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.acts import Act
from portal.api.exports import ExportSerializer, started
from portal.api.pagination import FileOrderPagination
from portal.api.parsers import FileParser
from portal.api.permissions import actor_of
from portal.api.serializers import ReasonSerializer
from portal.api.views import ApiView, DetailView, ListView
from portal.background.hurry import hurry
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls import services, tasks
from recalls.api.import_bodies import (
    ChosenColumnsSerializer,
    ConfirmSerializer,
    FileNameSerializer,
    ImportChangeSerializer,
    ImportRejectSerializer,
    RecallImportRowSerializer,
    RecallImportSerializer,
)
from recalls.filters import ImportChangeFilter
from recalls.models import RecallImport, RecallImportRow, RecallReject

_FILENAME = OpenApiParameter("filename", str, required=True, description="The name of the file, as people see it.")


class RecallImportList(ListView):
    """Imports of recalls, newest first: sent by programs, uploaded on pages, or fetched from feeds."""

    serializer_class = RecallImportRowSerializer
    queryset = RecallImport.objects.none()
    parser_classes = (FileParser,)
    answers_with = {"POST": ("Location",)}
    file: IO[bytes] | None = None

    def known_parameters(self) -> set[str]:
        return {"filename"} if self.request.method == "POST" else super().known_parameters()

    def get_queryset(self) -> QuerySet[RecallImport]:
        return RecallImportDetail.rows_for(self.request).defer("report")

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={201: RecallImportSerializer},
        parameters=[_FILENAME],
    )
    def post(self, request: Request) -> Response:
        """Send a file of recalls, as it is (in curl: --data-binary @recalls.json), up to 200 MB; its publisher and format
        are recognised. It is read, and nothing changes before its preview is confirmed: fetch the import until its status is
        waiting, or it is over."""
        actor = actor_of(request)
        regulator = get_object_or_404(Organisation.objects.filter(kind="regulator"), pk=actor.regulator_id)
        asked = FileNameSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        name = asked.validated_data["filename"]
        _ = request.data
        if self.file is None or not self.file.read(1):
            raise ValidationError({"file": ["The file is empty."]})
        self.file.seek(0)
        job = services.start_recall_import(
            regulator=regulator, file=File(self.file, name=name), filename=name, actor=actor
        )
        hurry(tasks.run_recall_imports_due)
        shown = RecallImportSerializer(
            RecallImportDetail.rows_for(request).get(pk=job.pk), context={"request": request}
        )
        return Response(shown.data, status=201, headers={"Location": reverse("api:recall_import", args=[job.pk])})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.file is not None:
            self.file.close()
        return answer


class RecallImportDetail(DetailView):
    """One import: how far it is, what it would change, and what in the file is unknown."""

    serializer_class = RecallImportSerializer
    queryset = RecallImport.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[RecallImport]:
        rows = RecallImport.objects.visible_to(actor_of(request))
        return rows.select_related("feed", "created_by", "confirmed_by", "approved_by")


class RecallImportChanges(ListView):
    """The recalls that an import adds or changes, in the order of the file, with what would change in each."""

    serializer_class = ImportChangeSerializer
    filterset_class = ImportChangeFilter
    pagination_class = FileOrderPagination
    queryset = RecallImportRow.objects.none()
    updated_field = ""

    def get_queryset(self) -> QuerySet[RecallImportRow]:
        job = get_object_or_404(RecallImportDetail.rows_for(self.request), pk=self.kwargs["pk"])
        rows = RecallImportRow.objects.filter(job=job).select_related("job", "recall__current__recall")
        return rows.prefetch_related("recall__current__products", "recall__current__pictures")


class RecallImportRejects(ListView):
    """The records of an import that cannot be used, each with its place in the file, the reason and its content."""

    serializer_class = ImportRejectSerializer
    pagination_class = FileOrderPagination
    queryset = RecallReject.objects.none()
    updated_field = ""

    def get_queryset(self) -> QuerySet[RecallReject]:
        job = get_object_or_404(RecallImportDetail.rows_for(self.request), pk=self.kwargs["pk"])
        return RecallReject.objects.filter(job=job)


class RecallImportRejectsExport(ApiView):
    """Start making a file of the rejects of an import."""

    needs = {"POST": "export.make"}

    @extend_schema(request=None, responses={201: ExportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        job = get_object_or_404(RecallImportDetail.rows_for(request), pk=pk)
        stem = f"recall-import-{job.pk}-rejects"
        return started(request, kind="recall_rejects", arguments={"import": job.pk}, stem=stem, detail=job.filename)


class _ImportAct(Act):
    """What a worker goes on with."""

    shows = RecallImportDetail
    service: ClassVar[Any]

    def act(self, row: RecallImport, actor: Actor, **given: Any) -> None:
        type(self).service(job=row, actor=actor, **given)
        hurry(tasks.run_recall_imports_due)


class RecallImportColumns(_ImportAct):
    """Choose the columns of a table that waits, where they are asked for or were recognised wrongly. The file is read and
    previewed again."""

    takes, service = ChosenColumnsSerializer, staticmethod(services.name_columns)


class RecallImportConfirm(_ImportAct):
    """Confirm a preview: new recalls become drafts, and changes of published ones their next versions. With `publish`,
    they are then submitted for publication; nothing is published before somebody else approves it."""

    takes, service = ConfirmSerializer, staticmethod(services.confirm_recall_import)


class RecallImportSubmit(_ImportAct):
    """Submit what a finished import left in draft for publication. Its recalls are put into review one after the other:
    the import is `queued` first, and `review` when all of them wait for approval."""

    service = staticmethod(services.submit_recall_import)


class RecallImportApprove(_ImportAct):
    """Publish what an import submitted, as another person than who sent or confirmed it: a key approves for the person who
    made it. This cannot be undone."""

    service = staticmethod(services.approve_recall_import)


class RecallImportReturn(_ImportAct):
    """Refuse to publish what an import submitted: its recalls return to draft, and those who imported it get the reason."""

    takes, service = ReasonSerializer, staticmethod(services.return_recall_import)


class RecallImportCancel(_ImportAct):
    """Stop an import that is not over, or discard its preview. What it already stored is kept."""

    service = staticmethod(services.cancel_recall_import)
