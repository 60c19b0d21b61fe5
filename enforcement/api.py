"""The API's takedowns and observations."""

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from enforcement import services
from enforcement.models import Observation, Takedown
from enforcement.serializers import AppealSerializer, ExtensionSerializer, ReportSerializer, TakedownSerializer
from portal.api.permissions import actor_of


def _own(request: Request) -> QuerySet[Takedown]:
    looks = Prefetch("observations", Observation.objects.defer("body").order_by("-at"))
    return Takedown.objects.visible_to(actor_of(request)).prefetch_related(looks, "extensions", "appeals")


class TakedownDetail(RetrieveAPIView):
    """The clock of a flag, with every look at its listing."""

    serializer_class = TakedownSerializer
    queryset = Takedown.objects.none()
    lookup_field = "flag_id"

    def get_queryset(self) -> QuerySet[Takedown]:
        return _own(self.request)


class ExtensionAsk(APIView):
    """Ask the regulator for more time; a person there grants or refuses it."""

    @extend_schema(request=ExtensionSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request, flag_id: int) -> Response:
        takedown = get_object_or_404(_own(request), flag_id=flag_id)
        given = ExtensionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.ask_extension(takedown=takedown, actor=actor_of(request), **given.validated_data)
        return Response(TakedownSerializer(get_object_or_404(_own(request), pk=takedown.pk)).data, status=201)


class AppealMake(APIView):
    """Contest that the listing is the recalled product, for the platform or its seller; the clock goes on meanwhile."""

    @extend_schema(request=AppealSerializer, responses={201: TakedownSerializer})
    def post(self, request: Request, flag_id: int) -> Response:
        takedown = get_object_or_404(_own(request), flag_id=flag_id)
        given = AppealSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.make_appeal(takedown=takedown, actor=actor_of(request), **given.validated_data)
        return Response(TakedownSerializer(get_object_or_404(_own(request), pk=takedown.pk)).data, status=201)


class Observations(APIView):
    """Report what became of a listing. It is the platform's claim: an independent look has to agree before it is proved."""

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
