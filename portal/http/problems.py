"""The codes of refusals: problem details (RFC 9457) say one of them, and the page of the API's errors explains each.

A code is part of the API's version: it may be added, and is never renamed or used for something else.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of refusal: its HTTP status, its title, what it means, and what to do about it."""

    status: int
    title: str
    meaning: str
    remedy: str


PROBLEMS: dict[str, Problem] = {
    "parse_error": Problem(
        400, "Malformed request", "The body is not JSON, or is nested too deeply.", "Send one valid JSON document."
    ),
    "unknown_parameter": Problem(
        400,
        "Unknown query parameter",
        "The address has a query parameter that this call does not know.",
        "Use the name that `detail` suggests, or remove the parameter.",
    ),
    "unknown_field": Problem(
        400,
        "Unknown field",
        "The body has a field that this call does not accept, or `fields` names one that the response does not have.",
        "Use the name that `detail` suggests, or remove the field.",
    ),
    "bad_header": Problem(
        400, "Malformed header", "A header has a value that cannot be used.", "Correct the header that `detail` names."
    ),
    "bad_request": Problem(
        400, "Not understood", "The server cannot read the request as it is.", "Correct what `detail` says."
    ),
    "not_authenticated": Problem(
        401, "No API key", "The request has no API key.", "Send Authorization: Bearer and the key."
    ),
    "authentication_failed": Problem(
        401,
        "API key refused",
        "The key is unknown, expired or revoked, or the header is malformed.",
        "Check the key. You can create a new one under Keys.",
    ),
    "permission_denied": Problem(
        403,
        "Not allowed",
        "The key's scopes do not cover this call, or its organisation may not make it.",
        "Create a key with the scope that the call needs.",
    ),
    "not_in_sandbox": Problem(
        403,
        "Not with a real key",
        "“Try it” on the documentation's page was used with a key of real data for a call that changes something.",
        "Use a key of your sandbox (it begins with ofs_sandbox_), or make the call with a program of yours.",
    ),
    "not_found": Problem(
        404,
        "Not found",
        "There is nothing at this address, or it belongs to another organisation.",
        "Check the id. Ids come from the lists of this API.",
    ),
    "method_not_allowed": Problem(
        405, "Method not allowed", "This address has no such method.", "Use a method of the header Allow."
    ),
    "not_acceptable": Problem(
        406, "Not acceptable", "The header Accept asks for a format that this call does not have.", "Accept any format."
    ),
    "illegal_transition": Problem(
        409,
        "Not possible in this state",
        "The object is in a state in which this call is not possible.",
        "Fetch the object again and decide by its state.",
    ),
    "lost_race": Problem(
        409, "Changed in the meantime", "Another change came first. Nothing was changed.", "Fetch the object again."
    ),
    "stale": Problem(
        409,
        "Decided on outdated information",
        "The object or its evidence changed after it was fetched. Nothing was changed.",
        "Fetch the object again, and send the value of `seen` that it has now.",
    ),
    "idempotency_in_progress": Problem(
        409,
        "Request in progress",
        "A request with this Idempotency-Key is being processed.",
        "Repeat the request after the seconds of Retry-After.",
    ),
    "offset_conflict": Problem(
        409,
        "Not where the upload ends",
        "The part does not begin at the byte up to which the upload is here, or another sender was first. Nothing was stored.",
        "Ask with HEAD for Upload-Offset, and send what follows it.",
    ),
    "upload_incomplete": Problem(
        409, "Upload not complete", "Not all bytes of the file are here.", "Send the other parts first."
    ),
    "too_many_uploads": Problem(
        409,
        "Too many unfinished uploads",
        "Your platform has begun as many uploads as may wait at once.",
        "Finish or delete one. GET /api/v1/uploads lists them.",
    ),
    "too_many_parts": Problem(
        409, "Too many parts", "The upload has as many parts as one may have.", "Delete it and send larger parts."
    ),
    "upload_gone": Problem(
        410,
        "Upload expired",
        "The upload was not continued in time, or was deleted. Its parts are deleted.",
        "Begin a new one.",
    ),
    "length_required": Problem(
        411, "Length required", "The request does not say how long it is.", "Send Content-Length; do not send chunks."
    ),
    "precondition_failed": Problem(
        412,
        "Changed since it was fetched",
        "The object no longer has the ETag of If-Match. Nothing was changed.",
        "Fetch the object again and use its new ETag.",
    ),
    "unsupported_version": Problem(
        412,
        "Another version of tus",
        "The header Tus-Resumable is missing or names a version that is not supported.",
        "Send Tus-Resumable: 1.0.0.",
    ),
    "too_large": Problem(
        413, "Too large", "The request is larger than this call accepts.", "Send less, or several requests."
    ),
    "unsupported_media_type": Problem(
        415, "Unsupported media type", "The body has a type that this call does not read.", "Send application/json; parts of an upload are application/offset+octet-stream."
    ),
    "invalid": Problem(
        422,
        "Invalid request content",
        "A value is missing, has the wrong type, or is not allowed.",
        "`errors` gives the reason for each field.",
    ),
    "idempotency_key_reused": Problem(
        422,
        "Idempotency-Key used before",
        "The key was used within 24 hours for a request with another address or body, or by a colleague at the "
        "regulator.",
        "Use a new key for each new request, and the same one only to repeat it.",
    ),
    "precondition_required": Problem(
        428,
        "If-Match missing",
        "The call approves what somebody has read, and does not say which text that was. Nothing was changed.",
        "Fetch the object, have it read, and send its ETag as If-Match. An asterisk names no text.",
    ),
    "throttled": Problem(
        429,
        "Too many requests",
        "The limit of this key, or of this call, is used up for the moment.",
        "Wait for the seconds of Retry-After. RateLimit-Remaining says how many requests are left.",
    ),
    "checksum_mismatch": Problem(
        460,
        "Checksum does not fit",
        "The part that came has another digest than Upload-Checksum says. Nothing was stored.",
        "Send the part again.",
    ),
    "server_error": Problem(
        500, "Something went wrong", "The error was logged, and nothing was changed.", "Try again later."
    ),
    "no_space": Problem(
        507, "No space left", "The server's disk is full. Nothing was changed.", "Try again later."
    ),
}  # fmt: skip

_BY_STATUS = {
    400: "bad_request", 401: "not_authenticated", 409: "lost_race", 412: "precondition_failed", 422: "invalid"
}  # fmt: skip


def code_of(status: int) -> str:
    """The code of a refusal of which no more is known than its status."""
    known = (code for code, problem in PROBLEMS.items() if problem.status == status)
    return _BY_STATUS.get(status) or next(known, "bad_request" if status < 500 else "server_error")


def problem_body(code: str, detail: str, *, title: str = "", status: int = 0) -> dict[str, Any]:
    """The members of a problem; `type` is the address at which its code is explained."""
    problem = PROBLEMS[code]
    return {
        "type": f"{settings.BASE_URL}/api/docs/errors#{code}",
        "title": title or problem.title,
        "status": status or problem.status,
        "detail": detail,
        "code": code,
    }
