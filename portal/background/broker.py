"""What the broker says of itself and of the queues: asked by pages and health checks, which wait a second at most."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis
from celery.signals import before_task_publish
from django.conf import settings
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.background.queues import QUEUES

SENT_AT = "offshelf_sent_at"  # header of each task: seconds since 1970


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tasks that wait in a queue: how many, and for how many seconds the oldest has."""

    count: int
    oldest: float


@before_task_publish.connect
def _note_when(headers: dict[str, Any] | None = None, **_kwargs: object) -> None:
    if headers is not None:
        headers[SENT_AT] = timezone.now().timestamp()


def problem() -> str:
    """Why the broker does not respond, as the name of an error; empty where it does."""
    try:
        with _asked() as client:
            client.ping()
    except redis.RedisError as error:
        return type(error).__name__
    return ""


def waiting() -> dict[str, Waiting]:
    """What waits in each queue. Raises redis.RedisError where the broker does not respond within a second."""
    names = {
        queue.name: f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}{queue.name}" for queue in QUEUES
    }
    with _asked() as client:
        pipe = client.pipeline(transaction=False)
        for key in names.values():
            pipe.llen(key)
            pipe.lindex(key, -1)  # put in at the left, taken out at the right
        found = iter(pipe.execute())
    return {name: Waiting(int(next(found)), _age_of(next(found))) for name in names}


def _age_of(message: bytes | None) -> float:
    try:
        sent = float(json.loads(message or b"{}")["headers"][SENT_AT])
    except (ValueError, TypeError, KeyError):
        return 0.0  # the queue is empty, or an older version put it there
    return max(0.0, timezone.now().timestamp() - sent)


@contextmanager
def _asked() -> Iterator["redis.Redis"]:
    url = settings.BROKER_URL.replace("redis+socket://", "unix://")
    once = Retry(NoBackoff(), 0)
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=once)
    try:
        yield client
    finally:
        client.close()
