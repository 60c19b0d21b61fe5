"""Recalls of a regulator: written, reviewed by a second person, published and withdrawn; platforms read those sent to them."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.acts import Act
from portal.api.etags import etag_of
from portal.api.permissions import actor_of
from portal.api.serializers import ReasonSerializer
from portal.api.views import DetailView, ListView
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls import services
from recalls.api.recall_bodies import NewRecallSerializer, RecallContentSerializer
from recalls.filters import RecallFilter
from recalls.models import Recall, RecallVersion
from recalls.serializers import (
    ChangeNoteSerializer,
    EmbargoSerializer,
    RecallRowSerializer,
    RecallSerializer,
    RecallVersionSerializer,
    addresses_for,
)
from recalls.states import RecallStatus


def _own(request: Request) -> QuerySet[Recall]:
    return Recall.objects.visible_to(actor_of(request)).select_related("regulator", "owner")


class RecallList(ListView):
    """Recalls, newest first: all of this regulator, or those that were sent to this platform. A new version changes its
    recall, and so does a notice of it."""

    serializer_class = RecallRowSerializer
    filterset_class = RecallFilter
    queryset = Recall.objects.none()
    needs = {"POST": "recall.edit"}

    def known_parameters(self) -> set[str]:
        hidden = {"owner"} if actor_of(self.request).platform_id is not None else set()
        return super().known_parameters() - hidden

    def get_queryset(self) -> QuerySet[Recall]:
        return _own(self.request)

    @extend_schema(request=NewRecallSerializer, responses={201: RecallSerializer})
    def post(self, request: Request) -> Response:
        """Create a draft. No platform sees it before another person has approved it and it is sent."""
        actor = actor_of(request)
        regulator = get_object_or_404(Organisation.objects.filter(kind="regulator"), pk=actor.regulator_id)
        given = self.body(NewRecallSerializer, request)
        content, priority = given["content"], given["priority"]
        with transaction.atomic():
            recall = services.create_recall(regulator=regulator, number=given["number"], content=content, actor=actor)
            services.set_priority(recall=recall, priority=priority, actor=actor)
        shown = RecallSerializer(get_object_or_404(_own(request), pk=recall.pk), context={"request": request}).data
        return Response(shown, status=201, headers={"ETag": etag_of(shown)})


class RecallDetail(DetailView):
    """One recall with the version in force and, for its regulator, the unpublished one. A platform sees the version that
    was sent to it."""

    serializer_class = RecallSerializer
    queryset = Recall.objects.none()
    needs = {"PUT": "recall.edit"}

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Recall]:
        return _own(request)

    @extend_schema(request=RecallContentSerializer, responses=RecallSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Replace what the unpublished version says. Whoever changes it cannot approve it. A published version never
        changes: start a new one first."""
        actor = actor_of(request)
        recall = get_object_or_404(_own(request), pk=pk)
        given = self.body(RecallContentSerializer, request)
        version = recall.versions.filter(published_at=None).first() or recall.current
        if version is None:
            raise Http404
        with transaction.atomic():
            services.edit_version(version=version, content=given["content"], actor=actor)
            services.set_priority(recall=recall, priority=given["priority"], actor=actor)
        return self.shown(request)


class RecallVersions(ListView):
    """The versions of a recall, newest first, each with all it says. A platform sees those that were sent to it."""

    serializer_class = RecallVersionSerializer
    queryset = RecallVersion.objects.none()
    updated_field = ""
    needs = {"POST": "recall.edit"}
    shows = RecallDetail

    def get_queryset(self) -> QuerySet[RecallVersion]:
        recall = get_object_or_404(_own(self.request), pk=self.kwargs["pk"])
        rows = RecallVersion.objects.visible_to(actor_of(self.request)).filter(recall=recall)
        return rows.select_related("recall").prefetch_related("products", "pictures")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), **addresses_for(actor_of(self.request))}

    @extend_schema(request=None, responses={201: RecallSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Start the next version of a published recall, as a copy of the one in force. Where one was started already,
        that one is answered."""
        recall = get_object_or_404(_own(request).select_related("current"), pk=pk)
        services.revise_recall(recall=recall, actor=actor_of(request))
        return self.shown(request, status=201)


class RecallVersionPublish(Act):
    """Put the unpublished version of a published recall in force, as another person than who wrote it. If-Match says which
    text was read. Active notices follow the version; one that covers more is matched again."""

    shows, takes, approves = RecallDetail, ChangeNoteSerializer, True

    def act(self, row: Recall, actor: Actor, *, change_note: str) -> None:
        actor.require("recall.publish")
        version = row.versions.filter(published_at=None).first()
        if version is None or row.status != RecallStatus.PUBLISHED:
            raise ValidationError({"request": ["There is no new version to publish. Start one first."]})
        services.publish_version(version=version, change_note=change_note, actor=actor)


class RecallVersionDiscard(Act):
    """Discard the unpublished version of a published recall, with a reason. The version in force is as it was. The authors
    are notified, and the audit log keeps what the version said otherwise. This cannot be undone."""

    shows, takes = RecallDetail, ReasonSerializer

    def act(self, row: Recall, actor: Actor, *, reason: str) -> None:
        actor.require("recall.edit")
        version = row.versions.filter(published_at=None).first()
        if version is None or row.status != RecallStatus.PUBLISHED:
            raise ValidationError({"request": ["There is no new version to discard."]})
        services.discard_version(version=version, reason=reason, actor=actor)


class _Move(Act):
    shows = RecallDetail
    to: ClassVar[str]

    def act(self, row: Recall, actor: Actor, *, reason: str = "") -> None:
        services.move_recall(recall=row, to=self.to, reason=reason, actor=actor)


class RecallSubmit(_Move):
    """Submit a draft for review by a second person."""

    to = RecallStatus.IN_REVIEW


class RecallReturn(_Move):
    """Return a recall in review to draft, or cancel its embargo. The authors are notified of the reason."""

    takes, to = ReasonSerializer, RecallStatus.DRAFT


class RecallApprove(_Move):
    """Approve a recall in review, which publishes it at once, or end an embargo. If-Match says which text was read. A key
    approves for the person who made it, so that nobody approves what they, or a key of theirs, wrote."""

    to, approves = RecallStatus.PUBLISHED, True


class RecallWithdraw(_Move):
    """Withdraw a published recall with all its notices, or discard a draft. This cannot be undone."""

    takes, to = ReasonSerializer, RecallStatus.WITHDRAWN


class RecallEmbargo(Act):
    """Approve a recall in review, to be published at a time. If-Match says which text was read. Until then, no one can
    change it and no platform sees it."""

    shows, takes, approves = RecallDetail, EmbargoSerializer, True

    def act(self, row: Recall, actor: Actor, *, publish_at: datetime) -> Any:
        return services.embargo_recall(recall=row, until=publish_at, actor=actor)
