"""How often a secret may be tried: counts in PostgreSQL that hold however many tries come at the same moment.

A try is counted before the secret is looked at, in one statement, so that thirty at once get no more through than one
after the other, and what is refused costs no hashing. The scheme is in docs/operations/people.md, Signing in.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from portal.models import TryCount

SWEPT_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries; the one that reaches it begins a wait of `wait`. Fewer are forgotten `wait` after the first."""

    name: str
    most: int
    wait: timedelta


ACCOUNT_FROM_PLACE = Limit("account and address", 5, timedelta(minutes=15))
PLACE = Limit("address", 20, timedelta(minutes=15))
ACCOUNT = Limit("account", 20, timedelta(hours=1))
SECOND_FACTOR_FROM_PLACE = Limit("second factor and address", 5, timedelta(minutes=15))
SECOND_FACTOR = Limit("second factor", 20, timedelta(hours=1))
OWN_PASSWORD = Limit("own password", 5, timedelta(minutes=15))
PASSWORD_REQUESTS_FROM_PLACE = Limit("password requests and address", 20, timedelta(minutes=15))
PASSWORD_REQUESTS = Limit("password requests", 3, timedelta(hours=1))
SIGN_ONS_FROM_PLACE = Limit("single sign-ons and address", 30, timedelta(minutes=15))
SELLERS_FROM_PLACE = Limit("seller links and address", 60, timedelta(minutes=15))
SELLER_OPENINGS = Limit("openings of a seller link", 60, timedelta(hours=1))
SELLER_TRIES = Limit("answers through a seller link", 30, timedelta(hours=1))
KEYS_FROM_PLACE = Limit("API keys and address", 60, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Taken:
    """One try that was counted: `allowed` or not; `is_last` where no further one is before `until`."""

    limit: Limit
    allowed: bool
    is_last: bool
    until: datetime


def take(limit: Limit, *key: str) -> Taken:
    """Count a try of `key`, and say whether it may be made."""
    now = timezone.now()
    values: dict[str, str | datetime | int] = {
        "bucket": _bucket(limit, key),
        "now": now,
        "until": now + limit.wait,
        "most": limit.most,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO portal_trycount AS known (bucket, count, until) VALUES (%(bucket)s, 1, %(until)s)
            ON CONFLICT (bucket) DO UPDATE SET
                count = CASE WHEN known.until <= %(now)s THEN 1 ELSE least(known.count + 1, 1000000) END,
                until = CASE WHEN known.until <= %(now)s OR known.count + 1 = %(most)s THEN %(until)s ELSE known.until END
            RETURNING count, until
            """,
            values,
        )
        count, until = cursor.fetchone()
    return Taken(limit, count <= limit.most, count == limit.most, until)


def is_spent(limit: Limit, *key: str) -> bool:
    """Whether a try of `key` would be refused now. Counts nothing."""
    row = TryCount.objects.filter(bucket=_bucket(limit, key), until__gt=timezone.now()).first()
    return row is not None and row.count >= limit.most


def count(name: str, *key: str, seconds: int) -> tuple[int, datetime]:
    """Count one use of `key` in a window of `seconds` that the first use begins: how many it has, and when it ends."""
    now = timezone.now()
    bucket = hashlib.sha256("\x1f".join((name, *key)).encode(errors="surrogatepass")).hexdigest()
    values: dict[str, str | datetime] = {"bucket": bucket, "now": now, "until": now + timedelta(seconds=seconds)}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO portal_trycount AS known (bucket, count, until) VALUES (%(bucket)s, 1, %(until)s)
            ON CONFLICT (bucket) DO UPDATE SET
                count = CASE WHEN known.until <= %(now)s THEN 1 ELSE least(known.count + 1, 1000000) END,
                until = CASE WHEN known.until <= %(now)s THEN %(until)s ELSE known.until END
            RETURNING count, until
            """,
            values,
        )
        used, until = cursor.fetchone()
    return used, until


def give_back(limit: Limit, *key: str) -> None:
    """The try that was counted was a good one: it does not count."""
    TryCount.objects.filter(bucket=_bucket(limit, key)).update(count=Greatest(F("count") - 1, 0))


def forget(limit: Limit, *key: str) -> None:
    """A good try: those before it do not count any longer."""
    TryCount.objects.filter(bucket=_bucket(limit, key)).delete()


def sweep() -> None:
    """Drop some counts that ran out: a few at each failure keep the table as small as the tries of a day."""
    old = TryCount.objects.filter(until__lt=timezone.now() - timedelta(hours=1)).order_by("until")
    TryCount.objects.filter(bucket__in=list(old.values_list("bucket", flat=True)[:SWEPT_AT_ONCE])).delete()


def _bucket(limit: Limit, key: tuple[str, ...]) -> str:
    """A digest: the table is no list of who tried what, and any text fits."""
    return hashlib.sha256("\x1f".join((limit.name, *key)).encode(errors="surrogatepass")).hexdigest()
