"""The API's listings and flags: responses and requests."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, extend_schema_serializer
from rest_framework import serializers

from listings import services
from listings.evidence_places import placed_in
from listings.models import Attachment, Exclusion, Flag, Listing, Message
from listings.signal_names import evidence_of_v1
from listings.states import DecisionKind, DismissReason
from portal.api.serializers import StrictSerializer
from portal.models import User


class ListingSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="external_id")

    class Meta:
        model = Listing
        fields = [
            "id",
            "title",
            "description",
            "brand",
            "gtin",
            "mpn",
            "seller",
            "category",
            "price",
            "currency",
            "link",
            "image_link",
            "present",
            "first_seen_at",
            "changed_at",
        ]


class ListingItemSerializer(StrictSerializer):
    """One listing as a platform sends it."""

    id = serializers.CharField(help_text="The platform's own id of the listing.")
    title = serializers.CharField(required=False, help_text="Required, unless present is false.")
    description = serializers.CharField(required=False)
    brand = serializers.CharField(required=False)
    gtin = serializers.CharField(required=False, help_text="Several GTINs with commas between them.")
    mpn = serializers.CharField(required=False)
    seller = serializers.CharField(required=False)
    category = serializers.CharField(required=False)
    price = serializers.CharField(required=False, help_text='For example "12.50 USD".')
    currency = serializers.CharField(required=False)
    link = serializers.CharField(required=False)
    image_link = serializers.CharField(required=False)
    present = serializers.BooleanField(
        required=False, help_text="false: the listing is off sale. Its other fields are then not stored."
    )


class AnyItem(serializers.Field):
    """Whatever was sent: an item of another shape has its own result, and costs itself alone."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class AnyItemInSchema(OpenApiSerializerFieldExtension):
    target_class = AnyItem

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        item = auto_schema.resolve_serializer(ListingItemSerializer, direction)
        return {"anyOf": [item.ref, {"description": "Anything else is answered with rejected."}]}


class BulkSerializer(StrictSerializer):
    listings = serializers.ListField(
        child=AnyItem(allow_null=True),
        help_text="Up to 10,000 listings. An item that is no listing, or has an unknown field, is answered with rejected.",
    )


class PresenceSerializer(StrictSerializer):
    present = serializers.BooleanField(help_text="false: the listing is off sale. true: it is on sale again.")


class PresenceResultSerializer(serializers.Serializer):
    result = serializers.ChoiceField(["absent", "present", "unchanged"])
    listing = ListingSerializer()


class ItemResultSerializer(serializers.Serializer):
    id = serializers.CharField()
    result = serializers.ChoiceField(["created", "changed", "unchanged", "absent", "rejected"])
    reasons = serializers.ListField(child=serializers.CharField())


class BulkResultSerializer(serializers.Serializer):
    results = ItemResultSerializer(many=True)


@extend_schema_serializer(deprecate_fields=["relisted_why"])
class FlagSerializer(serializers.ModelSerializer):
    recall_number = serializers.CharField(source="recall.number")
    listing = ListingSerializer()
    claimed_by = serializers.EmailField(source="claimed_by.email", default=None, allow_null=True)
    evidence = serializers.SerializerMethodField(
        help_text=(
            "Evidence for and against, in `name` and `detail`; `signal` and `says` are their earlier names. A span is a "
            "place in the text as it is now in the notice's version and in `listing`; null where its words are gone."
        )
    )
    relisted_why = serializers.CharField(
        source="relisted_reason", read_only=True, help_text="Earlier name of relisted_reason."
    )
    needs_second = serializers.BooleanField(help_text="Whether a second reviewer must confirm a dismissal.")
    seen = serializers.SerializerMethodField(
        help_text="Send this value with the decision. An outdated value is refused with 409."
    )

    class Meta:
        model = Flag
        fields = [
            "id",
            "notice",
            "recall_number",
            "status",
            "band",
            "score",
            "evidence",
            "opened_at",
            "due_at",
            "claimed_by",
            "claim_expires_at",
            "needs_second",
            "seller_due_at",
            "relisted_from",
            "relisted_reason",
            "relisted_why",
            "seen",
            "updated_at",
            "listing",
        ]

    def get_evidence(self, flag: Flag) -> list[dict[str, Any]]:
        version, product, listing = flag.notice.version, flag.product, flag.listing
        recall = {"recall title": version.title, "recall description": version.description}
        if product is not None:
            recall |= {"product": product.name, "brand": product.brand}
        shown = {name: getattr(listing, name) for name in ("title", "description", "brand", "gtin", "mpn")}
        return evidence_of_v1(placed_in(flag.evidence, recall=recall, listing=shown))

    def get_seen(self, flag: Flag) -> str:
        return services.seen_token(flag)


class ClaimSerializer(StrictSerializer):
    person = serializers.SlugRelatedField(
        "email", queryset=User.objects.none(), help_text="Email address of the moderator who claims the flag."
    )

    def __init__(self, *args: object, people: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if people is not None:
            self.fields["person"].queryset = people  # type: ignore[attr-defined]


class DecideSerializer(StrictSerializer):
    kind = serializers.ChoiceField([kind for kind in DecisionKind.choices if kind[0] in services.MODERATORS])
    reason = serializers.ChoiceField(DismissReason.choices, required=False, help_text="For not_the_product.")
    note = serializers.CharField(required=False, default="", allow_blank=True)
    remember = serializers.ChoiceField(
        Exclusion.Scope.choices,
        required=False,
        default="listing",
        help_text="For not_the_product: what is no longer flagged under this recall.",
    )
    until = serializers.DateTimeField(required=False, default=None, allow_null=True)
    seller_hours = serializers.IntegerField(
        required=False,
        default=services.SELLER_HOURS,
        min_value=1,
        max_value=services.MAX_SELLER_HOURS,
        help_text="For ask_seller: hours that the seller has to reply, at most until due_at.",
    )
    seen = serializers.CharField()


class AttachmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attachment
        fields = ["id", "name", "content_type", "size", "sha256", "sent_sha256"]


class MessageSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="actor_label")
    mentioned: serializers.Field = serializers.SlugRelatedField("name", many=True, read_only=True)
    attachments = AttachmentSerializer(many=True)

    class Meta:
        model = Message
        fields = ["id", "audience", "author", "text", "mentioned", "attachments", "at"]


class NewMessageSerializer(StrictSerializer):
    """As JSON, or as multipart/form-data with attached files."""

    text = serializers.CharField(help_text="Plain text. Write @ and a name to mention someone.")
    audience = serializers.ChoiceField(
        Message.Audience.choices,
        required=False,
        default=Message.Audience.BOTH.value,
        help_text="both: the regulator can read it; own: only your own people can read it.",
    )
    mentions = serializers.SlugRelatedField(
        "email",
        queryset=User.objects.none(),
        many=True,
        required=False,
        default=list,
        help_text="Email addresses of people who can read it and are notified immediately.",
    )
    attachments = serializers.ListField(
        child=serializers.FileField(),
        required=False,
        default=list,
        help_text="Up to 3 files: PNG, JPEG, WebP, PDF or plain text, 5 MB each.",
    )

    def __init__(self, *args: object, people: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if people is not None:
            self.fields["mentions"].child_relation.queryset = people  # type: ignore[attr-defined]


class ExclusionSerializer(serializers.ModelSerializer):
    recall_number = serializers.CharField(
        source="recall.number", default=None, allow_null=True, help_text="Empty: all recalls of the regulator."
    )
    listing = serializers.CharField(source="listing.external_id", default=None, allow_null=True)

    class Meta:
        model = Exclusion
        fields = [
            "id",
            "scope",
            "covers",
            "recall_number",
            "listing",
            "gtin",
            "seller",
            "flag",
            "reason",
            "made_by",
            "made_at",
            "expires_at",
            "state",
            "withdrawn_at",
            "withdrawn_by",
            "updated_at",
        ]
        read_only_fields = fields


class ReasonSerializer(StrictSerializer):
    reason = serializers.CharField(help_text="Stays in the audit log.")
