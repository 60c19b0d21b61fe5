"""What the API answers about recalls and notices, and what it takes beside the content of a recall."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.api.permissions import actor_of
from portal.api.serializers import StrictSerializer
from portal.identity.actors import Actor
from recalls.models import Notice, Picture, Product, Recall, RecallVersion
from recalls.presenters import version_for
from recalls.safety_serializers import FIELDS as SAFETY_FIELDS
from recalls.safety_serializers import SafetyFields
from recalls.services import may_approve
from recalls.terms import terms_in_words, terms_of_v1


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = ["name", "brand", "model_numbers", "gtins", "sizes", "units", "description"]


class VersionSerializer(SafetyFields, serializers.ModelSerializer):
    """What a version of a recall says."""

    products = ProductSerializer(many=True, read_only=True)

    class Meta:
        model = RecallVersion
        fields = [
            "version", "title", "description", "hazard", "remedy", "sold_at", "firms", "url", "products", *SAFETY_FIELDS,
        ]  # fmt: skip


class PictureSerializer(serializers.ModelSerializer):
    class Meta:
        model = Picture
        fields = ["url", "caption"]


class RecallVersionSerializer(VersionSerializer):
    """A version with all it says, published or not."""

    pictures = PictureSerializer(many=True, read_only=True)

    class Meta(VersionSerializer.Meta):
        fields = [
            *VersionSerializer.Meta.fields,
            "pictures",
            "change_note",
            "widens",
            "created_at",
            "published_at",
        ]


class RecallRowSerializer(serializers.ModelSerializer):
    """A recall in a list."""

    regulator: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)
    owner = serializers.SerializerMethodField(
        help_text="Email address of who owns the case at the regulator; null where nobody does, and for platforms."
    )

    class Meta:
        model = Recall
        fields = [
            "id", "number", "regulator", "status", "priority", "title", "recalled_on", "created_at", "published_at", "publish_at",
            "owner", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_owner(self, recall: Recall) -> str | None:
        if actor_of(self.context["request"]).platform_id is not None or recall.owner is None:
            return None
        return recall.owner.email


class RecallSerializer(RecallRowSerializer):
    version = serializers.SerializerMethodField(help_text="The version that you see: in force, or sent to you.")
    draft = serializers.SerializerMethodField(help_text="The unpublished version; null where there is none.")
    may_approve = serializers.SerializerMethodField(
        help_text="Whether this key may approve the unpublished version: its maker wrote nothing of it."
    )

    class Meta(RecallRowSerializer.Meta):
        fields = [*RecallRowSerializer.Meta.fields, "version", "draft", "may_approve"]

    @extend_schema_field(RecallVersionSerializer(allow_null=True))
    def get_version(self, recall: Recall) -> dict[str, Any] | None:
        version = version_for(recall, actor_of(self.context["request"]))
        return self._version(version)

    @extend_schema_field(RecallVersionSerializer(allow_null=True))
    def get_draft(self, recall: Recall) -> dict[str, Any] | None:
        return self._version(self._draft(recall))

    def _version(self, version: RecallVersion | None) -> dict[str, Any] | None:
        context = addresses_for(actor_of(self.context["request"]))
        return RecallVersionSerializer(version, context=context).data if version else None

    def get_may_approve(self, recall: Recall) -> bool:
        version = self._draft(recall)
        return version is not None and may_approve(version, actor_of(self.context["request"]))

    def _draft(self, recall: Recall) -> RecallVersion | None:
        rows = RecallVersion.objects.visible_to(actor_of(self.context["request"]))
        return rows.filter(recall=recall, published_at=None).first()


def addresses_for(actor: Actor) -> dict[str, bool]:
    """The context of a serializer of versions: whether the actor sees where businesses are."""
    return {"addresses": actor.platform_id is None}


class ChangeNoteSerializer(StrictSerializer):
    change_note = serializers.CharField(help_text="Platforms see this note.")


class EmbargoSerializer(StrictSerializer):
    publish_at = serializers.DateTimeField(help_text="At most a year away.")


class StepSerializer(serializers.Serializer):
    """A step of the escalation ladder."""

    step = serializers.IntegerField()
    kind = serializers.CharField(help_text="As in `escalations`.")
    offset_seconds = serializers.IntegerField(help_text="From the deadline; negative before it.")
    working_days = serializers.IntegerField(
        required=False, help_text="Where it is there: at the end of that working day after the deadline instead."
    )


class TermsSerializer(serializers.Serializer):
    """The policy as it was when the notice was sent. Later edits do not change it; more fields may come."""

    policy = serializers.CharField(help_text="Its name then.")
    amount = serializers.IntegerField(help_text="How long, in `unit`.")
    unit = serializers.ChoiceField(["seconds", "minutes", "hours", "working_days"])
    starts_on = serializers.ChoiceField(["sent", "delivered", "acknowledged"], help_text="What starts the clock.")
    start_latest_hours = serializers.IntegerField(help_text="Hours after sending when it starts at the latest.")
    country = serializers.CharField(help_text="Whose working days count.")
    time_zone = serializers.CharField()
    checks_needed = serializers.IntegerField(help_text="Matching checks that confirm a removal.")
    check_interval_seconds = serializers.IntegerField(help_text="Minimum time between them.")
    rescans = serializers.ListField(
        child=serializers.IntegerField(), help_text="Seconds after the confirmation when the listing is checked again."
    )
    steps = StepSerializer(many=True)


class NoticeSerializer(serializers.ModelSerializer):
    recall_number = serializers.CharField(source="recall.number", read_only=True)
    priority = serializers.ChoiceField(Recall.Priority.choices, source="recall.priority", read_only=True)
    recall_id = serializers.IntegerField(read_only=True)
    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)
    recall = VersionSerializer(source="version", read_only=True)
    terms = serializers.SerializerMethodField(
        help_text="The frozen policy. `looks_needed`, `looks_apart_seconds` and a step's `rung` are earlier names of "
        "checks_needed, check_interval_seconds and step."
    )
    terms_in_words = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = [
            "id",
            "recall_id",
            "recall_number",
            "platform",
            "priority",
            "status",
            "message",
            "sent_at",
            "delivered_at",
            "acknowledged_at",
            "updated_at",
            "held_back",
            "terms",
            "terms_in_words",
            "recall",
        ]

    @extend_schema_field(TermsSerializer)
    def get_terms(self, notice: Notice) -> dict[str, Any]:
        return terms_of_v1(notice.terms)

    def get_terms_in_words(self, notice: Notice) -> str:
        return terms_in_words(notice.terms)
