"""Risk, injuries, measures and businesses in the API: the same names to read and to write, and `unstated` for no word."""

from typing import Any

from rest_framework import serializers

from portal.api.serializers import StrictSerializer
from recalls.importers import safety
from recalls.models import RecallVersion
from recalls.models.safety import BusinessRole, MeasureBasis, MeasureKind, RiskLevel, Severity

UNSTATED = "unstated"
FIELDS = list(safety.NAMES)


class VocabularyField(serializers.ChoiceField):
    """A word of a vocabulary; `unstated` is stored as nothing."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__([*choices, (UNSTATED, "Not stated")], **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value or UNSTATED

    def to_internal_value(self, data: Any) -> Any:
        word = super().to_internal_value(data)
        return "" if word == UNSTATED else word


class MeasureSerializer(StrictSerializer):
    kind = serializers.ChoiceField(MeasureKind.choices)
    by = serializers.CharField(
        max_length=safety.MAX_LINE, required=False, default="", allow_blank=True, help_text="Who orders or takes it."
    )
    basis = VocabularyField(MeasureBasis.choices, required=False, default=UNSTATED)
    since = serializers.DateField(required=False, default=None, allow_null=True, help_text="From which day it holds.")
    details = serializers.CharField(max_length=safety.MAX_LINE, required=False, default="", allow_blank=True)


class BusinessSerializer(StrictSerializer):
    role = serializers.ChoiceField(BusinessRole.choices)
    name = serializers.CharField(max_length=safety.MAX_LINE)
    address = serializers.CharField(
        max_length=safety.MAX_LINE,
        required=False,
        default="",
        allow_blank=True,
        help_text="Empty for platforms: they do not see it.",
    )
    country = serializers.CharField(max_length=safety.MAX_COUNTRY, required=False, default="", allow_blank=True)
    trade_names = serializers.ListField(
        child=serializers.CharField(max_length=safety.MAX_LINE),
        required=False,
        default=list,
        max_length=safety.MAX_TRADE_NAMES,
    )


def _count(help_text: str) -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0,
        max_value=safety.MAX_COUNT,
        required=False,
        default=None,
        allow_null=True,
        help_text=f"{help_text} null: unknown, which is not 0.",
    )


class SafetyFields(serializers.Serializer):
    """What a version says beside its text, for readers: mixed into serializers of versions. All of it is seen by platforms,
    but not where businesses are, which a serializer shows whose context says `addresses`."""

    risk_level = VocabularyField(RiskLevel.choices, read_only=True)
    incidents = serializers.IntegerField(read_only=True, allow_null=True, help_text="null: unknown, which is not 0.")
    injuries = serializers.IntegerField(read_only=True, allow_null=True)
    deaths = serializers.IntegerField(read_only=True, allow_null=True)
    worst_severity = VocabularyField(Severity.choices, read_only=True)
    injury_details = serializers.CharField(read_only=True)
    measures = MeasureSerializer(many=True, read_only=True)
    businesses = BusinessSerializer(many=True, read_only=True)

    def to_representation(self, instance: RecallVersion) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if not self.context.get("addresses"):
            for business in shown["businesses"]:
                business["address"] = ""
        return shown


class WrittenSafetyFields(StrictSerializer):
    """The same for writers; what is left out is not stated."""

    risk_level = VocabularyField(RiskLevel.choices, required=False, default=UNSTATED)
    incidents = _count("How many incidents are known.")
    injuries = _count("How many people were injured.")
    deaths = _count("How many people died.")
    worst_severity = VocabularyField(Severity.choices, required=False, default=UNSTATED)
    injury_details = serializers.CharField(
        max_length=10_000, required=False, default="", allow_blank=True, help_text="Platforms see this."
    )
    measures = serializers.ListField(
        child=MeasureSerializer(), required=False, default=list, max_length=safety.MAX_MEASURES
    )
    businesses = serializers.ListField(
        child=BusinessSerializer(), required=False, default=list, max_length=safety.MAX_BUSINESSES
    )


def recorded_in(given: dict[str, Any]) -> dict[str, Any]:
    """The checked fields as a content takes them."""
    found = {name: given[name] for name in FIELDS}
    found |= {name: _word(given[name]) for name in ("risk_level", "worst_severity")}
    found["measures"] = tuple(dict.fromkeys(_measure(each) for each in given["measures"]))
    found["businesses"] = tuple(dict.fromkeys(_business(each) for each in given["businesses"]))
    return found


def _word(value: str) -> str:
    """A default does not go through the field that would read it."""
    return "" if value == UNSTATED else value


def _measure(given: dict[str, Any]) -> safety.Measure:
    since = given["since"].isoformat() if given["since"] else ""
    by, details = safety.one_line(given["by"]), safety.one_line(given["details"])
    return safety.Measure(given["kind"], by, _word(given["basis"]), since, details)


def _business(given: dict[str, Any]) -> safety.Business:
    name, address, country = (safety.one_line(given[field]) for field in ("name", "address", "country"))
    trade_names = tuple(dict.fromkeys(safety.one_line(each) for each in given["trade_names"]))
    return safety.Business(given["role"], name, address, country, trade_names)


class OwnerSerializer(StrictSerializer):
    owner = serializers.EmailField(
        allow_null=True, help_text="Email address of somebody of the regulator's staff. null: nobody owns it."
    )
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class WrittenAssessmentSerializer(StrictSerializer):
    text = serializers.CharField(max_length=20_000, help_text="No platform sees it. A change takes the signature away.")
    version = serializers.IntegerField(
        min_value=1, required=False, default=None, allow_null=True, help_text="null: the version in force."
    )


class SignatureSerializer(StrictSerializer):
    assessed_at = serializers.DateTimeField(
        help_text="Of the assessment as you read it: what changed since is not signed."
    )
    version = serializers.IntegerField(
        min_value=1, required=False, default=None, allow_null=True, help_text="null: the version in force."
    )


class RiskSerializer(serializers.Serializer):
    """The risk level of one version, its assessment, and whether a second person signed that."""

    version = serializers.IntegerField()
    risk_level = VocabularyField(RiskLevel.choices)
    assessment_state = serializers.ChoiceField(
        ["unstated", "unassessed", "other_level", "unsigned", "signed"],
        help_text="other_level: the assessment is of another risk level. Nothing but `signed` is signed.",
    )
    text = serializers.CharField(allow_blank=True)
    assessed_by = serializers.CharField(allow_null=True)
    assessed_at = serializers.DateTimeField(allow_null=True)
    signed_by = serializers.CharField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    may_sign = serializers.BooleanField(help_text="Whether the maker of this key may sign it.")
