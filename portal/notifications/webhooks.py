"""Telling platforms' programs: a signed POST to their webhook, sent again until it is taken (portal/notifications/deliveries.py)."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence

from portal.http.client import NoAnswer, ask
from portal.models import Hook
from portal.notifications.deliveries import THREADS, Channel, Outcome, deliver

MAX_ANSWER = 65_536  # bytes that are read of an answer; only its status counts
SECONDS = 10.0


def send_hooks_due() -> int:
    """Send what is queued for webhooks; returns how many were taken (an answer of 2xx).

    At least once: the payload's `key` tells a repetition. Only public addresses are asked (portal/http/client.py).
    """
    return deliver(HOOKS)


def signature(secret: str, moment: int, body: bytes) -> str:
    """What the header Offshelf-Signature says: the moment (seconds since 1970) and HMAC-SHA256 of "moment.body"."""
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={mac}"


def _send(hooks: Sequence[Hook]) -> Outcome:
    """Ask the webhook to take it. Follows no redirect."""
    [hook] = hooks
    body = json.dumps(hook.payload, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Offshelf-Signature": signature(hook.organisation.webhook_secret, int(time.time()), body),
        **({"Offshelf-Request": hook.correlation} if hook.correlation else {}),
    }
    try:
        answer = ask(
            hook.organisation.webhook_url,
            content=body,
            headers=headers,
            seconds=SECONDS,
            max_bytes=MAX_ANSWER,
        )
    except NoAnswer as failed:
        return Outcome(f"Refused: {failed}" if failed.refused else str(failed), silent=True)
    return Outcome() if answer.is_success else Outcome(f"It answered with status {answer.status}.")


HOOKS = Channel[Hook](
    name="hook",
    rows=lambda: Hook.objects.select_related("organisation"),
    receiver="organisation_id",
    send=_send,
    parcel=lambda first, _due: [first],
    max_attempts=12,
    at_once=THREADS,
)
