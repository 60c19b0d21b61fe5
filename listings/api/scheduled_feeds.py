"""Scheduled feeds: the addresses that a platform's catalogue is fetched from, the last result of each, and fetching one now."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services, tasks
from listings.models import CatalogueImport, ScheduledFeed
from listings.states import FeedKind
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

_OPTIONAL: dict[str, Any] = {"required": False, "allow_blank": True}


class ScheduledFeedSerializer(FetchScheduleSerializer):
    """An address that the catalogue is fetched from on a schedule. Its credential is never shown."""

    has_credential = serializers.SerializerMethodField(help_text="Whether a credential is stored and sent.")

    class Meta:
        model = ScheduledFeed
        fields = [*SHOWN, "kind", "credential_name", "has_credential"]
        read_only_fields = fields

    def get_has_credential(self, row: ScheduledFeed) -> bool:
        return bool(row.credential)


class _CatalogueSettings(serializers.Serializer):
    kind = serializers.ChoiceField(
        FeedKind.choices, help_text="full: a listing that is not in the file is off sale. delta: only changes."
    )
    credential_name = serializers.CharField(
        **_OPTIONAL,
        max_length=60,
        help_text="The header in which your server expects a credential, for example Authorization. Empty: none is sent.",
    )
    credential = serializers.CharField(
        **_OPTIONAL,
        write_only=True,
        max_length=2_000,
        help_text="Its value. It is encrypted, never shown, and sent to the server of this address alone. Where another "
        "header or server is named, it is needed again.",
    )


class NewScheduledFeedSerializer(ScheduleSerializer, _CatalogueSettings):
    """What is set of a scheduled feed."""


class ScheduledFeedChangeSerializer(ScheduleChangeSerializer, _CatalogueSettings):
    """What is changed of a scheduled feed; what is left out stays as it is."""


class ScheduledFeedList(ListView):
    """Scheduled feeds of this platform, newest first, each with its last result."""

    serializer_class = ScheduledFeedSerializer
    queryset = ScheduledFeed.objects.none()
    updated_field = ""
    answers_with = {"POST": ("Location", "ETag")}

    def get_queryset(self) -> QuerySet[ScheduledFeed]:
        return ScheduledFeedDetail.rows_for(self.request)

    @extend_schema(request=NewScheduledFeedSerializer, responses={201: ScheduledFeedSerializer})
    def post(self, request: Request) -> Response:
        """Have a catalogue fetched over HTTPS, at once and then on a schedule. A new file is imported as an upload is: a
        full feed in doubt waits to be confirmed. A sandbox has none."""
        actor = actor_of(request)
        platform = get_object_or_404(Organisation, pk=actor.organisation_id)
        chosen = services.FeedSettings(**self.body(NewScheduledFeedSerializer, request))
        feed = services.create_scheduled_feed(platform=platform, chosen=chosen, actor=actor)
        hurry(tasks.fetch_scheduled_feeds_due)
        shown = ScheduledFeedSerializer(ScheduledFeedDetail.rows_for(request).get(pk=feed.pk)).data
        headers = {"Location": reverse("api:scheduled_feed", args=[feed.pk]), "ETag": etag_of(shown)}
        return Response(shown, status=201, headers=headers)


class ScheduledFeedDetail(ScheduleDetail):
    """One scheduled feed: its settings, and what the last fetch came to."""

    serializer_class = ScheduledFeedSerializer
    queryset = ScheduledFeed.objects.none()
    changes = ScheduledFeedChangeSerializer
    kept = (*ScheduleDetail.kept, "kind", "credential_name")

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[ScheduledFeed]:
        rows = ScheduledFeed.objects.visible_to(actor_of(request)).select_related("platform")
        return with_last_import(rows, CatalogueImport.objects.all())

    @extend_schema(request=ScheduledFeedChangeSerializer, responses=ScheduledFeedSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change the settings that you send. A feed that is in use is fetched at once. The stored credential stays as long
        as header and server do."""
        return self.changed(request, pk)

    def edit(self, row: ScheduledFeed, given: dict[str, Any]) -> None:
        chosen = services.FeedSettings(**given)
        services.edit_scheduled_feed(feed=row, chosen=chosen, actor=actor_of(self.request))
        hurry(tasks.fetch_scheduled_feeds_due)


class ScheduledFeedFetch(Act):
    """Fetch a feed now, whatever its schedule. Ask for the feed until `under_way` is false: then `result` says what came of
    it, and `last_import` which import."""

    shows = ScheduledFeedDetail

    def act(self, row: ScheduledFeed, actor: Actor) -> None:
        services.ask_for_scheduled_fetch(feed=row, actor=actor)
        hurry(tasks.fetch_scheduled_feeds_due)
