"""Checks of a listing: listed, requested now, reported by hand, and the page that a check captured."""

import zlib

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from enforcement import services
from enforcement.api.takedowns import TakedownDetail
from enforcement.models import Observation, Takedown
from enforcement.serializers import CheckRowSerializer, ObservationSerializer, ReportSerializer, TakedownSerializer
from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.views import ApiView, ListView
from portal.identity.actors import Actor


class CheckList(ListView):
    """Every check of a listing, newest first."""

    serializer_class = ObservationSerializer
    queryset = Observation.objects.none()

    def get_queryset(self) -> QuerySet[Observation]:
        takedown = get_object_or_404(TakedownDetail.rows_for(self.request), flag_id=self.kwargs["flag_id"])
        return Observation.objects.visible_to(actor_of(self.request)).filter(takedown=takedown).defer("body", "picture")


class AllChecks(ListView):
    """Every check of every listing under a clock, newest first: for copies, which would have to ask for each takedown."""

    serializer_class = CheckRowSerializer
    queryset = Observation.objects.none()

    def get_queryset(self) -> QuerySet[Observation]:
        rows = Observation.objects.visible_to(actor_of(self.request)).select_related("takedown__platform")
        return rows.defer("body", "picture", "headers", "exchanges", "extracted", "takedown__terms")


class CheckNow(Act):
    """Have the listing's page checked now, within about 1 minute, at the pace of its host."""

    shows = TakedownDetail

    def act(self, row: Takedown, actor: Actor) -> None:
        services.check_now(takedown=row, actor=actor)


class CheckCapture(ApiView):
    """The page that a check captured, as plain text. Compare its SHA-256 with `body_digest` of the check."""

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        seen = get_object_or_404(Observation.objects.visible_to(actor_of(request)).exclude(body=b""), pk=pk)
        # A shop's page is never served with its own content type.
        response = HttpResponse(zlib.decompress(bytes(seen.body)), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="observation-{seen.pk}.txt"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


class Observations(ApiView):
    """Report the state of a listing. A platform's report is its claim: independent checks alone confirm a
    removal. A regulator's is the check of the person who made the key, and needs a note."""

    @extend_schema(request=ReportSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request) -> Response:
        report = self.body(ReportSerializer, request)
        takedown = get_object_or_404(TakedownDetail.rows_for(request), flag_id=report["flag"])
        by_platform = actor_of(request).platform_id is not None
        record = services.record_api_report if by_platform else services.record_person_check
        record(
            takedown=takedown,
            verdict=report["verdict"],
            note=report["note"],
            url=report.get("url", ""),
            actor=actor_of(request),
        )
        row = get_object_or_404(TakedownDetail.rows_for(request), pk=takedown.pk)
        return Response(TakedownSerializer(row, context={"request": request}).data, status=201)
