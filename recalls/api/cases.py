"""The internal side of a recall, for its regulator's programs: risk assessment, second signature, case owner."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.views import DetailView
from portal.identity.actors import Actor
from recalls import services
from recalls.api.recalls import RecallDetail
from recalls.models import Recall, RecallVersion
from recalls.safety_serializers import (
    OwnerSerializer,
    RiskSerializer,
    SignatureSerializer,
    WrittenAssessmentSerializer,
)


class AssessmentSerializer(serializers.ModelSerializer):
    """The assessments of a recall: of the version in force, and of the one in work."""

    versions = serializers.SerializerMethodField()

    class Meta:
        model = Recall
        fields = ["id", "number", "versions"]

    @extend_schema_field(RiskSerializer(many=True))
    def get_versions(self, recall: Recall) -> list[dict[str, Any]]:
        actor = actor_of(self.context["request"])
        return [_risk(version, actor) for version in services.open_versions(recall)]


class RecallAssessment(DetailView):
    """The risk assessments of a recall, with who signed them. Platforms have no such address."""

    serializer_class = AssessmentSerializer
    queryset = Recall.objects.none()
    needs = {"PUT": "recall.edit"}
    regulators_only = True

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Recall]:
        return Recall.objects.visible_to(actor_of(request)).select_related("current")

    @extend_schema(request=WrittenAssessmentSerializer, responses=AssessmentSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Assess the risk level of a version, or change the assessment, which takes the second signature away."""
        actor = actor_of(request)
        recall = get_object_or_404(self.rows_for(request), pk=pk)
        given = self.body(WrittenAssessmentSerializer, request)
        services.assess_risk(version=_named(recall, given["version"]), text=given["text"], actor=actor)
        return self.shown(request)


class RecallAssessmentSign(Act):
    """Sign a risk assessment, as another person than who wrote on it: a key signs for the person who made it."""

    shows, takes = RecallAssessment, SignatureSerializer

    def act(self, row: Recall, actor: Actor, *, assessed_at: datetime, version: int | None) -> None:
        services.sign_assessment(version=_named(row, version), seen=assessed_at, actor=actor)


class RecallOwner(Act):
    """Assign a recall to somebody of the regulator's staff, who is notified, hand it over, or let it go."""

    shows, takes = RecallDetail, OwnerSerializer

    def act(self, row: Recall, actor: Actor, *, owner: str | None, note: str) -> None:
        actor.require("recall.edit")
        to = None
        if owner is not None and (to := services.possible_owners(row.regulator_id).filter(email=owner).first()) is None:
            raise ValidationError({"owner": ["Nobody of the regulator's staff has this email address."]})
        services.assign_owner(recall=row, to=to, note=note, actor=actor)


def _named(recall: Recall, number: int | None) -> RecallVersion:
    wanted = [each for each in services.open_versions(recall) if number is None or each.version == number]
    if not wanted:
        raise Http404
    return wanted[0]


def _risk(version: RecallVersion, actor: Actor) -> dict[str, Any]:
    found = services.risk_of(version)
    row = found.assessment
    return RiskSerializer(
        {
            "version": version.version,
            "risk_level": version.risk_level,
            "assessment_state": found.state,
            "text": row.text if row else "",
            "assessed_by": row.assessed_by.name if row else None,
            "assessed_at": row.assessed_at if row else None,
            "signed_by": row.signed_by.name if row and row.signed_by else None,
            "signed_at": row.signed_at if row else None,
            "may_sign": found.state == "unsigned" and services.may_sign(row, actor),
        }
    ).data
