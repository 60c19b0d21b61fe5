"""Notices: the list, one of them, its acknowledgement by the platform, its withdrawal by the regulator."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.serializers import ReasonSerializer
from portal.api.views import DetailView, ListView
from portal.identity.actors import Actor
from recalls import services
from recalls.filters import NoticeFilter
from recalls.models import Notice
from recalls.serializers import NoticeSerializer


def _own(request: Request) -> QuerySet[Notice]:
    rows = Notice.objects.visible_to(actor_of(request)).select_related("recall", "version", "platform")
    return rows.prefetch_related("version__products")


class NoticeList(ListView):
    """Notices, newest first: those sent to this platform, or those that this regulator sent."""

    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        return _own(self.request)


class NoticeDetail(DetailView):
    """One notice. When its platform fetches it, that counts as proof of delivery."""

    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Notice]:
        return _own(request)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        notice, actor = self.get_object(), actor_of(request)
        arrives = request.method == "GET"  # HEAD brings the headers alone, no notice
        if arrives and notice.delivered_at is None and notice.platform_id == actor.platform_id:
            services.record_delivery(notice=notice, actor=actor)
        return super().retrieve(request, *args, **kwargs)


class NoticeAcknowledge(Act):
    """Acknowledge a notice. Acknowledging it again changes nothing."""

    shows = NoticeDetail

    def act(self, row: Notice, actor: Actor) -> None:
        services.acknowledge_notice(notice=row, actor=actor)


class NoticeWithdraw(Act):
    """Withdraw a notice: its clocks stop and its open flags close. You cannot undo this, but you can send the recall
    again."""

    shows, takes = NoticeDetail, ReasonSerializer

    def act(self, row: Notice, actor: Actor, *, reason: str) -> None:
        services.withdraw_notice(notice=row, reason=reason, actor=actor)
