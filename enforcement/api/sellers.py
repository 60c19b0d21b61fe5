"""What a seller wrote to the platform, passed on by its program with the token of the seller's link."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from enforcement import services
from enforcement.models import Takedown
from listings import services as listings
from listings.serializers.messages import MessageSerializer
from listings.serializers.seller_links import NewSellerAnswerSerializer
from portal.api.parsers import StrictJSONParser
from portal.api.permissions import actor_of
from portal.api.views import ApiView


class SellerAnswers(ApiView):
    """Pass on what a seller wrote to you, with the token of their link. It is recorded as the seller's, as claimed, and as
    passed on by your key."""

    parser_classes = [StrictJSONParser, MultiPartParser]

    @extend_schema(request=NewSellerAnswerSerializer, responses={201: MessageSerializer})
    def post(self, request: Request, flag_id: int) -> Response:
        takedown = get_object_or_404(Takedown.objects.visible_to(actor_of(request)), flag_id=flag_id)
        given = self.body(NewSellerAnswerSerializer, request)
        link = listings.find_seller_link(given.pop("token"))
        if link is None or link.flag_id != takedown.flag_id:
            raise ValidationError({"token": ["This token opens no link of this flag."]})
        answer = services.answer_as_seller(link=link, passed_on_by=actor_of(request), **given)
        return Response(MessageSerializer(answer.message).data, status=201)
