"""Exclusions: products that are not the recalled ones."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services
from listings.filters import ExclusionFilter
from listings.models import Exclusion, Listing
from listings.serializers.exclusions import ExclusionSerializer, NewExclusionSerializer
from portal.api.acts import Act
from portal.api.etags import etag_of
from portal.api.permissions import actor_of
from portal.api.serializers import ReasonSerializer
from portal.api.views import DetailView, ListView
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.models import Recall

SHOWN = ("recall", "listing", "platform")


class _Exclusions(ListView):
    serializer_class = ExclusionSerializer
    filterset_class = ExclusionFilter
    queryset = Exclusion.objects.none()

    def get_queryset(self) -> QuerySet[Exclusion]:
        return ExclusionDetail.rows_for(self.request)


class ExclusionList(_Exclusions):
    """Exclusions, newest first: products that are not the recalled ones. Active ones only, unless `state`
    asks for others. A decision `not_the_product` adds an exclusion (`remember`, `until`)."""

    needs = {"POST": "exclusion.add"}

    @extend_schema(request=NewExclusionSerializer, responses={201: ExclusionSerializer})
    def post(self, request: Request) -> Response:
        """Add an exclusion before anything is flagged, as a regulator. Open flags stay open."""
        actor = actor_of(request)
        given = self.body(NewExclusionSerializer, request)
        platform = _found(Organisation.objects.visible_to(actor).platforms(), "platform", "slug", given["platform"])
        recall = listing = None
        if given["recall"] is not None:
            recall = _found(Recall.objects.visible_to(actor), "recall", "pk", given["recall"])
        if given["listing"]:
            rows = Listing.objects.visible_to(actor).filter(platform=platform)
            listing = _found(rows, "listing", "external_id", given["listing"])
        known = services.add_exclusion(
            platform=platform,
            recall=recall,
            scope=given["scope"],
            listing=listing,
            gtin=given["gtin"],
            reason=given["reason"],
            until=given["until"],
            actor=actor,
        )
        shown = ExclusionSerializer(get_object_or_404(ExclusionDetail.rows_for(request), pk=known.pk)).data
        return Response(shown, status=201, headers={"ETag": etag_of(shown)})


def _found(rows: QuerySet, name: str, field: str, value: object) -> Any:
    """The row that the body names, as far as the actor sees it. Raises ValidationError for the field `name`."""
    row = rows.filter(**{field: value}).first()
    if row is None:
        raise ValidationError({name: [f"There is no {name} {str(value)[:80]!r} that you can see."]})
    return row


class ExclusionDetail(DetailView):
    """One exclusion."""

    serializer_class = ExclusionSerializer
    queryset = Exclusion.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Exclusion]:
        return Exclusion.objects.visible_to(actor_of(request)).select_related(*SHOWN)


class ExclusionWithdraw(Act):
    """Withdraw an exclusion: the listings it covered are matched again and may be flagged."""

    shows, takes = ExclusionDetail, ReasonSerializer

    def act(self, row: Exclusion, actor: Actor, *, reason: str) -> None:
        services.withdraw_exclusion(known=row, reason=reason, actor=actor)


@extend_schema_view(get=extend_schema(deprecated=True))
class InnocentList(_Exclusions):
    """The earlier address of `exclusions`, with the same response."""


@extend_schema_view(post=extend_schema(deprecated=True))
class InnocentWithdraw(ExclusionWithdraw):
    """The earlier address of `exclusions/{id}/withdraw`, with the same effect."""
