"""The headers of answers, as the OpenAPI schema says them: what a program goes on by beside the body."""

from typing import Any

_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_TEXT: dict[str, Any] = {"type": "string"}
HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit-Limit": {"description": "Requests that this key may make in a window.", "schema": _NUMBER},
    "RateLimit-Remaining": {"description": "Requests that are left in this window.", "schema": _NUMBER},
    "RateLimit-Reset": {"description": "Seconds until the next window.", "schema": _NUMBER},
    "RateLimit-Policy": {
        "description": "The limit, and the length of the window in seconds: 600;w=60.",
        "schema": _TEXT,
    },
    "Offshelf-Sandbox": {
        "description": "Only with a key of a sandbox: all of it is test data.",
        "schema": {"type": "string", "const": "true"},
    },
    "Retry-After": {
        "description": "Seconds to wait before the same request; the same Idempotency-Key may be used. Where a conflict "
        "(409) has none, waiting alone changes nothing.",
        "schema": _NUMBER,
    },
    "ETag": {"description": "The state of the object, for If-Match and If-None-Match.", "schema": _TEXT},
    "Idempotency-Replayed": {
        "description": "The response of the first request with this Idempotency-Key; nothing was done again.",
        "schema": {"type": "string", "const": "true"},
    },
    "Location": {"description": "Address of what was made.", "schema": {"type": "string", "format": "uri-reference"}},
    "Upload-Offset": {"description": "The byte at which the next part begins.", "schema": _NUMBER},
    "WWW-Authenticate": {"description": "Bearer.", "schema": _TEXT},
}
"""The headers that are named in the schema, by their names: its components."""

# In every answer to a key that is known.
ALWAYS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy", "Offshelf-Sandbox")
BY_STATUS = {401: ("WWW-Authenticate",), 409: ("Retry-After",), 429: ("Retry-After",)}


def headers_of(status: int, *, has_etag: bool, repeats: bool, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """References to the headers that an answer of this status may have. Refusals have those of every answer, too; saying so
    once more for each status of each call would double the schema."""
    names = list(ALWAYS if status < 400 or status == 429 else ())
    names += BY_STATUS.get(status, ())
    if status < 400:
        names += [*(["ETag"] if has_etag else []), *(["Idempotency-Replayed"] if repeats else []), *more]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def add_headers(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """The last step of the schema: the components that `headers_of` refers to."""
    result["components"]["headers"] = HEADERS
    return result
