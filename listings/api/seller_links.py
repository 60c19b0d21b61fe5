"""Links by which the seller of a flag's listing reads and answers without an account."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services
from listings.models import Flag, SellerLink
from listings.seller_addresses import address_of
from listings.serializers.seller_links import GivenLinkSerializer, NewSellerLinkSerializer, SellerLinkSerializer
from portal.api.acts import Act
from portal.api.idempotency import keep_instead
from portal.api.permissions import actor_of
from portal.api.views import DetailView, ListView
from portal.identity.actors import Actor


class SellerLinks(ListView):
    """Links for the seller of a flag's listing, newest first: whoever has one reads what is said about the listing, and
    answers, appeals or sends proof, without an account."""

    serializer_class = SellerLinkSerializer
    queryset = SellerLink.objects.none()
    needs = {"POST": "seller_link.give"}

    def get_queryset(self) -> QuerySet[SellerLink]:
        rows = SellerLink.objects.visible_to(actor_of(self.request)).filter(flag=self._flag())
        return rows.select_related("flag")

    @extend_schema(request=NewSellerLinkSerializer, responses={201: GivenLinkSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Give the seller a link: mailed by us, or handed over by you. It is open for some days, until you revoke it or
        the case is closed."""
        given = services.give_seller_link(
            flag=self._flag(), actor=actor_of(request), **self.body(NewSellerLinkSerializer, request)
        )
        shown = SellerLinkSerializer(given.link).data
        response = Response({**shown, "url": address_of(given) or None}, status=201)
        response["Cache-Control"] = "no-store"
        keep_instead(response, {**shown, "url": None})
        return response

    def _flag(self) -> Flag:
        return get_object_or_404(Flag.objects.visible_to(actor_of(self.request)), pk=self.kwargs["pk"])


class SellerLinkDetail(DetailView):
    """One link for a seller, and what became of it."""

    serializer_class = SellerLinkSerializer
    queryset = SellerLink.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[SellerLink]:
        return SellerLink.objects.visible_to(actor_of(request)).select_related("flag")


class SellerLinkRevoke(Act):
    """Revoke a link: it opens nothing any more, and does not leave where it still waits."""

    shows = SellerLinkDetail

    def act(self, row: SellerLink, actor: Actor) -> None:
        services.revoke_seller_link(link=row, actor=actor)
