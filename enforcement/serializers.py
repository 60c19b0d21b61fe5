"""What the API returns about takedowns and observations, and what it accepts."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from enforcement.forms import DAY_LIMITS
from enforcement.letters.services import seen_of
from enforcement.models import Appeal, Escalation, Extension, Letter, Observation, PublicListing, Takedown
from enforcement.states import LetterStatus, Verdict
from portal.api.permissions import actor_of
from portal.api.serializers import StrictSerializer
from portal.models import Organisation, User


@extend_schema_serializer(deprecate_fields=["says"])
class ObservationSerializer(serializers.ModelSerializer):
    says = serializers.CharField(source="detail", read_only=True, help_text="Earlier name of detail.")

    class Meta:
        model = Observation
        fields = [
            "id", "at", "source", "verdict", "rule", "detail", "says", "status_code", "url", "body_digest", "updated_at",
        ]  # fmt: skip


@extend_schema_serializer(deprecate_fields=["says"])
class CheckRowSerializer(ObservationSerializer):
    """A check with what it is about."""

    flag = serializers.IntegerField(source="takedown.flag_id", read_only=True)
    platform = serializers.CharField(source="takedown.platform.slug", read_only=True)

    class Meta(ObservationSerializer.Meta):
        fields = ["id", "flag", "platform", *ObservationSerializer.Meta.fields[1:]]


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
    origin = serializers.ChoiceField(
        Appeal.Origin.choices,
        read_only=True,
        help_text="link: written through the seller's link, as claimed. passed_on: for the seller, without a link.",
    )

    class Meta:
        model = Appeal
        fields = [
            "id",
            "status",
            "side",
            "origin",
            "text",
            "made_by",
            "made_at",
            "answered_by",
            "answered_at",
            "answer",
        ]
        read_only_fields = fields


class AppealRequestSerializer(StrictSerializer):
    side = serializers.ChoiceField(
        Appeal.Side.choices,
        help_text="seller: recorded as passed on by your key. See seller-answers for the seller's own.",
    )
    text = serializers.CharField(help_text="Why the listing is not the recalled product.")


class AppealRowSerializer(AppealSerializer):
    """An appeal with what it is about."""

    flag = serializers.IntegerField(source="takedown.flag_id", read_only=True)
    platform = serializers.CharField(source="takedown.platform.slug", read_only=True)

    class Meta(AppealSerializer.Meta):
        fields = ["id", "flag", "platform", *AppealSerializer.Meta.fields[1:], "updated_at"]
        read_only_fields = fields


class _ClockNames(serializers.ModelSerializer):
    """The fields of a clock under their first names in version 1 of the API; both names are returned."""

    due_because = serializers.CharField(
        source="deadline_reason", read_only=True, help_text="Earlier name of deadline_reason."
    )
    next_check_at = serializers.DateTimeField(
        source="check_plan.next_at",
        read_only=True,
        allow_null=True,
        help_text="Null for platforms: nobody can be ready for a check.",
    )
    next_look_at = serializers.DateTimeField(
        source="check_plan.next_at", read_only=True, allow_null=True, help_text="Earlier name of next_check_at."
    )

    def to_representation(self, instance: Takedown) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if actor_of(self.context["request"]).platform_id is not None:
            shown["next_check_at"] = shown["next_look_at"] = None
        return shown


@extend_schema_serializer(deprecate_fields=["due_because", "next_look_at"])
class ClockSerializer(_ClockNames):
    """A takedown in a list."""

    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)
    listing = serializers.CharField(source="flag.listing.external_id")
    recall = serializers.CharField(source="flag.recall.number")
    is_late = serializers.BooleanField()

    class Meta:
        model = Takedown
        fields = [
            "flag", "platform", "listing", "recall", "status", "is_late", "started_at", "due_at", "deadline_reason", "due_because", "paused_at",
            "missed_at", "met_at", "next_check_at", "next_look_at", "updated_at",
        ]  # fmt: skip


@extend_schema_serializer(deprecate_fields=["rung"])
class EscalationSerializer(serializers.ModelSerializer):
    """A step that was raised for a takedown. Who handles it, and their note, is the regulator's own."""

    flag = serializers.IntegerField(source="takedown.flag_id")
    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)
    assigned_to = serializers.SerializerMethodField(help_text="Email address; null for platforms.")
    note = serializers.SerializerMethodField(help_text="Of the acknowledgement; empty for platforms.")
    rung = serializers.IntegerField(source="step", read_only=True, help_text="Earlier name of step.")

    class Meta:
        model = Escalation
        fields = [
            "id",
            "flag",
            "platform",
            "step",
            "rung",
            "kind",
            "due_at",
            "raised_at",
            "acknowledged_at",
            "resolved_at",
            "assigned_to",
            "note",
            "updated_at",
        ]

    def get_assigned_to(self, row: Escalation) -> str | None:
        return row.assigned_to.email if row.assigned_to and self._is_regulators else None

    def get_note(self, row: Escalation) -> str:
        return row.note if self._is_regulators else ""

    @property
    def _is_regulators(self) -> bool:
        return actor_of(self.context["request"]).platform_id is None


class CommentSerializer(StrictSerializer):
    text = serializers.CharField()


class EscalationHandOverSerializer(StrictSerializer):
    to = serializers.SlugRelatedField("email", queryset=User.objects.none(), help_text="Email address of a colleague.")
    note = serializers.CharField(required=False, default="", allow_blank=True)

    def __init__(self, *args: object, people: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if people is not None:
            self.fields["to"].queryset = people  # type: ignore[attr-defined]


class LetterSerializer(serializers.ModelSerializer):
    """A formal letter: as it was sent, or, for its regulator, as it is drafted."""

    flag = serializers.IntegerField(source="escalation.takedown.flag_id")
    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)
    sent_at = serializers.SerializerMethodField(help_text="null: it was not sent.")
    seen = serializers.SerializerMethodField(help_text="Digest of text and receiver. Send it back to send the letter.")

    class Meta:
        model = Letter
        fields = ["id", "flag", "platform", "status", "language", "subject", "body", "seen", "sent_at", "updated_at"]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_sent_at(self, letter: Letter) -> str | None:
        at = letter.reviewed_at if letter.status == LetterStatus.SENT else None
        return serializers.DateTimeField().to_representation(at) if at else None

    def get_seen(self, letter: Letter) -> str:
        return seen_of(letter)


class LetterTextSerializer(StrictSerializer):
    subject = serializers.CharField(max_length=300)
    body = serializers.CharField(max_length=50_000)


class LetterSendSerializer(StrictSerializer):
    seen = serializers.CharField(help_text="As the letter shows it: another text is not sent, nor to another receiver.")


class PublicListingSerializer(serializers.ModelSerializer):
    flag = serializers.IntegerField(source="escalation.takedown.flag_id")
    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = PublicListing
        fields = [
            "id",
            "flag",
            "platform",
            "status",
            "first_by",
            "second_by",
            "published_at",
            "withdrawn_at",
            "updated_at",
        ]


class DaysSerializer(StrictSerializer):
    """From the first day to the last, both included."""

    first = serializers.DateField(validators=DAY_LIMITS)
    last = serializers.DateField(validators=DAY_LIMITS)


class PeriodSerializer(DaysSerializer):
    platform = serializers.SlugRelatedField(
        "slug", queryset=Organisation.objects.none(), help_text="The platform's slug."
    )

    def __init__(self, *args: object, platforms: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if platforms is not None:
            self.fields["platform"].queryset = platforms  # type: ignore[attr-defined]


@extend_schema_serializer(deprecate_fields=["started_because", "due_because", "next_look_at"])
class TakedownSerializer(_ClockNames):
    """The clock of a flag, with what happened to it."""

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
    flag = serializers.IntegerField(help_text="Id of the flag.")
    verdict = serializers.ChoiceField(Verdict.choices, help_text="What was seen of its listing.")
    url = serializers.URLField(required=False, allow_blank=True, help_text="Where it was seen.")
    note = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="How it was seen. A picture of it goes with a message on the flag, as an attachment.",
    )
