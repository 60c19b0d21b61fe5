"""What our SCIM endpoint says of itself: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643, 5 to 7)."""

from typing import Any

from portal.scim_messages import MAX_RESULTS, SCHEMA, USER


def provider_config(base: str) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MAX_RESULTS},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": False},
        "authenticationSchemes": [
            {"type": "oauthbearertoken", "name": "Token", "description": "Authorization: Bearer ofp_…", "primary": True}
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }


def resource_types(base: str) -> list[dict[str, Any]]:
    return [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "description": "A person's account",
            "schema": USER,
            "schemaExtensions": [],
            "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/User"},
        }
    ]


def _attribute(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name, "type": kind, "multiValued": False, "description": "", "required": False, "mutability": "readWrite",
        "returned": "default", "uniqueness": "none",
    }  # fmt: skip
    return found | ({"caseExact": False} if kind == "string" else {}) | more


def schemas(base: str) -> list[dict[str, Any]]:
    value = _attribute("value", description="The value.")
    return [
        {
            "schemas": [SCHEMA],
            "id": USER,
            "name": "User",
            "description": "A person's account",
            "attributes": [
                _attribute("userName", required=True, uniqueness="server", description="The email address."),
                _attribute("displayName", description="The name as pages show it."),
                _attribute("name", "complex", description="The name.", subAttributes=[
                    _attribute(part, description="A part of the name.") for part in ("formatted", "givenName", "familyName")
                ]),
                _attribute("active", "boolean", description="Whether the person can sign in."),
                _attribute("emails", "complex", multiValued=True, mutability="readOnly", description="userName again.",
                           subAttributes=[value, _attribute("primary", "boolean", description="Always true.")]),
                _attribute("roles", "complex", multiValued=True, description="Values that the organisation mapped to roles.",
                           subAttributes=[value]),
            ],
            "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{USER}"},
        }
    ]  # fmt: skip
