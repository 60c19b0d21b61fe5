"""Recall feeds: the addresses of publishers that are fetched on a schedule, the last result of each, and fetching one now."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.acts import Act
from portal.api.etags import etag_of
from portal.api.permissions import actor_of
from portal.api.schedules import (
    SHOWN,
    FetchScheduleSerializer,
    ScheduleChangeSerializer,
    ScheduleDetail,
    ScheduleSerializer,
    with_last_import,
)
from portal.api.views import ListView
from portal.background.hurry import hurry
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls import services, tasks
from recalls.models import RecallFeed, RecallImport


class RecallFeedSerializer(FetchScheduleSerializer):
    """A publisher's address that is fetched on a schedule."""

    class Meta:
        model = RecallFeed
        fields = [*SHOWN, "publisher", "records"]
        read_only_fields = fields


class RecallFeedChangeSerializer(ScheduleChangeSerializer):
    accept_fewer = serializers.BooleanField(
        required=False,
        help_text="true: the next file is accepted even if it has far fewer records than the last one.",
    )


class RecallFeedList(ListView):
    """Recall feeds of this regulator, newest first, each with its last result."""

    serializer_class = RecallFeedSerializer
    queryset = RecallFeed.objects.none()
    updated_field = ""
    answers_with = {"POST": ("Location", "ETag")}

    def get_queryset(self) -> QuerySet[RecallFeed]:
        return RecallFeedDetail.rows_for(self.request)

    @extend_schema(request=ScheduleSerializer, responses={201: RecallFeedSerializer})
    def post(self, request: Request) -> Response:
        """Add a feed. It is fetched at once and then on its schedule; each new file becomes an import, which changes
        nothing before a person, or a program, confirms its preview."""
        actor = actor_of(request)
        regulator = get_object_or_404(Organisation.objects.filter(kind="regulator"), pk=actor.regulator_id)
        feed = services.create_feed(regulator=regulator, **self.body(ScheduleSerializer, request), actor=actor)
        hurry(tasks.fetch_recall_feeds_due)
        shown = RecallFeedSerializer(RecallFeedDetail.rows_for(request).get(pk=feed.pk)).data
        headers = {"Location": reverse("api:recall_feed", args=[feed.pk]), "ETag": etag_of(shown)}
        return Response(shown, status=201, headers=headers)


class RecallFeedDetail(ScheduleDetail):
    """One recall feed: its settings, and what the last fetch came to."""

    serializer_class = RecallFeedSerializer
    queryset = RecallFeed.objects.none()
    changes = RecallFeedChangeSerializer

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[RecallFeed]:
        return with_last_import(RecallFeed.objects.visible_to(actor_of(request)), RecallImport.objects.all())

    @extend_schema(request=RecallFeedChangeSerializer, responses=RecallFeedSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change the settings that you send. A feed that is in use is fetched at once."""
        return self.changed(request, pk)

    def edit(self, row: RecallFeed, given: dict[str, Any]) -> None:
        services.edit_feed(feed=row, **({"accept_fewer": False} | given), actor=actor_of(self.request))
        hurry(tasks.fetch_recall_feeds_due)


class RecallFeedFetch(Act):
    """Fetch a feed now, whatever its schedule. Ask for the feed until `under_way` is false: then `result` says what came of
    it, and `last_import` which import."""

    shows = RecallFeedDetail

    def act(self, row: RecallFeed, actor: Actor) -> None:
        services.ask_for_fetch(feed=row, actor=actor)
        hurry(tasks.fetch_recall_feeds_due)
