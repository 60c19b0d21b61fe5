"""Listings: the catalogue, stored in bulk, and one of them taken off sale."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services, tasks
from listings.filters import ListingFilter
from listings.models import Listing
from listings.serializers.listings import (
    BulkResultSerializer,
    BulkSerializer,
    CatalogueListingSerializer,
    PresenceResultSerializer,
    PresenceSerializer,
)
from portal.api.permissions import actor_of
from portal.api.views import ApiView, DetailView, ListView
from portal.background.hurry import hurry
from portal.models import Organisation

PLATFORM = OpenApiParameter("platform", str, description="For regulators: the platform's slug.")


class ListingsBulk(ApiView):
    """Store up to 10,000 listings at once. Each item has its own result; a bad item stops no other. An item with
    `present: false` takes its listing off sale."""

    @extend_schema(request=BulkSerializer, responses=BulkResultSerializer)
    def post(self, request: Request) -> Response:
        items = self.body(BulkSerializer, request)["listings"]
        platform = get_object_or_404(Organisation, pk=actor_of(request).organisation_id)
        try:
            results = services.upsert_listings(platform=platform, items=items, actor=actor_of(request))
        except ValueError as error:
            raise ValidationError({"listings": [str(error)]}) from None
        hurry(tasks.match_listings_due)
        return Response({"results": results})


@extend_schema_view(get=extend_schema(parameters=[PLATFORM]))
class ListingList(ListView):
    """The catalogue as stored, newest first; for a regulator, the listings that its recalls flagged. `updated_since`
    returns what was stored, changed or taken off sale since."""

    serializer_class = CatalogueListingSerializer
    filterset_class = ListingFilter
    queryset = Listing.objects.none()
    updated_field = "changed_at"
    noted_by_database = False
    parameters = frozenset({"platform"})

    def get_queryset(self) -> QuerySet[Listing]:
        rows = Listing.objects.visible_to(actor_of(self.request)).select_related("platform")
        given = self.request.query_params.get("platform")
        return rows if given is None else rows.filter(platform__slug=given)


@extend_schema_view(get=extend_schema(parameters=[PLATFORM]), patch=extend_schema(parameters=[PLATFORM]))
class ListingDetail(DetailView):
    """One listing by the platform's own id, as stored. A regulator names the platform, too."""

    serializer_class = CatalogueListingSerializer
    queryset = Listing.objects.none()
    lookup_field = "external_id"
    needs = {"PATCH": "catalogue.import"}
    parameters = frozenset({"platform"})
    may_refuse = (422,)

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Listing]:
        """Raises ValidationError where it is not clear whose listing is meant: platforms use the same ids."""
        actor, given = actor_of(request), request.query_params.get("platform")
        rows = Listing.objects.visible_to(actor).select_related("platform")
        if given is not None:
            return rows.filter(platform__slug=given)
        if actor.platform_id is None:
            raise ValidationError({"platform": ["Add the platform to the address, for example ?platform=bazaarly."]})
        return rows

    @extend_schema(request=PresenceSerializer, responses=PresenceResultSerializer)
    def patch(self, request: Request, external_id: str) -> Response:
        """Take one listing off sale, or back on sale. Off sale is the platform's word: checks must confirm it."""
        listing = get_object_or_404(self.rows_for(request), external_id=external_id)
        present = self.body(PresenceSerializer, request)["present"]
        was_changed = services.set_presence(listing=listing, present=present, actor=actor_of(request))
        hurry(tasks.match_listings_due)
        result = ("present" if present else "absent") if was_changed else "unchanged"
        shown = self.shown(request)
        shown.data = {"result": result, "listing": shown.data}
        return shown
