"""The audit log, for admins: read, and exported as CSV."""

from urllib.parse import urlencode

from django.apps import apps
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.exports import ExportSerializer, started
from portal.api.permissions import actor_of
from portal.api.serializers import StrictSerializer, known_values
from portal.api.views import ApiView, DetailView, ListView
from portal.audit_filter import AuditFilter
from portal.models import AuditEvent
from portal.subjects import FIRST_KINDS, PAGES


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
    sealed_at = serializers.DateTimeField(
        source="seal.sealed_at",
        read_only=True,
        default=None,
        allow_null=True,
        help_text="null until it is sealed, and for events that were sealed before this time was kept.",
    )

    class Meta:
        model = AuditEvent
        fields = [
            "id", "at", "actor_kind", "actor_label", "action", "subject_type", "subject_id", "subject_label", "organisation",
            "before", "after", "reason", "hash", "sealed_at",
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


def _require_kind(given: str) -> None:
    """Raises ValidationError for what no object is called: the list would be empty, and nobody would know why."""
    known = {model._meta.label_lower for model in apps.get_models()}.union(*FIRST_KINDS.values())
    if not given or given in known:
        return
    ends = [kind for kind in PAGES if kind.rpartition(".")[2] == given.lower().rpartition(".")[2]]
    hint = f"Did you mean {ends[0]}?" if ends else known_values(sorted(PAGES))
    raise serializers.ValidationError({"subject_type": [f"There is no kind of object {given[:80]!r}. {hint}"]})


class AuditList(ListView):
    """Audit events, newest first, by the filters of the page Audit. With `updated_since`, in the order in which they were
    sealed, some seconds after they were written."""

    serializer_class = AuditEventSerializer
    filterset_class = AuditFilter
    queryset = AuditEvent.objects.none()
    updated_field = "seal__sealed_at"

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return AuditDetail.rows_for(self.request)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        _require_kind(self.request.query_params.get("subject_type", ""))
        return super().filter_queryset(queryset)


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
        _require_kind(asked.get("subject_type", ""))
        wrong = AuditFilter(asked, AuditEvent.objects.none()).form.errors
        if wrong:
            raise serializers.ValidationError({name: list(reasons) for name, reasons in wrong.items()})
        detail = ", ".join(f"{name}: {value}" for name, value in asked.items())
        arguments = {"query": urlencode(asked)}
        return started(request, kind="audit", arguments=arguments, stem="audit", detail=detail)
