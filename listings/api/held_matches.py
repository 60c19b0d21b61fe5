"""Matches of a notice that are held back, since there are too many: what they have in common, and the regulator's answer."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services, tasks
from listings.serializers.held import DismissSerializer, HeldSerializer, ReleaseSerializer
from portal.api.permissions import actor_of
from portal.api.views import ApiView
from portal.background.hurry import hurry
from recalls.models import Notice


class HeldMatches(ApiView):
    """What a notice holds back."""

    @extend_schema(responses=HeldSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How many matches of a notice are held back, what they have in common, and examples. `held_back` of a notice says
        which notices have some."""
        return Response(HeldSerializer(services.summary_of(_notice(request, pk))).data)


class HeldRelease(ApiView):
    """Release held-back matches."""

    @extend_schema(request=ReleaseSerializer, responses=HeldSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Have held-back listings flagged, whatever the limit: the platform gets a flag for each within minutes, and its time
        starts. This cannot be undone."""
        notice, given = _notice(request, pk), self.body(ReleaseSerializer, request)
        services.release_held(notice=notice, **given, actor=actor_of(request))
        hurry(tasks.follow_held_due)
        return Response(HeldSerializer(services.summary_of(notice)).data)


class HeldDismiss(ApiView):
    """Dismiss held-back matches."""

    @extend_schema(request=DismissSerializer, responses=HeldSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Decide that held-back listings are not the product. One that later matches more strongly is matched again."""
        notice, given = _notice(request, pk), self.body(DismissSerializer, request)
        services.dismiss_held(notice=notice, **given, actor=actor_of(request))
        return Response(HeldSerializer(services.summary_of(notice)).data)


def _notice(request: Request, pk: int) -> Notice:
    rows = Notice.objects.visible_to(actor_of(request))
    return get_object_or_404(rows.select_related("recall__current", "platform", "version"), pk=pk)
