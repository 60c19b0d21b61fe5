"""The API's listings and flags; the same services as the pages."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services, tasks
from listings.downloads import download
from listings.filters import ExclusionFilter, FlagFilter, ListingFilter
from listings.models import Attachment, Decision, Exclusion, Flag, Listing, Message
from listings.serializers import (
    BulkResultSerializer,
    BulkSerializer,
    ClaimSerializer,
    DecideSerializer,
    ExclusionSerializer,
    FlagSerializer,
    ListingSerializer,
    MessageSerializer,
    NewMessageSerializer,
    PresenceResultSerializer,
    PresenceSerializer,
    ReasonSerializer,
)
from portal.api.parsers import StrictJSONParser
from portal.api.permissions import actor_of
from portal.api.views import ApiView, DetailView, ListView
from portal.background.hurry import hurry
from portal.models import Organisation, User


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


class ListingList(ListView):
    """The catalogue as stored, newest first. `updated_since` returns what was stored, changed or taken off sale since."""

    serializer_class = ListingSerializer
    filterset_class = ListingFilter
    queryset = Listing.objects.none()
    updated_field = "changed_at"

    def get_queryset(self) -> QuerySet[Listing]:
        return Listing.objects.visible_to(actor_of(self.request))


class ListingDetail(DetailView):
    """One listing by the platform's own id, as stored."""

    serializer_class = ListingSerializer
    queryset = Listing.objects.none()
    lookup_field = "external_id"

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Listing]:
        return Listing.objects.visible_to(actor_of(request))

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


def _own(request: Request) -> QuerySet[Flag]:
    rows = Flag.objects.visible_to(actor_of(request)).select_related(
        "recall", "listing", "claimed_by", "notice__version", "product"
    )
    return rows.prefetch_related(Prefetch("decisions", Decision.objects.order_by("-pk")))


class FlagList(ListView):
    """Flags of this platform's listings, newest first."""

    serializer_class = FlagSerializer
    filterset_class = FlagFilter
    queryset = Flag.objects.none()

    def get_queryset(self) -> QuerySet[Flag]:
        return _own(self.request)


class FlagDetail(DetailView):
    """One flag with its evidence."""

    serializer_class = FlagSerializer
    queryset = Flag.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Flag]:
        return _own(request)


class FlagClaim(ApiView):
    """Claim a flag for one of the platform's moderators, for 15 minutes. Claim it again to renew."""

    shows = FlagDetail

    @extend_schema(request=ClaimSerializer, responses=FlagSerializer)
    def post(self, request: Request, pk: int) -> Response:
        flag = get_object_or_404(_own(request), pk=pk)
        people = User.objects.filter(organisation_id=actor_of(request).organisation_id, is_active=True)
        services.claim_flag(
            flag=flag, actor=actor_of(request), person=self.body(ClaimSerializer, request, people=people)["person"]
        )
        return self.shown(request)


class FlagDecide(ApiView):
    """Decide a flag. "removed" is a claim; removal checks or the next full feed prove it."""

    shows = FlagDetail

    @extend_schema(request=DecideSerializer, responses=FlagSerializer)
    def post(self, request: Request, pk: int) -> Response:
        flag = get_object_or_404(_own(request), pk=pk)
        services.decide(flag=flag, actor=actor_of(request), **self.body(DecideSerializer, request))
        return self.shown(request)


class Messages(ListView):
    """Messages on a flag that your platform can read, newest first: messages to both sides and its own notes."""

    serializer_class = MessageSerializer
    parser_classes = [StrictJSONParser, MultiPartParser]
    queryset = Message.objects.none()

    def get_queryset(self) -> QuerySet[Message]:
        rows = Message.objects.visible_to(actor_of(self.request)).filter(flag=self._flag())
        return rows.prefetch_related("attachments", "mentioned")

    @extend_schema(request=NewMessageSerializer, responses={201: MessageSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Send a message to the regulator, or a note to your own people. It cannot be changed or deleted."""
        flag, actor = self._flag(), actor_of(request)
        given = self.body(NewMessageSerializer, request, people=services.people_of(flag))
        message = services.post_message(flag=flag, actor=actor, **given)
        return Response(MessageSerializer(message).data, status=201)

    def _flag(self) -> Flag:
        rows = Flag.objects.visible_to(actor_of(self.request)).select_related("recall", "platform", "listing")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


_ATTACHED = ("application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain")


class AttachmentDownload(ApiView):
    """A file attached to a message, as stored. Compare its SHA-256 with the one in the message."""

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in _ATTACHED})
    def get(self, request: Request, pk: int) -> HttpResponse:
        return download(get_object_or_404(Attachment.objects.visible_to(actor_of(request)), pk=pk))


class ExclusionList(ListView):
    """Exclusions of this platform, newest first: products that are not the recalled ones. Active ones only, unless `state`
    asks for others. A decision `not_the_product` adds an exclusion (`remember`, `until`)."""

    serializer_class = ExclusionSerializer
    filterset_class = ExclusionFilter
    queryset = Exclusion.objects.none()

    def get_queryset(self) -> QuerySet[Exclusion]:
        return Exclusion.objects.visible_to(actor_of(self.request)).select_related("recall", "listing")


class ExclusionDetail(DetailView):
    """One exclusion."""

    serializer_class = ExclusionSerializer
    queryset = Exclusion.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Exclusion]:
        return Exclusion.objects.visible_to(actor_of(request)).select_related("recall", "listing")


class ExclusionWithdraw(ApiView):
    """Withdraw an exclusion: the listings it covered are matched again and may be flagged."""

    shows = ExclusionDetail

    @extend_schema(request=ReasonSerializer, responses=ExclusionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        known = get_object_or_404(Exclusion.objects.visible_to(actor_of(request)), pk=pk)
        services.withdraw_exclusion(
            known=known, reason=self.body(ReasonSerializer, request)["reason"], actor=actor_of(request)
        )
        return self.shown(request)


@extend_schema_view(get=extend_schema(deprecated=True))
class InnocentList(ExclusionList):
    """The earlier address of `exclusions`, with the same response."""


@extend_schema_view(post=extend_schema(deprecated=True))
class InnocentWithdraw(ExclusionWithdraw):
    """The earlier address of `exclusions/{id}/withdraw`, with the same effect."""
