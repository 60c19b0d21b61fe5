"""Telling platforms' programs: a signed POST to each webhook endpoint, sent again until it is taken
(portal/notifications/deliveries.py). Every attempt is kept for the platform to read."""

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.http.addresses import parts_of
from portal.http.client import NoAnswer, ask
from portal.identity.encryption import Unreadable, decrypt
from portal.models import Hook, HookAttempt, WebhookEndpoint
from portal.notifications import endpoint_health, signatures
from portal.notifications.deliveries import THREADS, Channel, Outcome, deliver
from portal.notifications.events import objects_of
from portal.retry_after import seconds_in

MAX_ANSWER = 65_536  # bytes that are read of an answer
KEPT_ANSWER = 2_048  # bytes that are kept of it
SECONDS = 10.0
ASKS_TO_WAIT = frozenset({429, 503})  # statuses whose Retry-After is honoured
UNREADABLE = "Its secret can no longer be read, because SECRET_KEY was changed. Rotate the secret."
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trace:
    """What an attempt sent and got, for the log; `seconds` is how long it took. `url` is the address that was asked."""

    url: str = ""

    headers: dict[str, str] = field(default_factory=dict)
    status_code: int | None = None
    answer: bytes = b""
    seconds: float = 0.0


def send_hooks_due() -> int:
    """Send what is queued for webhooks; returns how many were taken (an answer of 2xx).

    At least once: `webhook-id` tells a repetition. Only public addresses are asked (portal/http/client.py).
    """
    return deliver(HOOKS)


def body_of(hook: Hook) -> bytes:
    """The body of every request for a delivery, byte for byte."""
    return json.dumps(hook.payload, ensure_ascii=False).encode()


def _send(hooks: Sequence[Hook]) -> Outcome:
    """Ask the endpoint to take it. Follows no redirect."""
    [hook] = hooks
    url, body, began = hook.endpoint.url, body_of(hook), time.monotonic()
    try:
        headers = {"Content-Type": "application/json", **_signed(hook, body)}
    except Unreadable:
        return Outcome(UNREADABLE, silent=True, trace=Trace(url))
    try:
        answer = ask(url, content=body, headers=headers, seconds=SECONDS, max_bytes=MAX_ANSWER)
    except NoAnswer as failed:
        if failed.unreached:
            logger.info("webhook endpoint %s: %s", hook.endpoint_id, failed)
            return Outcome(_no_connection(url), silent=True, trace=Trace(url, headers))
        return Outcome(str(failed), silent=True, trace=Trace(url, headers, seconds=time.monotonic() - began))
    trace = Trace(url, headers, answer.status, answer.body[:KEPT_ANSWER], time.monotonic() - began)
    if answer.is_success:
        return Outcome(trace=trace)
    asked = answer.headers.get("retry-after", "") if answer.status in ASKS_TO_WAIT else ""
    wait = timedelta(seconds=seconds_in(asked, timezone.now()))
    return Outcome(f"It answered with status {answer.status}.", wait=wait, trace=trace)


def _no_connection(url: str) -> str:
    """One answer, without a duration, for a name that has no address, a private one or one that takes no connections: the log
    is read by those who choose the addresses, and tells them nothing of names and ports inside our network."""
    parts = parts_of(url)
    host = (parts.hostname if parts else None) or url[:100]
    return f"No connection to {host}. It needs a public address that takes connections from the internet."


def _signed(hook: Hook, body: bytes) -> dict[str, str]:
    """The headers that sign a body. Raises Unreadable."""
    now = timezone.now()
    moment, valid = int(now.timestamp()), [decrypt(secret) for secret in hook.endpoint.secrets_at(now)]
    headers = signatures.headers_of(message_id=hook.message_id, moment=moment, body=body, valid=valid)
    if hook.endpoint.legacy:
        headers["Offshelf-Signature"] = signatures.legacy_header(moment=moment, body=body, valid=valid)
    if hook.organisation.is_sandbox:
        headers["Offshelf-Sandbox"] = "true"
    if hook.correlation:
        headers["Offshelf-Request"] = hook.correlation
    return headers


def _noted(hooks: Sequence[Hook], outcome: Outcome) -> None:
    """Keep the attempt, and what it says about the endpoint."""
    [hook] = hooks
    endpoints = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    trace = outcome.trace if isinstance(outcome.trace, Trace) else Trace()
    with transaction.atomic():
        if (endpoint := endpoints.filter(pk=hook.endpoint_id).first()) is None:
            return  # it was deleted meanwhile, with its deliveries
        HookAttempt.objects.create(
            hook=hook,
            request_headers=trace.headers,
            status_code=trace.status_code,
            answer=trace.answer.decode(errors="replace").replace("\x00", "\ufffd"),
            problem=outcome.problem.replace("\x00", "")[:500],
            duration_ms=int(trace.seconds * 1_000),
        )
        if trace.url not in {"", endpoint.url}:
            return  # it was moved meanwhile, and the new address said none of this
        if outcome.problem:
            endpoint_health.note_failed(endpoint, problem=outcome.problem[:300], status_code=trace.status_code)
        else:
            endpoint_health.note_taken(endpoint)


def _of_active_endpoints(hooks: QuerySet[Hook]) -> QuerySet[Hook]:
    return hooks.filter(endpoint__state=WebhookEndpoint.State.ACTIVE)


def _before(hook: Hook) -> QuerySet[Hook] | None:
    """What waits for the same endpoint about the same object. A delivery that was taken once, and is replayed, has no place
    in the order."""
    name, values = objects_of(hook.event_type, hook.payload.get("data", {}))
    if not any(values) or hook.sent_at is not None:
        return None
    same = Q(**{f"payload__data__{name}__in": values})
    if len(values) == 1:
        same |= Q(**{f"payload__data__{name}s__contains": values})
    else:
        same |= Q(**{f"payload__data__{name}s__isnull": False})  # two that are about many keep their order, whichever
    return Hook.objects.filter(same, endpoint_id=hook.endpoint_id, sent_at=None)


HOOKS = Channel[Hook](
    name="hook",
    rows=lambda: Hook.objects.select_related("organisation", "endpoint"),
    receiver="endpoint_id",
    send=_send,
    parcel=lambda first, _due: [first],
    max_attempts=12,
    at_once=THREADS,
    slow_at_once=THREADS // 2,
    owner="organisation_id",
    ready=_of_active_endpoints,
    waits_for=_before,
    noted=_noted,
)
