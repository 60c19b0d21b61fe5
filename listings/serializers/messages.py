"""Messages on a flag, and their attachments."""

from rest_framework import serializers

from listings.models import Attachment, Message
from listings.serializers.attached_files import AttachedFiles
from listings.serializers.seller_links import SellerAnswerSerializer
from portal.api.serializers import StrictSerializer
from portal.models import User


class AttachmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attachment
        fields = ["id", "name", "content_type", "size", "sha256", "sent_sha256"]


class MessageSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="actor_label")
    seller = SellerAnswerSerializer(
        source="seller_answer", default=None, allow_null=True, help_text="null, unless a seller wrote it, as claimed."
    )
    mentioned: serializers.Field = serializers.SlugRelatedField("name", many=True, read_only=True)
    attachments = AttachmentSerializer(many=True)

    class Meta:
        model = Message
        fields = ["id", "audience", "author", "seller", "text", "mentioned", "attachments", "at"]


class NewMessageSerializer(StrictSerializer):
    """As JSON, or as multipart/form-data with attached files."""

    text = serializers.CharField(
        max_length=Message.MAX_LENGTH, help_text="Plain text. Write @ and a name to mention someone."
    )
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
    attachments = AttachedFiles()

    def __init__(self, *args: object, people: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if people is not None:
            self.fields["mentions"].child_relation.queryset = people  # type: ignore[attr-defined]


class ReadSerializer(StrictSerializer):
    up_to = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Number of the newest message read.")
