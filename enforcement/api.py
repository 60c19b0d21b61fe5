"""The API's takedowns, escalations, letters and observations, through the same services as the pages."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from enforcement import services
from enforcement.escalations.filters import EscalationFilter
from enforcement.models import Escalation, Letter, Observation, Takedown
from enforcement.serializers import (
    AppealRequestSerializer,
    ClockSerializer,
    EscalationSerializer,
    ExtensionRequestSerializer,
    LetterSerializer,
    ReportSerializer,
    TakedownSerializer,
)
from enforcement.takedowns.filters import TakedownFilter
from portal.api.permissions import actor_of
from portal.api.views import ApiView, DetailView, ListView


def _own(request: Request) -> QuerySet[Takedown]:
    checks = Prefetch("observations", Observation.objects.defer("body").order_by("-at"))
    rows = Takedown.objects.visible_to(actor_of(request)).select_related("check_plan")
    return rows.prefetch_related(checks, "extensions", "appeals")


class TakedownList(ListView):
    """The clocks of this platform's flags, newest first. `late=yes` returns those past their deadline or met after
    it."""

    serializer_class = ClockSerializer
    filterset_class = TakedownFilter
    queryset = Takedown.objects.none()

    def get_queryset(self) -> QuerySet[Takedown]:
        rows = Takedown.objects.visible_to(actor_of(self.request))
        return rows.select_related("flag__listing", "flag__recall", "check_plan")


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
    """Appeal for the platform or its seller: the listing is not the recalled product. The clock keeps running."""

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


class EscalationList(ListView):
    """Escalations of this platform's takedowns, newest first."""

    serializer_class = EscalationSerializer
    filterset_class = EscalationFilter
    queryset = Escalation.objects.none()

    def get_queryset(self) -> QuerySet[Escalation]:
        return Escalation.objects.visible_to(actor_of(self.request)).select_related("takedown")


class LetterList(ListView):
    """Formal letters sent to this platform, newest first."""

    serializer_class = LetterSerializer
    queryset = Letter.objects.none()

    def get_queryset(self) -> QuerySet[Letter]:
        return Letter.objects.visible_to(actor_of(self.request)).select_related("escalation__takedown")


class LetterDetail(DetailView):
    """One formal letter."""

    serializer_class = LetterSerializer
    queryset = Letter.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Letter]:
        return Letter.objects.visible_to(actor_of(request)).select_related("escalation__takedown")


class Observations(ApiView):
    """Report the state of a listing. This is the platform's claim: an independent check must agree to confirm a
    removal."""

    @extend_schema(request=ReportSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request) -> Response:
        report = self.body(ReportSerializer, request)
        takedown = get_object_or_404(_own(request), flag_id=report["flag"])
        services.record_api_report(
            takedown=takedown,
            verdict=report["verdict"],
            note=report["note"],
            url=report["url"],
            actor=actor_of(request),
        )
        return Response(TakedownSerializer(get_object_or_404(_own(request), pk=takedown.pk)).data, status=201)
