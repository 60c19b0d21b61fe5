"""Telling platforms' programs: a signed POST to their webhook, retried until it is taken."""

import hashlib
import hmac
import json
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal import audit
from portal.actors import Actor
from portal.addresses import Refused
from portal.models import Hook
from portal.outward import client_for

logger = logging.getLogger(__name__)
BATCH, THREADS = 20, 8
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 12
SECONDS = 10.0


def send_hooks_due() -> int:
    """Send what is queued for webhooks; returns how many were taken (an answer of 2xx).

    Leased first, then sent side by side outside any transaction: a receiver that is slow holds up nobody but itself. At
    least once: the payload's `key` tells a repetition. Only public addresses are asked (portal/outward.py).
    """
    taken = 0
    with ThreadPoolExecutor(THREADS) as threads:
        while batch := _lease():
            for hook, problem in zip(batch, threads.map(_send, batch), strict=True):
                _note(hook, problem)
                taken += not problem
    return taken


def _lease() -> list[Hook]:
    with transaction.atomic():
        due = Hook.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            status=Hook.Status.QUEUED, next_attempt_at__lte=timezone.now()
        )
        batch = list(due.select_related("organisation").order_by("next_attempt_at", "pk")[:BATCH])
        Hook.objects.filter(pk__in=[hook.pk for hook in batch]).update(next_attempt_at=timezone.now() + LEASE)
    return batch


def signature(secret: str, moment: int, body: bytes) -> str:
    """What the header Offshelf-Signature says: the moment (seconds since 1970) and HMAC-SHA256 of "moment.body"."""
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={mac}"


def _send(hook: Hook) -> str:
    """Ask the webhook to take it; returns what went wrong, or nothing. Follows no redirect."""
    body = json.dumps(hook.payload, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Offshelf-Signature": signature(hook.organisation.webhook_secret, int(time.time()), body),
    }
    try:
        client = client_for(process=os.getpid())
        answer = client.post(hook.organisation.webhook_url, content=body, headers=headers, timeout=SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, Refused) as error:
        return f"{type(error).__name__}: {error}"[:500]
    return "" if answer.is_success else f"It answered with status {answer.status_code}."


def _note(hook: Hook, problem: str) -> None:
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


def given_up() -> QuerySet[Hook]:
    """What no webhook took, however often it was sent."""
    return Hook.objects.filter(status=Hook.Status.FAILED)


def retry_given_up(*, actor: Actor, only: int | None = None) -> int:
    """Queue again what was given up, all of it or one; returns how many."""
    actor.require("health.view")
    with transaction.atomic():
        wanted = given_up() if only is None else given_up().filter(pk=only)
        rows = list(wanted.select_for_update())
        Hook.objects.filter(pk__in=[hook.pk for hook in rows]).update(
            status=Hook.Status.QUEUED, attempts=0, next_attempt_at=timezone.now()
        )
        audit.record_many(
            audit.event_for(actor=actor, action="hook.retried", subject=hook, before={"error": hook.error})
            for hook in rows
        )
    return len(rows)
