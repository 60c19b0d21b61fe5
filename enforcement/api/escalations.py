"""Escalations: read by both sides, handled by the regulator."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from enforcement import services
from enforcement.escalations.filters import EscalationFilter
from enforcement.models import Escalation
from enforcement.serializers import (
    CommentSerializer,
    EscalationHandOverSerializer,
    EscalationSerializer,
)
from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.serializers import NoteSerializer
from portal.api.views import DetailView, ListView
from portal.identity.actors import Actor
from portal.models import User


class EscalationList(ListView):
    """Steps of the escalation ladder that were raised, newest first. A platform sees those that it was notified of."""

    serializer_class = EscalationSerializer
    filterset_class = EscalationFilter
    queryset = Escalation.objects.none()

    def get_queryset(self) -> QuerySet[Escalation]:
        return EscalationDetail.rows_for(self.request)


class EscalationDetail(DetailView):
    """One escalation, with who handles it."""

    serializer_class = EscalationSerializer
    queryset = Escalation.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Escalation]:
        rows = Escalation.objects.visible_to(actor_of(request))
        return rows.select_related("takedown", "platform", "assigned_to")


class EscalationAcknowledge(Act):
    """Acknowledge an escalation, which assigns it to the person who made the key. The ladder continues until the removal
    is confirmed."""

    shows, takes = EscalationDetail, NoteSerializer

    def act(self, row: Escalation, actor: Actor, *, note: str) -> None:
        services.acknowledge_escalation(escalation=row, note=note, actor=actor)


class EscalationComment(Act):
    """Add a comment to the history of an escalation. Its assignee is notified."""

    shows, takes = EscalationDetail, CommentSerializer

    def act(self, row: Escalation, actor: Actor, *, text: str) -> None:
        services.comment_escalation(escalation=row, text=text, actor=actor)


class EscalationHandOver(Act):
    """Assign an escalation to a colleague, who is notified."""

    shows, takes = EscalationDetail, EscalationHandOverSerializer

    def options_of(self, row: Escalation) -> dict[str, Any]:
        roles = ["regulator_staff", "admin"]
        regulator = row.takedown.regulator_id
        return {"people": User.objects.filter(organisation_id=regulator, role__in=roles, is_active=True)}

    def act(self, row: Escalation, actor: Actor, *, to: User, note: str) -> None:
        services.hand_over_escalation(escalation=row, to=to, note=note, actor=actor)


class EscalationResolve(Act):
    """Resolve an escalation when this step needs no more work. The clock is not affected."""

    shows, takes = EscalationDetail, NoteSerializer

    def act(self, row: Escalation, actor: Actor, *, note: str) -> None:
        services.resolve_escalation(escalation=row, note=note, actor=actor)
