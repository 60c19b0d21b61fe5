"""Telling platforms' programs: a signed POST to their webhook, retried until it is taken."""

import hashlib
import hmac
import json
import logging
import os
import time
from datetime import timedelta

import httpx
from django.db import transaction
from django.utils import timezone

from portal.addresses import Refused
from portal.models import Hook
from portal.outward import client_for

logger = logging.getLogger(__name__)
BATCH = 20
MAX_ATTEMPTS = 12
SECONDS = 10.0


def send_hooks_due() -> int:
    """Send what is queued for webhooks; returns how many were taken (an answer of 2xx).

    At least once: the payload's `key` tells a repetition. Only public addresses are asked (portal/outward.py).
    """
    taken = 0
    while True:
        with transaction.atomic():
            due = Hook.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                status=Hook.Status.QUEUED, next_attempt_at__lte=timezone.now()
            )
            batch = list(due.select_related("organisation").order_by("next_attempt_at")[:BATCH])
            taken += sum(_send(hook) for hook in batch)
        if len(batch) < BATCH:
            return taken


def signature(secret: str, moment: int, body: bytes) -> str:
    """What the header Offshelf-Signature says: the moment (seconds since 1970) and HMAC-SHA256 of "moment.body"."""
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={mac}"


def _send(hook: Hook) -> bool:
    body = json.dumps(hook.payload, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Offshelf-Signature": signature(hook.organisation.webhook_secret, int(time.time()), body),
    }
    try:
        client = client_for(process=os.getpid())
        answer = client.post(hook.organisation.webhook_url, content=body, headers=headers, timeout=SECONDS)
        problem = "" if answer.is_success else f"It answered with status {answer.status_code}."
    except (httpx.HTTPError, httpx.InvalidURL, Refused) as error:
        problem = f"{type(error).__name__}: {error}"[:500]
    hook.attempts += 1
    hook.error = problem
    if not problem:
        hook.status, hook.sent_at = Hook.Status.SENT, timezone.now()
    else:
        hook.next_attempt_at = timezone.now() + timedelta(seconds=30 * 2 ** min(hook.attempts, 11))
        if hook.attempts >= MAX_ATTEMPTS:
            hook.status = Hook.Status.FAILED
            logger.error("webhook of %s gave up after %s attempts: %s", hook.organisation, hook.attempts, problem)
    hook.save(update_fields=["attempts", "status", "sent_at", "error", "next_attempt_at"])
    return not problem
