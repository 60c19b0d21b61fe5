"""Links for sellers, and what was written through them."""

from django.conf import settings
from rest_framework import serializers

from listings.models import SellerAnswer, SellerLink
from listings.serializers.attached_files import AttachedFiles
from listings.states import LinkState, SellerAct
from portal.api.serializers import StrictSerializer


class SellerAnswerSerializer(serializers.ModelSerializer):
    """What makes a message one of a seller. Everything about the author is a claim: whoever has the link can write."""

    link = serializers.IntegerField(source="link_id", help_text="The link that it was written through.")

    class Meta:
        model = SellerAnswer
        fields = ["link", "act", "name", "passed_on_by"]
        read_only_fields = fields


class SellerLinkSerializer(serializers.ModelSerializer):
    state = serializers.ChoiceField(LinkState.choices, read_only=True)
    flag = serializers.IntegerField(source="flag_id", read_only=True)
    address = serializers.CharField(read_only=True, help_text="Where it was mailed to. Empty: it was handed over.")

    class Meta:
        model = SellerLink
        fields = [
            "id",
            "flag",
            "state",
            "address",
            "language",
            "made_by",
            "created_at",
            "expires_at",
            "opened_at",
            "answered_at",
            "answers",
            "closed_at",
            "updated_at",
        ]
        read_only_fields = fields


class GivenLinkSerializer(SellerLinkSerializer):
    """A link that was just given."""

    url = serializers.CharField(
        allow_null=True,
        read_only=True,
        help_text="To hand over; it ends with the token. Shown once: null where the link is mailed, and in a replayed response.",
    )

    class Meta(SellerLinkSerializer.Meta):
        fields = [*SellerLinkSerializer.Meta.fields, "url"]
        read_only_fields = fields


class NewSellerLinkSerializer(StrictSerializer):
    address = serializers.CharField(  # an address, which the service checks, or nothing
        required=False,
        max_length=254,
        default="",
        allow_blank=True,
        help_text="Where to mail the link. Empty: hand over `url` yourself.",
    )
    language = serializers.ChoiceField(settings.LANGUAGES, required=False, default="en", help_text="Of the mail.")


class NewSellerAnswerSerializer(StrictSerializer):
    """As JSON, or as multipart/form-data with attached files."""

    token = serializers.CharField(
        max_length=200,
        help_text="The last part of the seller's link. Without it nobody speaks as the seller.",
    )
    act = serializers.ChoiceField(SellerAct.choices, help_text="contest submits an appeal for the seller.")
    text = serializers.CharField(help_text="What the seller wrote, unchanged.")
    name = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=SellerAnswer.MAX_NAME,
        help_text="As the seller gave it.",
    )
    attachments = AttachedFiles()
