"""The audit log, for admins: read, and exported as CSV."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.exports import ExportSerializer, started
from portal.api.permissions import actor_of
from portal.api.serializers import StrictSerializer
from portal.api.views import ApiView, DetailView, ListView
from portal.audit_filter import AuditFilter
from portal.models import AuditEvent


class AuditEventSerializer(serializers.ModelSerializer):
    organisation = serializers.CharField(
        source="organisation.slug", default=None, allow_null=True, help_text="The platform concerned, if one is."
    )
    hash = serializers.CharField(
        source="seal.hash",
        default=None,
        allow_null=True,
        help_text="Of its seal in the chain; null until it is sealed.",
    )

    class Meta:
        model = AuditEvent
        fields = [
            "id", "at", "actor_kind", "actor_label", "action", "subject_type", "subject_id", "subject_label", "organisation",
            "before", "after", "reason", "hash",
        ]  # fmt: skip


class AuditQuerySerializer(StrictSerializer):
    """The filters of the list, as texts."""

    q = serializers.CharField(required=False, help_text="Part of the object's name.")
    actor = serializers.CharField(required=False, help_text="Part of who acted.")
    action = serializers.CharField(required=False, help_text="Beginning of an action, for example flag.")
    subject_type = serializers.CharField(required=False)
    subject_id = serializers.CharField(required=False)
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class AuditList(ListView):
    """Audit events, newest first, by the filters of the page Audit."""

    serializer_class = AuditEventSerializer
    filterset_class = AuditFilter
    queryset = AuditEvent.objects.none()
    updated_field = "at"

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return AuditDetail.rows_for(self.request)


class AuditDetail(DetailView):
    """One audit event."""

    serializer_class = AuditEventSerializer
    queryset = AuditEvent.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[AuditEvent]:
        actor = actor_of(request)
        actor.require("audit.view")
        return AuditEvent.objects.visible_to(actor).select_related("organisation", "seal")


class AuditExport(ApiView):
    """Start making a CSV file of the audit events that the filters of `audit` find, all of them without a query."""

    needs = {"POST": "export.make"}

    @extend_schema(request=AuditQuerySerializer, responses={201: ExportSerializer})
    def post(self, request: Request) -> Response:
        asked = {name: value for name, value in self.body(AuditQuerySerializer, request).items() if value}
        wrong = AuditFilter(asked, AuditEvent.objects.none()).form.errors
        if wrong:
            raise serializers.ValidationError({name: list(reasons) for name, reasons in wrong.items()})
        detail = ", ".join(f"{name}: {value}" for name, value in asked.items())
        arguments = {"query": urlencode(asked)}
        return started(request, kind="audit", arguments=arguments, stem="audit", detail=detail)
