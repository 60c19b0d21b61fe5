"""What a key says of itself: a program that was given one knows no more than its text."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.in_flight import MAX_AT_ONCE
from portal.api.permissions import actor_of
from portal.api.rate_limits import limit_of
from portal.api.views import ApiView
from portal.identity.access import PLATFORM_SCOPES, REGULATOR_SCOPES
from portal.models import ApiKey, Organisation


class KeyOwnerSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(Organisation.Kind.choices, read_only=True)

    class Meta:
        model = Organisation
        fields = ["slug", "name", "kind"]
        read_only_fields = fields


class KeyLimitsSerializer(serializers.Serializer):
    requests_per_minute = serializers.IntegerField(help_text="All keys of a sandbox together have one such limit.")
    requests_at_once = serializers.IntegerField(
        help_text="Of all keys of the organisation together, in each process of the server."
    )
    listings = serializers.IntegerField(allow_null=True, help_text="How many a sandbox holds; null with real data.")


class KeySerializer(serializers.ModelSerializer):
    """The key that the request was made with."""

    organisation = KeyOwnerSerializer(read_only=True)
    sandbox = serializers.BooleanField(
        source="organisation.is_sandbox", read_only=True, help_text="All of it is test data."
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(sorted({*PLATFORM_SCOPES, *REGULATOR_SCOPES})), read_only=True
    )
    acts_as = serializers.SerializerMethodField(
        help_text="Email address of the person as whom it acts, who made it; null for a platform's key, which acts for the platform."
    )
    scopes_beyond_role = serializers.SerializerMethodField(
        help_text="Those of its scopes of which the role of that person does not allow everything. Empty for platforms."
    )
    limits = serializers.SerializerMethodField()

    class Meta:
        model = ApiKey
        fields = [
            "name", "prefix", "organisation", "sandbox", "scopes", "acts_as", "scopes_beyond_role", "created_at", "expires_at",
            "limits",
        ]  # fmt: skip
        read_only_fields = fields

    def get_acts_as(self, key: ApiKey) -> str | None:
        return key.created_by.email if key.organisation.kind == Organisation.Kind.REGULATOR else None

    def get_scopes_beyond_role(self, key: ApiKey) -> list[str]:
        if key.organisation.kind != Organisation.Kind.REGULATOR:
            return []
        held = actor_of(self.context["request"]).permissions
        return [scope for scope in key.scopes if not REGULATOR_SCOPES.get(scope, frozenset()) <= held]

    @extend_schema_field(KeyLimitsSerializer)
    def get_limits(self, key: ApiKey) -> dict[str, Any]:
        listings = settings.SANDBOX_LISTINGS if key.organisation.is_sandbox else None
        return KeyLimitsSerializer(
            {"requests_per_minute": limit_of(key), "requests_at_once": MAX_AT_ONCE, "listings": listings}
        ).data


class OwnKey(ApiView):
    """This key: whose it is, its scopes, its limits, and when it expires. Any key may ask."""

    @extend_schema(responses=KeySerializer)
    def get(self, request: Request) -> Response:
        if not isinstance(request.auth, ApiKey):
            raise NotAuthenticated
        return Response(KeySerializer(request.auth, context={"request": request}).data)
