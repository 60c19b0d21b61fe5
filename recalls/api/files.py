"""Files of a recall: listed, downloaded, and for the regulator's programs added, shown to platforms, hidden and removed."""

import base64
import binascii
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.serializers import StrictSerializer
from portal.api.views import ApiView, DetailView, ListView
from portal.http.downloads import as_download
from portal.identity.actors import Actor
from portal.media.limits import MAX_BYTES
from recalls import services
from recalls.models import Recall, RecallFile

_STORED = ("application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain")


class RecallFileSerializer(serializers.ModelSerializer):
    class Meta:
        model = RecallFile
        fields = ["id", "kind", "title", "name", "content_type", "size", "sha256", "for_platforms", "uploaded_at"]
        read_only_fields = fields


class NewFileSerializer(StrictSerializer):
    kind = serializers.ChoiceField(RecallFile.Kind.choices)
    title = serializers.CharField(max_length=200)
    name = serializers.CharField(max_length=200, help_text="The file's name.")
    content = serializers.CharField(
        max_length=MAX_BYTES * 4 // 3 + 4,
        help_text="The file in Base64: PNG, JPEG, WebP, PDF or plain text, up to 5 MB.",
    )
    for_platforms = serializers.BooleanField(
        required=False, default=False, help_text="Whether platforms that the recall is sent to can download it."
    )

    def validate_content(self, given: str) -> bytes:
        try:
            return base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            raise serializers.ValidationError("Send the file's bytes in Base64, without line breaks.") from None


class AudienceSerializer(StrictSerializer):
    for_platforms = serializers.BooleanField(help_text="true: platforms that the recall is sent to can download it.")


class RecallFiles(ListView):
    """Files of a recall, newest first. A platform sees those that are meant for platforms."""

    serializer_class = RecallFileSerializer
    queryset = RecallFile.objects.none()
    updated_field = ""
    needs = {"POST": "recall.edit"}

    def get_queryset(self) -> QuerySet[RecallFile]:
        return RecallFile.objects.visible_to(actor_of(self.request)).filter(recall=self._recall())

    @extend_schema(request=NewFileSerializer, responses={201: RecallFileSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Add a file. No platform sees it unless `for_platforms` says so."""
        actor = actor_of(request)
        recall, given = self._recall(), self.body(NewFileSerializer, request)
        file = ContentFile(given.pop("content"), given.pop("name"))
        row = services.add_file(recall=recall, file=file, actor=actor, **given)
        return Response(RecallFileSerializer(row).data, status=201)

    def _recall(self) -> Recall:
        return get_object_or_404(Recall.objects.visible_to(actor_of(self.request)), pk=self.kwargs["pk"])


class RecallFileDetail(DetailView):
    """A file of a recall: what it is, how large, and its digest."""

    serializer_class = RecallFileSerializer
    queryset = RecallFile.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[RecallFile]:
        return RecallFile.objects.visible_to(actor_of(request)).select_related("recall")


class RecallFileContent(ApiView):
    """The bytes of a file, as stored. Compare their SHA-256 with the one of the file."""

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in _STORED})
    def get(self, request: Request, pk: int) -> HttpResponse:
        row = get_object_or_404(RecallFileDetail.rows_for(request), pk=pk)
        return as_download(services.file_content(row), name=row.name, content_type=row.content_type)


class RecallFileAudience(Act):
    """Show a file to the platforms that the recall is sent to, or hide it."""

    shows, takes = RecallFileDetail, AudienceSerializer

    def act(self, row: RecallFile, actor: Actor, **given: Any) -> None:
        services.set_file_audience(file=row, actor=actor, **given)


class RecallFileRemove(ApiView):
    """Remove a file for good. The audit log keeps its title and digests."""

    shows = RecallFileDetail

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        row = get_object_or_404(RecallFileDetail.rows_for(request), pk=pk)
        services.remove_file(file=row, actor=actor_of(request))
        return Response(status=204)
