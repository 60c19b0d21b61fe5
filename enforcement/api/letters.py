"""Formal letters and the public listing of late platforms: people release them, and a key is its maker."""

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from enforcement import services
from enforcement.letters.filters import LetterFilter
from enforcement.models import Letter, PublicListing
from enforcement.serializers import (
    LetterSendSerializer,
    LetterSerializer,
    LetterTextSerializer,
    PublicListingSerializer,
)
from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.serializers import ReasonSerializer
from portal.api.views import ApiView, DetailView, ListView
from portal.identity.actors import Actor


class LetterList(ListView):
    """Formal letters, newest first. A platform sees those that were sent to it."""

    serializer_class = LetterSerializer
    filterset_class = LetterFilter
    queryset = Letter.objects.none()

    def get_queryset(self) -> QuerySet[Letter]:
        return LetterDetail.rows_for(self.request)


class LetterDetail(DetailView):
    """One formal letter."""

    serializer_class = LetterSerializer
    queryset = Letter.objects.none()
    needs = {"PUT": "letter.review"}

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Letter]:
        return Letter.objects.visible_to(actor_of(request)).select_related("escalation__takedown", "platform")

    @extend_schema(request=LetterTextSerializer, responses=LetterSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Change the text of a draft."""
        letter = get_object_or_404(self.rows_for(request), pk=pk)
        services.edit_letter(letter=letter, actor=actor_of(request), **self.body(LetterTextSerializer, request))
        return self.shown(request)


class LetterPdf(ApiView):
    """The letter as a PDF file."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        letter = get_object_or_404(LetterDetail.rows_for(request), pk=pk)
        response = HttpResponse(services.letter_pdf(letter), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="offshelf-letter-{letter.pk}.pdf"'
        return response


class LetterSend(Act):
    """Send a letter that the person who made the key has read: by mail to the platform's contact, and to the inboxes of
    its people. This cannot be undone."""

    shows, takes = LetterDetail, LetterSendSerializer

    def act(self, row: Letter, actor: Actor, *, seen: str) -> None:
        services.send_letter(letter=row, seen=seen, actor=actor)


class LetterDiscard(Act):
    """Discard a letter: it will not be sent."""

    shows, takes = LetterDetail, ReasonSerializer

    def act(self, row: Letter, actor: Actor, *, reason: str) -> None:
        services.discard_letter(letter=row, reason=reason, actor=actor)


class PublicListingList(ListView):
    """Public listings of late platforms, newest first: proposed, agreed, published and withdrawn."""

    serializer_class = PublicListingSerializer
    queryset = PublicListing.objects.none()

    def get_queryset(self) -> QuerySet[PublicListing]:
        return PublicListingDetail.rows_for(self.request)


class PublicListingDetail(DetailView):
    """One public listing."""

    serializer_class = PublicListingSerializer
    queryset = PublicListing.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[PublicListing]:
        rows = PublicListing.objects.visible_to(actor_of(request))
        return rows.select_related("escalation__takedown", "platform")


class PublicListingAgree(Act):
    """Agree to name a platform publicly, as the person who made the key. The second person who agrees publishes it."""

    shows, takes = PublicListingDetail, ReasonSerializer

    def act(self, row: PublicListing, actor: Actor, *, reason: str) -> None:
        services.agree_to_public_listing(public_listing=row, reason=reason, actor=actor)


class PublicListingWithdraw(Act):
    """Withdraw a public listing, published or not. This cannot be undone for this step."""

    shows, takes = PublicListingDetail, ReasonSerializer

    def act(self, row: PublicListing, actor: Actor, *, reason: str) -> None:
        services.withdraw_public_listing(public_listing=row, reason=reason, actor=actor)
