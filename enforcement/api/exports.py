"""Evidence packs as exports: made by a worker, fetched with `exports`."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from enforcement import services
from enforcement.models import Takedown
from enforcement.serializers import DaysSerializer, PeriodSerializer
from portal.api.exports import ExportSerializer, started
from portal.api.permissions import actor_of
from portal.api.views import ApiView
from portal.models import Organisation
from recalls.models import Notice


class TakedownExport(ApiView):
    """Start making the evidence pack of a takedown."""

    needs = {"POST": "export.make"}

    @extend_schema(request=None, responses={201: ExportSerializer})
    def post(self, request: Request, flag_id: int) -> Response:
        rows = Takedown.objects.visible_to(actor_of(request)).select_related("flag__listing", "platform")
        row = get_object_or_404(rows, flag_id=flag_id)
        detail = f"{row.flag.listing.external_id}, {row.platform}"
        arguments = {"takedown": row.pk}
        return started(
            request, kind=services.TAKEDOWN_PACK, arguments=arguments, stem=f"takedown-{row.pk}", detail=detail
        )


class NoticeExport(ApiView):
    """Start making the evidence pack of a notice."""

    needs = {"POST": "export.make"}

    @extend_schema(request=None, responses={201: ExportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        rows = Notice.objects.visible_to(actor_of(request)).select_related("recall", "platform")
        row = get_object_or_404(rows, pk=pk)
        detail = f"{row.recall.number}, {row.platform}"
        return started(
            request, kind=services.NOTICE_PACK, arguments={"notice": row.pk}, stem=f"notice-{row.pk}", detail=detail
        )


class PeriodExport(ApiView):
    """Start making the evidence pack of a platform and a period, both days included."""

    needs = {"POST": "export.make"}

    @extend_schema(request=PeriodSerializer, responses={201: ExportSerializer})
    def post(self, request: Request) -> Response:
        actor = actor_of(request)
        offered = Organisation.objects.visible_to(actor).platforms()
        given = self.body(PeriodSerializer, request, platforms=offered)
        services.takedowns_of_period(**given, actor=actor)
        platform, first, last = given["platform"], given["first"], given["last"]
        return started(
            request,
            kind=services.PERIOD_PACK,
            arguments={"platform": platform.pk, "first": first.isoformat(), "last": last.isoformat()},
            stem=f"{platform.slug}-{first}-to-{last}",
            detail=f"{platform}, {first} – {last}",
        )


class StatementsExport(ApiView):
    """Start making the statements of reasons of your platform's decisions that became final from `first` to `last`, both
    days included, in batches as the DSA Transparency Database takes them."""

    @extend_schema(request=DaysSerializer, responses={201: ExportSerializer})
    def post(self, request: Request) -> Response:
        asked = self.body(DaysSerializer, request)
        return started(request, **services.statements_asked(**asked, actor=actor_of(request)))
