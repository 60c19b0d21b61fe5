"""Catalogues of any size: uploaded in parts that go on after a break (tus 1.0.0), then imported."""

from collections.abc import Mapping
from typing import IO, Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services, tasks, tus, upload_protocol
from listings.models import CatalogueUpload
from listings.serializers.imports import CatalogueImportSerializer, CatalogueUploadSerializer, UploadedSerializer
from listings.services.upload_parts import spooled
from portal.api.idempotency import HEADER
from portal.api.permissions import actor_of
from portal.api.problems import CallRefused
from portal.api.views import ApiView, DetailView, ListView
from portal.background.hurry import hurry
from portal.models import Organisation


def _header(name: str, about: str, *, required: bool = True, kind: Any = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, required=required, description=about)


VERSION = _header("Tus-Resumable", "1.0.0", kind={"type": "string", "enum": [tus.VERSION]})
_BYTES = {"type": "integer", "minimum": 0}
LENGTH = _header("Upload-Length", "Bytes of the whole file.", kind=_BYTES)
METADATA = _header("Upload-Metadata", "filename, a space, and the name of the file in Base64.")
OFFSET = _header("Upload-Offset", "The byte that the part begins at: as many as are here.", kind=_BYTES)
CHECKSUM = _header("Upload-Checksum", "sha1 or sha256, a space, and the digest of the part in Base64.", required=False)


class PartParser(BaseParser):
    """Reads a part to its end before a transaction begins, where one does; what a repeated request is compared by is its
    headers. Otherwise nobody asks for it, and the service reads from the sender."""

    media_type = "*/*"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, str]:
        del media_type
        headers: Mapping[str, str] = parser_context["request"].headers
        parser_context["view"].spool = spooled(stream, upload_protocol.length_of(headers))
        return {name: headers.get(name, "") for name in ("Upload-Offset", "Upload-Checksum", "Content-Length")}


class _Tus(ApiView):
    """Refusals by their codes, the version in each answer, and what the server can do."""

    def options(self, request: Any, *_args: Any, **_kwargs: Any) -> Response:
        return Response(status=204, headers=upload_protocol.capabilities())

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, services.UploadRefused):
            refused = super().handle_exception(CallRefused(exc.code, str(exc)))
            if exc.code == "unsupported_version":
                refused["Tus-Version"] = tus.VERSION
            return refused
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = tus.VERSION
        return answer


class UploadList(_Tus, ListView):
    """Uploads of this platform, newest first: those that can be continued, and what was imported lately."""

    serializer_class = CatalogueUploadSerializer
    queryset = CatalogueUpload.objects.none()
    updated_field = ""
    may_refuse: ClassVar[tuple[int, ...]] = (412,)
    answers_with = {"POST": ("Location", "Upload-Offset")}

    def get_queryset(self) -> QuerySet[CatalogueUpload]:
        return CatalogueUpload.objects.visible_to(actor_of(self.request))

    @extend_schema(request=None, responses={201: CatalogueUploadSerializer}, parameters=[VERSION, LENGTH, METADATA])
    def post(self, request: Request) -> Response:
        """Begin to upload a catalogue in parts, by tus 1.0.0 (https://tus.io): Location is where its parts go. Any client
        for tus can send them, in parts of up to 64 MB. Uploads that nobody continues expire."""
        platform = get_object_or_404(Organisation, pk=actor_of(request).organisation_id)
        made = upload_protocol.begun(request.headers, platform=platform, actor=actor_of(request))
        headers = upload_protocol.state(made) | {"Location": reverse("api:upload", args=[made.pk])}
        return Response(CatalogueUploadSerializer(made).data, status=201, headers=headers)


class UploadDetail(_Tus, DetailView):
    """One upload, and how far it is."""

    serializer_class = CatalogueUploadSerializer
    queryset = CatalogueUpload.objects.none()
    parser_classes = (PartParser,)
    may_refuse: ClassVar[tuple[int, ...]] = (410, 412, 460)
    answers_with = {"PATCH": ("Upload-Offset",)}
    spool: IO[bytes] | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.method = upload_protocol.method_of(request.method, request.headers)
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "PATCH" and {HEADER, "If-Match"} & request.headers.keys():
            _ = request.data

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.spool is not None:
            self.spool.close()
        return answer

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[CatalogueUpload]:
        return CatalogueUpload.objects.visible_to(actor_of(request))

    def head(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(self.rows_for(request), pk=pk)
        return Response(headers=upload_protocol.asked(request.headers, found))

    @extend_schema(
        request=dict.fromkeys(tus.PART_TYPES, OpenApiTypes.BINARY),
        responses={204: OpenApiResponse(description="Stored. Upload-Offset is where the next part begins.")},
        parameters=[VERSION, OFFSET, CHECKSUM],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Send the next part. After a break, HEAD on this address answers in Upload-Offset how much is here. Of a part
        that breaks off without Upload-Checksum, what came is kept. Of two senders, one gets offset_conflict."""
        found = get_object_or_404(self.rows_for(request), pk=pk)
        headers = upload_protocol.appended(request.headers, self.spool or request._request, found, actor_of(request))
        return Response(status=204, headers=headers)

    @extend_schema(
        request=None, responses={204: OpenApiResponse(description="Deleted, with its parts.")}, parameters=[VERSION]
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Delete an upload that will not be continued."""
        found = get_object_or_404(self.rows_for(request), pk=pk)
        upload_protocol.deleted(request.headers, found, actor_of(request))
        return Response(status=204)


class UploadImport(_Tus):
    """Import an upload once all its parts are here."""

    may_refuse: ClassVar[tuple[int, ...]] = (410,)
    answers_with = {"POST": ("Location",)}

    @extend_schema(request=UploadedSerializer, responses={201: CatalogueImportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Import the upload. Its parts are put together, and the import fails where the whole has another SHA-256 than
        this. The same request again is the same import; `imports/{id}` says what became of it."""
        found = get_object_or_404(CatalogueUpload.objects.visible_to(actor_of(request)), pk=pk)
        given = self.body(UploadedSerializer, request)
        job = services.import_upload(upload=found, **given, actor=actor_of(request))
        hurry(tasks.run_imports_due)
        headers = {"Location": reverse("api:import", args=[job.pk])}
        return Response(CatalogueImportSerializer(job).data, status=201, headers=headers)
