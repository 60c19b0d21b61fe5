"""Recalls of other regulators about the product of one's own, and what became of it there."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.permissions import actor_of
from portal.api.views import ApiView
from recalls import services
from recalls.models import Recall


class OtherProductSerializer(serializers.Serializer):
    name = serializers.CharField()
    brand = serializers.CharField()
    model_numbers = serializers.CharField(help_text="With commas between them.")
    gtins = serializers.CharField(help_text="With commas between them.")

    def to_representation(self, instance: tuple[str, ...]) -> dict[str, str]:
        return dict(zip(self.fields, instance, strict=True))


class OtherRecallSerializer(serializers.Serializer):
    """What another regulator has published."""

    regulator = serializers.CharField()
    country = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    recalled_on = serializers.DateField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    withdrawn = serializers.BooleanField(source="is_withdrawn")
    url = serializers.CharField(help_text="Its public page; empty where it states none.")
    hazard = serializers.CharField()
    products = OtherProductSerializer(many=True)


class LinkEvidenceSerializer(serializers.Serializer):
    signal = serializers.CharField()
    weight = serializers.FloatField(help_text="Above 0: for one product. Below: against.")
    values = serializers.ListField(child=serializers.CharField(), help_text="The words and numbers that are meant.")


class LeadSerializer(serializers.Serializer):
    """A recall that may be about the same product. A person confirms or rejects it on its page."""

    id = serializers.IntegerField(source="pk")
    score = serializers.FloatField(help_text="0 to 1.")
    evidence = LinkEvidenceSerializer(many=True)
    reason = serializers.CharField(help_text="Why it was rejected; empty while nobody decided it.")
    other = OtherRecallSerializer()


class RemovalsSerializer(serializers.Serializer):
    """What became of the listings under another recall at one platform, in counts."""

    number = serializers.CharField(help_text="The other recall.")
    platform = serializers.CharField()
    found = serializers.IntegerField()
    removed = serializers.IntegerField(help_text="By the platform, and confirmed.")
    found_gone = serializers.IntegerField(help_text="Gone by checks, without a word of the platform.")
    seen_online = serializers.IntegerField(help_text="By the last check.")
    open = serializers.IntegerField(help_text="Not confirmed, otherwise.")
    first_found_at = serializers.DateTimeField(allow_null=True)
    last_gone_at = serializers.DateTimeField(allow_null=True)


class IncidentSerializer(serializers.Serializer):
    members = OtherRecallSerializer(
        many=True, help_text="Recalls that people linked with this one as the same product."
    )
    leads = LeadSerializer(many=True, help_text="Recalls that nobody decided on.")
    rejected = LeadSerializer(many=True, help_text="Recalls that people said are of another product.")
    removals = serializers.SerializerMethodField(help_text="In the countries of `members`.")

    @extend_schema_field(RemovalsSerializer(many=True))
    def get_removals(self, incident: services.Incident) -> list[dict[str, object]]:
        rows = [{"number": other.number, **asdict(row)} for other, row in incident.removals]
        return list(RemovalsSerializer(rows, many=True).data)


class RecallIncident(ApiView):
    """The shared incident of a recall."""

    regulators_only = True

    @extend_schema(responses=IncidentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Recalls of other regulators about the same product, those that may be, and what became of it in other countries.
        Platforms have no such address."""
        recall = get_object_or_404(Recall.objects.visible_to(actor_of(request)), pk=pk)
        return Response(IncidentSerializer(services.incident_of(recall)).data)
