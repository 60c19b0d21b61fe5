"""Messages on a flag, with their attachments."""

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services
from listings.downloads import download
from listings.models import Attachment, Flag, Message
from listings.serializers.messages import MessageSerializer, NewMessageSerializer, ReadSerializer
from portal.api.parsers import StrictJSONParser
from portal.api.permissions import actor_of
from portal.api.views import ApiView, ListView


class Messages(ListView):
    """Messages on a flag that your side can read, newest first: messages to both sides and its own notes."""

    serializer_class = MessageSerializer
    parser_classes = [StrictJSONParser, MultiPartParser]
    queryset = Message.objects.none()
    updated_field = "at"  # it cannot be changed
    noted_by_database = False
    needs = {"POST": "message.post"}

    def get_queryset(self) -> QuerySet[Message]:
        rows = Message.objects.visible_to(actor_of(self.request)).filter(flag=self._flag())
        return rows.select_related("seller_answer").prefetch_related("attachments", "mentioned")

    @extend_schema(request=NewMessageSerializer, responses={201: MessageSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Send a message to the other side, or a note to your own people. It cannot be changed or deleted."""
        flag, actor = self._flag(), actor_of(request)
        given = self.body(NewMessageSerializer, request, people=services.people_of(flag))
        message = services.post_message(flag=flag, actor=actor, **given)
        return Response(MessageSerializer(message).data, status=201)

    def _flag(self) -> Flag:
        rows = Flag.objects.visible_to(actor_of(self.request)).select_related("recall", "platform", "listing")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


_ATTACHED = ("application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain")


class AttachmentDownload(ApiView):
    """A file attached to a message, as stored. Compare its SHA-256 with the one in the message."""

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in _ATTACHED})
    def get(self, request: Request, pk: int) -> HttpResponse:
        return download(get_object_or_404(Attachment.objects.visible_to(actor_of(request)), pk=pk))


class MessagesRead(ApiView):
    """Mark the messages of a flag as read, for the person who made the key, up to one of them. Only keys of regulators
    act as a person."""

    @extend_schema(request=ReadSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        flag = get_object_or_404(Flag.objects.visible_to(actor_of(request)), pk=pk)
        services.mark_read(flag=flag, actor=actor_of(request), **self.body(ReadSerializer, request))
        return Response(status=204)
