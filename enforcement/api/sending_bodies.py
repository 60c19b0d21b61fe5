"""What the API takes and answers about sending notices."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from enforcement.models import Policy
from enforcement.services import freeze
from portal.api.serializers import StrictSerializer
from recalls.models import Notice, Sending
from recalls.terms import terms_in_words

MAX_CHOSEN = 500


class PolicySerializer(serializers.ModelSerializer):
    terms_in_words = serializers.SerializerMethodField()

    class Meta:
        model = Policy
        fields = ["id", "name", "description", "is_active", "amount", "unit", "starts_on", "terms_in_words"]

    def get_terms_in_words(self, policy: Policy) -> str:
        return terms_in_words(freeze(policy))


class NewSendingSerializer(StrictSerializer):
    """Which recalls go to which platforms, and on which terms."""

    # Rows are chosen among those offered: what the actor does not see is no choice.

    recalls = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=MAX_CHOSEN,
        help_text="Ids of up to 500 recalls.",
    )
    platforms = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=MAX_CHOSEN, help_text="Slugs of platforms."
    )
    policy = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of an active policy.")
    message = serializers.CharField(required=False, default="", allow_blank=True, max_length=10_000)

    def __init__(self, *args: Any, offered: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered

    def validate_recalls(self, given: list[int]) -> list[Any]:
        return self._chosen("recalls", "pk", given)

    def validate_platforms(self, given: list[str]) -> list[Any]:
        return self._chosen("platforms", "slug", given)

    def validate_policy(self, given: int) -> Any:
        return self._chosen("policies", "pk", [given])[0]

    def _chosen(self, kind: str, field: str, given: list[Any]) -> list[Any]:
        rows = list(self.offered[kind].filter(**{f"{field}__in": given}))
        if missing := [
            str(value)[:60] for value in dict.fromkeys(given) if value not in {getattr(row, field) for row in rows}
        ]:
            raise serializers.ValidationError(f"There are no such {kind} that you can see: {', '.join(missing[:10])}.")
        return rows


class LeftOutSerializer(serializers.Serializer):
    recall = serializers.CharField()
    platform = serializers.CharField(allow_blank=True, help_text="Empty: no platform can get this recall.")
    detail = serializers.CharField()


class PlannedSerializer(serializers.Serializer):
    recall = serializers.CharField()
    platform = serializers.CharField()


class SendingPreviewSerializer(serializers.Serializer):
    notices = PlannedSerializer(many=True)
    left_out = LeftOutSerializer(many=True)
    too_many = serializers.BooleanField(help_text="true: more than 1,000 notices, which are not sent at once.")
    risk_not_signed = serializers.ListField(
        child=serializers.CharField(),
        help_text="Numbers of recalls that state a risk level without a signed assessment. They are sent all the same.",
    )


class SentNoticeSerializer(serializers.ModelSerializer):
    recall = serializers.CharField(source="recall.number")
    platform = serializers.CharField(source="platform.slug")
    flags = serializers.IntegerField(source="found", help_text="Flags that it led to so far.")

    class Meta:
        model = Notice
        fields = ["id", "recall", "platform", "status", "matched_at", "listings_read", "flags"]


class SendingSerializer(serializers.ModelSerializer):
    notices = SentNoticeSerializer(many=True)
    left_out = serializers.SerializerMethodField()

    class Meta:
        model = Sending
        fields = ["id", "policy", "sent_at", "updated_at", "notices", "left_out"]

    @extend_schema_field(LeftOutSerializer(many=True))
    def get_left_out(self, sending: Sending) -> list[dict[str, str]]:
        return [
            {"recall": row["recall"], "platform": row["platform"], "detail": row["why"]} for row in sending.left_out
        ]
