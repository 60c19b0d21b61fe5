"""Idempotency-Key: a call that is repeated, because its answer was lost, has one effect and gets the same answer again.

Effect and answer are committed together, so neither is without the other whatever dies in between; while a call is at
work, a lock refuses its twin. Keys belong to the organisation of the API key and are kept for 24 hours.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.permissions import actor_of
from portal.api.problems import CallRefused
from portal.identity import throttle
from portal.models import KeptAnswer

HEADER = "Idempotency-Key"
MAX_KEYS = 100_000  # new ones of an organisation in 24 hours
MAX_SIZE = 4 << 20  # bytes of an answer that are kept, packed
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_AGAIN = "Idempotency-Replayed"


def answer_once(request: Request, organisation_id: int, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer of `act`, which changes something, or the kept one where this call was made before.

    `act` turns errors that refuse into answers, and raises others: then nothing is kept. Raises CallRefused: bad_header for
    a key that is none, idempotency_key_reused for one of another call, idempotency_in_progress beside its twin.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not _KEY.fullmatch(key):
        raise CallRefused("bad_header", f"{HEADER} must have 1 to 255 visible ASCII characters, for example a UUID.")
    digest = _digest_of(request)
    with transaction.atomic():
        _lock(organisation_id, key)
        kept = KeptAnswer.objects.filter(organisation_id=organisation_id, key=key).first()
        if kept is not None and kept.created_at > timezone.now() - KeptAnswer.KEPT:
            return _again(kept, digest)
        if kept is not None:
            kept.delete()
        _count_keys(organisation_id)
        response = act()
        _keep(organisation_id, key, digest, response)
    return response


def _lock(organisation_id: int, key: str) -> None:
    number = int.from_bytes(
        hashlib.sha256(f"idempotency\x1f{organisation_id}\x1f{key}".encode()).digest()[:8], signed=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        raise CallRefused("idempotency_in_progress", f"A request with this {HEADER} is being processed.", wait=1)


def _count_keys(organisation_id: int) -> None:
    used, until = throttle.count("idempotency keys", str(organisation_id), seconds=int(KeptAnswer.KEPT.total_seconds()))
    if used > MAX_KEYS:
        wait = max(1, int((until - timezone.now()).total_seconds()))
        raise CallRefused("throttled", f"Your organisation has used {MAX_KEYS:,} keys in 24 hours.", wait=wait)


def _digest_of(request: Request) -> str:
    """SHA-256 of what the call asks for: the order of fields and the borders of a form make no difference."""
    data = request.data
    if isinstance(data, QueryDict):
        parts = [(name, [_plain(value) for value in values]) for name, values in sorted(data.lists())]
        content = json.dumps(parts)
    else:
        content = json.dumps(data, sort_keys=True)
    asked = [str(request.method), request.get_full_path(), content]
    if (person := actor_of(request).user_id) is not None:
        asked.append(str(person))  # a regulator's keys act as people: the call of a colleague is another one
    return hashlib.sha256("\x1f".join(asked).encode()).hexdigest()


def _plain(value: object) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return f"{value.name}\x1f{digest.hexdigest()}"


def keep_instead(response: Response, data: Any) -> None:
    """Keep `data` for a repetition instead of an answer that holds a secret, which is shown once."""
    response.kept_data = data  # type: ignore[attr-defined]


def _kept_content(response: HttpResponse) -> bytes:
    if isinstance(response, Response) and hasattr(response, "kept_data"):
        content = response.accepted_renderer.render(response.kept_data)
        return content if isinstance(content, bytes) else content.encode()
    return response.content


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.digest != digest:
        raise CallRefused("idempotency_key_reused", f"This {HEADER} was used for another request. Use a new one.")
    response = HttpResponse(zlib.decompress(kept.content), status=kept.status, headers=kept.headers)
    response[_AGAIN] = "true"
    return response


def _keep(organisation_id: int, key: str, digest: str, response: HttpResponseBase) -> None:
    """Keep what was decided. Not a stream, nor what is about the moment: what says when to try again, or our failure."""
    if isinstance(response, Response):
        response.render()
    is_of_the_moment = "Retry-After" in response or response.status_code == 429
    if not isinstance(response, HttpResponse) or is_of_the_moment or response.status_code >= 500:
        return
    content = zlib.compress(_kept_content(response), 1)
    if len(content) <= MAX_SIZE:
        headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        KeptAnswer.objects.create(
            organisation_id=organisation_id, key=key, digest=digest, status=response.status_code, headers=headers, content=content
        )  # fmt: skip
