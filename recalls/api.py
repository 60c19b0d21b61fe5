"""The API's notices: a platform's list, one of them, and its acknowledgement."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.permissions import actor_of
from portal.api.views import ApiView, DetailView, ListView
from recalls import services
from recalls.filters import NoticeFilter
from recalls.models import Notice
from recalls.serializers import NoticeSerializer


def _own(request: Request) -> QuerySet[Notice]:
    rows = Notice.objects.visible_to(actor_of(request)).select_related("recall", "version", "platform")
    return rows.prefetch_related("version__products")


class NoticeList(ListView):
    """Notices sent to this platform, newest first."""

    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        return _own(self.request)


class NoticeDetail(DetailView):
    """One notice. Fetching it counts as proof of delivery."""

    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Notice]:
        return _own(request)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        notice = self.get_object()
        if notice.delivered_at is None:
            services.record_delivery(notice=notice, actor=actor_of(request))
        return super().retrieve(request, *args, **kwargs)


class NoticeAcknowledge(ApiView):
    """Acknowledge a notice. Acknowledging it again changes nothing."""

    shows = NoticeDetail

    @extend_schema(request=None, responses=NoticeSerializer)
    def post(self, request: Request, pk: int) -> Response:
        services.acknowledge_notice(notice=get_object_or_404(_own(request), pk=pk), actor=actor_of(request))
        return self.shown(request)
