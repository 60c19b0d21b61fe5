"""What the API returns about takedowns and observations, and what it accepts."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from enforcement.models import Appeal, Escalation, Extension, Letter, Observation, Takedown
from enforcement.states import Verdict
from portal.api.serializers import StrictSerializer


@extend_schema_serializer(deprecate_fields=["says"])
class ObservationSerializer(serializers.ModelSerializer):
    says = serializers.CharField(source="detail", read_only=True, help_text="Earlier name of detail.")

    class Meta:
        model = Observation
        fields = ["id", "at", "source", "verdict", "rule", "detail", "says", "status_code", "url", "body_digest"]


class ExtensionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Extension
        fields = ["id", "status", "amount", "reason", "asked_by", "asked_at", "answered_by", "answered_at", "answer"]
        read_only_fields = fields


class ExtensionRequestSerializer(StrictSerializer):
    amount = serializers.IntegerField(
        min_value=1, max_value=10_000, help_text="In the unit of the notice's terms, counted from the deadline."
    )
    reason = serializers.CharField()


class AppealSerializer(serializers.ModelSerializer):
    class Meta:
        model = Appeal
        fields = ["id", "status", "side", "text", "made_by", "made_at", "answered_by", "answered_at", "answer"]
        read_only_fields = fields


class AppealRequestSerializer(StrictSerializer):
    side = serializers.ChoiceField(Appeal.Side.choices)
    text = serializers.CharField(help_text="Why the listing is not the recalled product.")


class _ClockNames(serializers.ModelSerializer):
    """The fields of a clock under their first names in version 1 of the API; both names are returned."""

    due_because = serializers.CharField(
        source="deadline_reason", read_only=True, help_text="Earlier name of deadline_reason."
    )
    next_check_at = serializers.DateTimeField(source="check_plan.next_at", read_only=True, allow_null=True)
    next_look_at = serializers.DateTimeField(
        source="check_plan.next_at", read_only=True, allow_null=True, help_text="Earlier name of next_check_at."
    )


@extend_schema_serializer(deprecate_fields=["due_because", "next_look_at"])
class ClockSerializer(_ClockNames):
    """A takedown in a list."""

    listing = serializers.CharField(source="flag.listing.external_id")
    recall = serializers.CharField(source="flag.recall.number")
    is_late = serializers.BooleanField()

    class Meta:
        model = Takedown
        fields = [
            "flag", "listing", "recall", "status", "is_late", "started_at", "due_at", "deadline_reason", "due_because", "paused_at",
            "missed_at", "met_at", "next_check_at", "next_look_at", "updated_at",
        ]  # fmt: skip


@extend_schema_serializer(deprecate_fields=["rung"])
class EscalationSerializer(serializers.ModelSerializer):
    """A step that was raised for a takedown of this platform."""

    flag = serializers.IntegerField(source="takedown.flag_id")
    rung = serializers.IntegerField(source="step", read_only=True, help_text="Earlier name of step.")

    class Meta:
        model = Escalation
        fields = [
            "id",
            "flag",
            "step",
            "rung",
            "kind",
            "due_at",
            "raised_at",
            "acknowledged_at",
            "resolved_at",
            "updated_at",
        ]


class LetterSerializer(serializers.ModelSerializer):
    """A formal letter as it was sent."""

    flag = serializers.IntegerField(source="escalation.takedown.flag_id")
    sent_at = serializers.DateTimeField(source="reviewed_at")

    class Meta:
        model = Letter
        fields = ["id", "flag", "language", "subject", "body", "sent_at", "updated_at"]


@extend_schema_serializer(deprecate_fields=["started_because", "due_because", "next_look_at"])
class TakedownSerializer(_ClockNames):
    started_because = serializers.CharField(
        source="start_reason", read_only=True, help_text="Earlier name of start_reason."
    )
    observations = ObservationSerializer(many=True)
    extensions = ExtensionSerializer(many=True)
    appeals = AppealSerializer(many=True)

    class Meta:
        model = Takedown
        fields = [
            "flag",
            "status",
            "started_at",
            "start_reason",
            "started_because",
            "due_at",
            "deadline_reason",
            "due_because",
            "paused_at",
            "missed_at",
            "met_at",
            "next_check_at",
            "next_look_at",
            "updated_at",
            "extensions",
            "appeals",
            "observations",
        ]


class ReportSerializer(StrictSerializer):
    flag = serializers.IntegerField()
    verdict = serializers.ChoiceField(Verdict.choices)
    url = serializers.URLField(required=False, default="", allow_blank=True)
    note = serializers.CharField(required=False, default="", allow_blank=True)
