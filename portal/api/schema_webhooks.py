"""The webhooks in the OpenAPI schema: a generator makes types of what a receiver gets, as of what a caller does."""

from typing import Any

from portal.notifications.events import EVENT_TYPES

_HEADERS = {
    "webhook-id": "The event, the same in all attempts: process each once.",
    "webhook-timestamp": "The time of the attempt, in seconds since 1970. Refuse one more than 5 minutes away.",
    "webhook-signature": "v1, and the base64 of HMAC-SHA256 over id.timestamp.body, with the base64 after whsec_ as the key. "
    "Several are separated by spaces; one must match.",
}
_IN_SANDBOXES = {
    "name": "Offshelf-Sandbox",
    "in": "header",
    "schema": {"type": "string", "const": "true"},
    "description": "Only from a sandbox: all of it is test data.",
}
_ANSWERS = {
    "2XX": {"description": "Taken. Respond within 10 seconds."},
    "410": {"description": "Gone: the endpoint is disabled."},
    "429": {"description": "Too many: Retry-After says for how many seconds to send nothing."},
    "default": {"description": "Not taken: it is sent again, 12 times within about two days."},
}


def add_webhooks(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """The last step of the schema: a webhook for each event type, with the JSON Schema that the page of the API shows."""
    result["webhooks"] = {name: {"post": _operation(name)} for name in sorted(EVENT_TYPES)}
    return result


def _operation(name: str) -> dict[str, Any]:
    schema = {key: value for key, value in EVENT_TYPES[name].schema(name).items() if key != "$schema"}
    return {
        "operationId": f"webhook_{name.replace('.', '_')}",
        "description": EVENT_TYPES[name].meaning,
        "tags": ["webhooks"],
        "parameters": [
            {"in": "header", "name": header, "required": True, "schema": {"type": "string"}, "description": description}
            for header, description in _HEADERS.items()
        ]
        + [_IN_SANDBOXES],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": _ANSWERS,
    }
