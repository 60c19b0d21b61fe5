"""What the API says of takedowns and observations, and what it takes."""

from rest_framework import serializers

from enforcement.models import Observation, Takedown
from enforcement.states import Verdict


class ObservationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Observation
        fields = ["id", "at", "source", "verdict", "rule", "says", "status_code", "url", "body_digest"]


class TakedownSerializer(serializers.ModelSerializer):
    observations = ObservationSerializer(many=True)

    class Meta:
        model = Takedown
        fields = [
            "flag",
            "status",
            "started_at",
            "started_because",
            "due_at",
            "due_because",
            "missed_at",
            "met_at",
            "next_look_at",
            "observations",
        ]


class ReportSerializer(serializers.Serializer):
    flag = serializers.IntegerField()
    verdict = serializers.ChoiceField(Verdict.choices)
    url = serializers.URLField(required=False, default="", allow_blank=True)
    note = serializers.CharField(required=False, default="", allow_blank=True)
