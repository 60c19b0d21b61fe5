"""Sending notices: many recalls to many platforms under one policy, previewed, followed and stopped."""

from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from enforcement import services
from enforcement.api.sending_bodies import (
    NewSendingSerializer,
    PolicySerializer,
    SendingPreviewSerializer,
    SendingSerializer,
)
from enforcement.models import Policy
from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.serializers import ReasonSerializer
from portal.api.views import ApiView, DetailView, ListView
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls import services as recalls
from recalls.models import Notice, Recall, Sending


class PolicyList(ListView):
    """Policies of this regulator: how long a platform has, and from when. Notices are sent under one that is active."""

    serializer_class = PolicySerializer
    queryset = Policy.objects.none()
    updated_field = ""

    def get_queryset(self) -> QuerySet[Policy]:
        return Policy.objects.visible_to(actor_of(self.request)).prefetch_related("steps")


def _checked(view: ApiView, request: Request) -> dict[str, Any]:
    """What the body chooses: recalls, urgent ones first, platforms and the policy, as far as the actor sees them."""
    actor = actor_of(request)
    offered = {
        "recalls": Recall.objects.visible_to(actor).select_related("current", "regulator").order_by("-priority", "-pk"),
        "platforms": Organisation.objects.visible_to(actor).platforms(),
        "policies": Policy.objects.visible_to(actor).filter(is_active=True).prefetch_related("steps"),
    }
    return view.body(NewSendingSerializer, request, offered=offered)


class SendingPreview(ApiView):
    """Preview a sending: which notices would go out, and what is left out and why. Changes nothing."""

    @extend_schema(request=NewSendingSerializer, responses=SendingPreviewSerializer)
    def post(self, request: Request) -> Response:
        given = _checked(self, request)
        plan = recalls.plan_sending(recalls=given["recalls"], platforms=given["platforms"])
        shown = {
            "notices": [{"recall": recall.number, "platform": to.name} for recall, to in plan.notices],
            "left_out": [
                {"recall": recall.number, "platform": to.name if to else "", "detail": reason}
                for recall, to, reason in plan.left_out
            ],
            "risk_not_signed": [recall.number for recall in plan.unsigned],
            "too_many": len(plan.notices) > recalls.MAX_NOTICES,
        }
        return Response(SendingPreviewSerializer(shown).data)


class SendingList(ListView):
    """Sendings of this regulator, newest first."""

    serializer_class = SendingSerializer
    queryset = Sending.objects.none()
    needs = {"POST": "notice.send"}

    def get_queryset(self) -> QuerySet[Sending]:
        return SendingDetail.rows_for(self.request)

    @extend_schema(request=NewSendingSerializer, responses={201: SendingSerializer})
    def post(self, request: Request) -> Response:
        """Send every recall to every platform, up to 1,000 notices. What cannot be sent is named in `left_out` and stops
        nothing else. Notices can be withdrawn, not unsent."""
        given = _checked(self, request)
        sending = recalls.send_notices(
            recalls=given["recalls"],
            platforms=given["platforms"],
            terms=services.freeze(given["policy"]),
            message=given["message"],
            actor=actor_of(request),
        )
        return Response(SendingSerializer(SendingDetail.rows_for(request).get(pk=sending.pk)).data, status=201)


class SendingDetail(DetailView):
    """One sending, with its notices and how far their matching is."""

    serializer_class = SendingSerializer
    queryset = Sending.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Sending]:
        notices = Notice.objects.select_related("recall", "platform").annotate(found=Count("flags")).order_by("pk")
        return Sending.objects.visible_to(actor_of(request)).prefetch_related(Prefetch("notices", notices))


class SendingStop(Act):
    """Withdraw the notices of a sending that are not matched yet. What is matched stays."""

    shows, takes = SendingDetail, ReasonSerializer

    def act(self, row: Sending, actor: Actor, *, reason: str) -> None:
        recalls.stop_sending(sending=row, reason=reason, actor=actor)
