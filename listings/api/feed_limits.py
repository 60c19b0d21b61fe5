"""The limits beyond which a platform's full feeds wait to be confirmed."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services
from portal.api.permissions import actor_of
from portal.api.serializers import StrictSerializer
from portal.api.views import ApiView
from portal.models import Organisation


class FeedLimitsSerializer(StrictSerializer):
    min_share = serializers.IntegerField(
        min_value=1,
        max_value=100,
        help_text="Percent of the largest of the last full feeds: one with fewer listings waits.",
    )
    max_rejects = serializers.IntegerField(
        min_value=0, max_value=99, help_text="Percent of rejected rows: a full feed with more waits."
    )


class FeedLimitsChangeSerializer(FeedLimitsSerializer):
    reason = serializers.CharField(help_text="Stays in the audit log.")


class FeedLimits(ApiView):
    """The limits for full feeds."""

    @extend_schema(responses=FeedLimitsSerializer)
    def get(self, request: Request) -> Response:
        """Beyond which limits a full feed waits to be confirmed before listings are marked as no longer on sale."""
        return Response(FeedLimitsSerializer(services.feed_rule_of(_platform(request))).data)

    @extend_schema(request=FeedLimitsChangeSerializer, responses=FeedLimitsSerializer)
    def put(self, request: Request) -> Response:
        """Set the limits. They hold for the feeds that come from now on."""
        given = self.body(FeedLimitsChangeSerializer, request)
        rule = services.set_feed_rule(platform=_platform(request), **given, actor=actor_of(request))
        return Response(FeedLimitsSerializer(rule).data)


def _platform(request: Request) -> Organisation:
    return get_object_or_404(Organisation, pk=actor_of(request).organisation_id)
