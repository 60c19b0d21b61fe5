"""How many calls a key may make: a count for each key and minute, said in the headers of every answer."""

import math
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone

from portal.identity import throttle
from portal.models import ApiKey

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Spent:
    """What a key has used of the `limit` of a window that ends in `reset` seconds."""

    limit: int
    used: int
    reset: int

    @property
    def too_many(self) -> bool:
        return self.used > self.limit

    def tell(self, response: HttpResponseBase) -> None:
        """The three headers that most clients read, and the policy (draft-ietf-httpapi-ratelimit-headers-07)."""
        response["RateLimit-Limit"] = str(self.limit)
        response["RateLimit-Remaining"] = str(max(0, self.limit - self.used))
        response["RateLimit-Reset"] = str(self.reset)
        response["RateLimit-Policy"] = f"{self.limit};w={WINDOW_SECONDS}"


def limit_of(key: ApiKey) -> int:
    """How many calls a minute it may make."""
    return int(settings.SANDBOX_CALLS_PER_MINUTE if key.organisation.is_sandbox else settings.API_CALLS_PER_MINUTE)


def spend(key: ApiKey) -> Spent:
    """Count one call of a key. Other keys of the same organisation have counts of their own; those of a sandbox share one,
    with a lower limit: test data is no way to make load."""
    counted = f"sandbox {key.organisation_id}" if key.organisation.is_sandbox else str(key.pk)
    used, until = throttle.count("API calls", counted, seconds=WINDOW_SECONDS)
    reset = math.ceil((until - timezone.now()).total_seconds())
    return Spent(limit_of(key), used, max(1, reset))
