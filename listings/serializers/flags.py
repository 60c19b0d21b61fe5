"""Flags, with their evidence."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from listings import services
from listings.comparison import PLACES, VERDICTS, as_data, compare_rows
from listings.evidence_places import placed_in
from listings.models import Flag
from listings.serializers.evidence import EvidenceSerializer
from listings.serializers.listings import ListingSerializer
from listings.signal_names import evidence_of_v1
from listings.states import DecisionKind


class StatedSerializer(serializers.Serializer):
    value = serializers.CharField()
    place = serializers.ChoiceField(list(PLACES), allow_blank=True, help_text="Where it was read.")


class ComparedSerializer(serializers.Serializer):
    """One fact: what each side states, and what comes of comparing them."""

    fact = serializers.CharField()
    recall = StatedSerializer(many=True)
    listing = StatedSerializer(many=True)
    result = serializers.ChoiceField(list(VERDICTS), allow_blank=True)


@extend_schema_serializer(deprecate_fields=["relisted_why"])
class FlagSerializer(serializers.ModelSerializer):
    recall_id = serializers.IntegerField(read_only=True)
    recall_number = serializers.CharField(source="recall.number")
    platform: serializers.Field = serializers.SlugRelatedField("slug", read_only=True)
    listing = ListingSerializer()
    claimed_by = serializers.EmailField(source="claimed_by.email", default=None, allow_null=True)
    evidence = serializers.SerializerMethodField(
        help_text=(
            "Evidence for and against, in `name` and `detail`; `signal` and `says` are their earlier names. A span is a "
            "place in the text as it is now in the notice's version and in `listing`; null where its words are gone."
        )
    )
    comparison = serializers.SerializerMethodField(
        help_text="Recall and listing as it was flagged, fact by fact, each value with the place where it was read."
    )
    relisted_why = serializers.CharField(
        source="relisted_reason", read_only=True, help_text="Earlier name of relisted_reason."
    )
    needs_second = serializers.BooleanField(help_text="Whether a second reviewer must confirm a dismissal.")
    question = serializers.SerializerMethodField(
        help_text="What the seller was asked last; empty where no one asked. Send it to the seller."
    )
    seen = serializers.SerializerMethodField(
        help_text="Send this value with the decision. An outdated value is refused with 409."
    )

    class Meta:
        model = Flag
        fields = [
            "id",
            "notice",
            "recall_id",
            "recall_number",
            "platform",
            "status",
            "band",
            "score",
            "evidence",
            "comparison",
            "opened_at",
            "due_at",
            "claimed_by",
            "claim_expires_at",
            "needs_second",
            "question",
            "seller_due_at",
            "relisted_from",
            "relisted_reason",
            "relisted_why",
            "seen",
            "updated_at",
            "listing",
        ]

    @extend_schema_field(EvidenceSerializer(many=True))
    def get_evidence(self, flag: Flag) -> list[dict[str, Any]]:
        version, product, listing = flag.notice.version, flag.product, flag.listing
        recall = {"recall title": version.title, "recall description": version.description}
        if product is not None:
            recall |= {"product": product.name, "brand": product.brand}
        shown = {name: getattr(listing, name) for name in ("title", "description", "brand", "gtin", "mpn")}
        return evidence_of_v1(placed_in(flag.evidence, recall=recall, listing=shown))

    @extend_schema_field(ComparedSerializer(many=True))
    def get_comparison(self, flag: Flag) -> list[dict[str, Any]]:
        return as_data(compare_rows(flag))

    def get_question(self, flag: Flag) -> str:
        asked = (decision.question for decision in flag.decisions.all() if decision.kind == DecisionKind.ASK_SELLER)
        return next(asked, "")

    def get_seen(self, flag: Flag) -> str:
        return services.seen_token(flag)


class NextFlagSerializer(serializers.Serializer):
    flag = FlagSerializer(allow_null=True)


class FlagResultSerializer(serializers.Serializer):
    flag = serializers.IntegerField()
    result = serializers.ChoiceField(["done", "refused"])
    code = serializers.ChoiceField(
        ["stale", "lost_race", "illegal_transition", "invalid", "not_found", "permission_denied"],
        allow_blank=True,
        help_text="Why it was refused, as a call about this flag alone would say it; empty where it was not.",
    )
    detail = serializers.CharField(help_text="Why it was refused.", allow_blank=True)


class BulkFlagsSerializer(serializers.Serializer):
    results = FlagResultSerializer(many=True)
