"""The API's takedowns, escalations, letters and observations, through the same services as the pages."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from enforcement import services
from enforcement.escalations.filters import EscalationFilter
from enforcement.models import Escalation, Letter, Observation, Takedown
from enforcement.serializers import (
    AppealSerializer,
    ClockSerializer,
    EscalationSerializer,
    ExtensionSerializer,
    LetterSerializer,
    ReportSerializer,
    TakedownSerializer,
)
from enforcement.takedowns.filters import TakedownFilter
from portal.api.permissions import actor_of


def _own(request: Request) -> QuerySet[Takedown]:
    checks = Prefetch("observations", Observation.objects.defer("body").order_by("-at"))
    rows = Takedown.objects.visible_to(actor_of(request)).select_related("check_plan")
    return rows.prefetch_related(checks, "extensions", "appeals")


class TakedownList(ListAPIView):
    """The clocks of this platform's flags, newest first. `late=yes` returns those past their deadline or met after
    it."""

    serializer_class = ClockSerializer
    filterset_class = TakedownFilter
    queryset = Takedown.objects.none()

    def get_queryset(self) -> QuerySet[Takedown]:
        rows = Takedown.objects.visible_to(actor_of(self.request))
        return rows.select_related("flag__listing", "flag__recall", "check_plan")


class TakedownDetail(RetrieveAPIView):
    """The clock of a flag, with every check of its listing."""

    serializer_class = TakedownSerializer
    queryset = Takedown.objects.none()
    lookup_field = "flag_id"

    def get_queryset(self) -> QuerySet[Takedown]:
        return _own(self.request)


class ExtensionAsk(APIView):
    """Request an extension. A person at the regulator grants or refuses it."""

    @extend_schema(request=ExtensionSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request, flag_id: int) -> Response:
        takedown = get_object_or_404(_own(request), flag_id=flag_id)
        given = ExtensionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.ask_extension(takedown=takedown, actor=actor_of(request), **given.validated_data)
        return Response(TakedownSerializer(get_object_or_404(_own(request), pk=takedown.pk)).data, status=201)


class AppealMake(APIView):
    """Appeal for the platform or its seller: the listing is not the recalled product. The clock keeps running."""

    @extend_schema(request=AppealSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request, flag_id: int) -> Response:
        takedown = get_object_or_404(_own(request), flag_id=flag_id)
        given = AppealSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.make_appeal(takedown=takedown, actor=actor_of(request), **given.validated_data)
        return Response(TakedownSerializer(get_object_or_404(_own(request), pk=takedown.pk)).data, status=201)


class PackMake(APIView):
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


class EscalationList(ListAPIView):
    """Escalations of this platform's takedowns, newest first."""

    serializer_class = EscalationSerializer
    filterset_class = EscalationFilter
    queryset = Escalation.objects.none()

    def get_queryset(self) -> QuerySet[Escalation]:
        return Escalation.objects.visible_to(actor_of(self.request)).select_related("takedown")


class LetterList(ListAPIView):
    """Formal letters sent to this platform, newest first."""

    serializer_class = LetterSerializer
    queryset = Letter.objects.none()

    def get_queryset(self) -> QuerySet[Letter]:
        return Letter.objects.visible_to(actor_of(self.request)).select_related("escalation__takedown")


class LetterDetail(RetrieveAPIView):
    """One formal letter."""

    serializer_class = LetterSerializer
    queryset = Letter.objects.none()

    def get_queryset(self) -> QuerySet[Letter]:
        return Letter.objects.visible_to(actor_of(self.request)).select_related("escalation__takedown")


class Observations(APIView):
    """Report the state of a listing. This is the platform's claim: an independent check must agree to confirm a
    removal."""

    @extend_schema(request=ReportSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request) -> Response:
        given = ReportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        report = given.validated_data
        takedown = get_object_or_404(_own(request), flag_id=report["flag"])
        services.record_api_report(
            takedown=takedown,
            verdict=report["verdict"],
            note=report["note"],
            url=report["url"],
            actor=actor_of(request),
        )
        return Response(TakedownSerializer(get_object_or_404(_own(request), pk=takedown.pk)).data, status=201)
