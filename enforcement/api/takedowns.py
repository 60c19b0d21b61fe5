"""Takedowns: the clocks of flags, with extensions, appeals and evidence packs."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from enforcement import services
from enforcement.models import Observation, Takedown
from enforcement.serializers import (
    AppealRequestSerializer,
    ClockSerializer,
    ExtensionRequestSerializer,
    TakedownSerializer,
)
from enforcement.takedowns.filters import TakedownFilter
from portal.api.permissions import actor_of
from portal.api.views import ApiView, DetailView, ListView


def _own(request: Request) -> QuerySet[Takedown]:
    checks = Prefetch("observations", Observation.objects.defer("body", "picture").order_by("-at"))
    rows = Takedown.objects.visible_to(actor_of(request)).select_related("check_plan", "platform")
    return rows.prefetch_related(checks, "extensions", "appeals")


class TakedownList(ListView):
    """The clocks of flags, newest first. `late=yes` returns those past their deadline or met after
    it."""

    serializer_class = ClockSerializer
    filterset_class = TakedownFilter
    queryset = Takedown.objects.none()

    def get_queryset(self) -> QuerySet[Takedown]:
        rows = Takedown.objects.visible_to(actor_of(self.request))
        return rows.select_related("flag__listing", "flag__recall", "check_plan", "platform")


class TakedownDetail(DetailView):
    """The clock of a flag, with every check of its listing."""

    serializer_class = TakedownSerializer
    queryset = Takedown.objects.none()
    lookup_field = "flag_id"

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Takedown]:
        return _own(request)


class ExtensionAsk(ApiView):
    """Request an extension. A person at the regulator grants or refuses it."""

    shows = TakedownDetail

    @extend_schema(request=ExtensionRequestSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request, flag_id: int) -> Response:
        takedown = get_object_or_404(_own(request), flag_id=flag_id)
        services.ask_extension(
            takedown=takedown, actor=actor_of(request), **self.body(ExtensionRequestSerializer, request)
        )
        return self.shown(request, status=201)


class AppealMake(ApiView):
    """Appeal: the listing is not the recalled product. The clock keeps running.

    With side `seller` it is recorded as passed on by your key, not as the seller's own. A seller appeals through their
    link, or you pass on what they wrote with the link's token (seller-answers, act `contest`).
    """

    shows = TakedownDetail

    @extend_schema(request=AppealRequestSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request, flag_id: int) -> Response:
        takedown = get_object_or_404(_own(request), flag_id=flag_id)
        services.make_appeal(takedown=takedown, actor=actor_of(request), **self.body(AppealRequestSerializer, request))
        return self.shown(request, status=201)


class PackMake(ApiView):
    """Download the evidence pack of a takedown: a ZIP file that anyone can verify, sent while it is created. The audit
    log records that it was made."""

    @extend_schema(request=None, responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def post(self, request: Request, flag_id: int) -> HttpResponseBase:
        rows = Takedown.objects.visible_to(actor_of(request)).select_related("flag__listing", "platform")
        takedown = get_object_or_404(rows, flag_id=flag_id)
        pack = services.start_takedown_pack(takedown=takedown, actor=actor_of(request))
        response = StreamingHttpResponse(services.stream_pack(pack), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{pack.filename}"'
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
