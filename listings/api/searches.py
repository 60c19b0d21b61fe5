"""Searches that a platform made on its own machines: the commitment to what was searched, and the matches."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services, tasks
from listings.searches import searches_seen_by
from listings.serializers.searches import NewSearchSerializer, SearchResultSerializer, SearchSerializer
from portal.api.permissions import actor_of
from portal.api.views import ListView
from portal.background.hurry import hurry
from portal.models import AuditEvent, Organisation


class SearchList(ListView):
    """Searches that platforms reported, newest first: this platform's own, or those of platforms that this regulator has
    sent notices to."""

    serializer_class = SearchSerializer
    queryset = AuditEvent.objects.none()
    updated_field = "at"
    noted_by_database = False
    needs = {"POST": "catalogue.import"}

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return searches_seen_by(actor_of(self.request))

    @extend_schema(request=NewSearchSerializer, responses={201: SearchResultSerializer})
    def post(self, request: Request) -> Response:
        """Report a search of your own catalogue: the commitment to all its rows, and the matches, up to 10,000. The matches
        are stored as listings, matched again here and flagged. The commitment stands in the audit log, which is sealed: a
        listing that no proof can be given for was withheld."""
        actor = actor_of(request)
        platform = get_object_or_404(Organisation, pk=actor.organisation_id)
        given = self.body(NewSearchSerializer, request)
        event, results = services.report_search(platform=platform, actor=actor, **given)
        hurry(tasks.match_listings_due)
        return Response(SearchResultSerializer({"search": event, "results": results}).data, status=201)
