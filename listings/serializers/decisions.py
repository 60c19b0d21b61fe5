"""What is done to flags, one or many at once."""

from rest_framework import serializers

from listings import services
from listings.models import Exclusion
from listings.states import DecisionKind, DismissReason
from portal.api.serializers import StrictSerializer
from portal.models import User

MAX_ID = 2**63 - 1
KINDS = [kind for kind in DecisionKind.choices if kind[0] in services.MODERATORS]


class ClaimSerializer(StrictSerializer):
    person = serializers.SlugRelatedField(
        "email", queryset=User.objects.none(), help_text="Email address of the moderator who claims the flag."
    )

    def __init__(self, *args: object, people: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if people is not None:
            self.fields["person"].queryset = people  # type: ignore[attr-defined]


class HandOverSerializer(StrictSerializer):
    to = serializers.SlugRelatedField(
        "email", queryset=User.objects.none(), help_text="Email address of the moderator who gets the flag."
    )
    person = serializers.SlugRelatedField(
        "email",
        queryset=User.objects.none(),
        required=False,
        default=None,
        allow_null=True,
        help_text="Email address of the moderator who holds it, where one does.",
    )
    note = serializers.CharField(required=False, default="", allow_blank=True)

    def __init__(self, *args: object, people: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if people is not None:
            for name in ("to", "person"):
                self.fields[name].queryset = people  # type: ignore[attr-defined]


class _DecisionSerializer(StrictSerializer):
    kind = serializers.ChoiceField(
        KINDS,
        help_text="not_the_product needs a reason; with the reason other, escalate and seller_answered need a note. Where the "
        "flag's needs_second is true, not_the_product asks for a second person, who confirms on a page.",
    )
    reason = serializers.ChoiceField(DismissReason.choices, required=False, help_text="For not_the_product.")
    note = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="Kept in the case; no seller reads it. For seller_answered: the reply, recorded as passed on by your key.",
    )
    remember = serializers.ChoiceField(
        Exclusion.Scope.choices,
        required=False,
        default="listing",
        help_text="For not_the_product: what is no longer flagged under this recall.",
    )
    until = serializers.DateTimeField(
        required=False,
        default=None,
        allow_null=True,
        help_text="For not_the_product: when the exclusion of `remember` ends. null: it does not.",
    )
    seller_hours = serializers.IntegerField(
        required=False,
        default=services.SELLER_HOURS,
        min_value=1,
        max_value=services.MAX_SELLER_HOURS,
        help_text="For ask_seller: hours that the seller has to reply, at most until due_at.",
    )
    question = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=services.MAX_QUESTION,
        help_text="For ask_seller: what the seller is asked and can read. Empty: the usual question about the label.",
    )
    undoable = serializers.BooleanField(
        required=False,
        default=False,
        help_text="true: the decision can be undone for some seconds. Until then the regulator and the seller are told nothing "
        "of it; your own webhooks are, at once.",
    )


class DecideSerializer(_DecisionSerializer):
    seen = serializers.CharField(help_text="As the flag shows it. If the flag has changed since: 409, and no change.")


class SeenFlagSerializer(StrictSerializer):
    flag = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    seen = serializers.CharField(help_text="As the flag shows it.")


class BulkDecideSerializer(_DecisionSerializer):
    flags = serializers.ListField(
        child=SeenFlagSerializer(), min_length=1, max_length=services.MAX_COUNT, help_text="Up to 500 flags."
    )


class BulkClaimSerializer(ClaimSerializer):
    flags = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        min_length=1,
        max_length=services.MAX_COUNT,
        help_text="Numbers of up to 500 flags.",
    )
