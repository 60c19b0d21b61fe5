"""Sealing the audit log: what is committed gets its place in the hash chain a moment later, under one lock."""

import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portal.audit import chain
from portal.database.acting import as_system
from portal.models import AuditEvent, AuditSeal, Pulse

logger = logging.getLogger(__name__)
SEAL_LOCK = 0x0FF5_4E1F_5EA1  # one advisory lock for the whole chain
BATCH = 5_000
NEWEST = 200_000  # numbers of events that each sweep looks at
ALL_EVERY = timedelta(minutes=5)
FULL_CHECK = "audit: all events"
SEALED_WITHIN = timedelta(minutes=1)


def _seal(event: AuditEvent, position: int, previous: str) -> AuditSeal:
    nonce = secrets.token_hex(16)
    digest = chain.digest_of(chain.content_of(event), nonce)
    return AuditSeal(
        position=position,
        event=event,
        previous_hash=previous,
        nonce=nonce,
        digest=digest,
        hash=chain.link(position, previous, digest),
    )


def unsealed(*, all_of_them: bool = True, newest: int | None = None) -> models.QuerySet[AuditEvent]:
    """Events without a seal, whatever their time, oldest number first.

    Asking for all of them reads the whole log. Not `all_of_them`: the `newest` (NEWEST) numbers that the database gave out, and
    whatever claims a higher one; `seal_events` looks at all every few minutes.
    """
    if all_of_them:
        return AuditEvent.objects.filter(seal=None).order_by("id")
    beyond = _newest_number() - (NEWEST if newest is None else newest)
    seals = AuditSeal.objects.filter(event=OuterRef("pk"), event__gt=beyond)  # said twice: seals before it are not read
    return AuditEvent.objects.filter(~Exists(seals), pk__gt=beyond).order_by("id")


def overdue(*, all_of_them: bool = True) -> models.QuerySet[AuditEvent]:
    """Events that should have a seal by now: a minute old, or dated as far ahead of this clock."""
    now = timezone.now()
    return unsealed(all_of_them=all_of_them).exclude(at__range=(now - SEALED_WITHIN, now + SEALED_WITHIN))


def _newest_number() -> int:
    """The last number that the database itself gave an event: no one who writes a number of their own moves it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('portal_auditevent', 'id')::regclass), 0)"
        )
        return int(cursor.fetchone()[0])


@as_system("the chain holds the events of all sides, in one order")
def seal_events() -> int:
    """Seal every committed event that has no seal yet, in order of id; returns how many. Safe to run many times at once.

    One that cannot be read stops none of the others: it stays unsealed, which health and verify_audit tell.
    """
    everything, sealed, broken = _full_check_is_due(), 0, set[int]()
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
            waiting = unsealed(all_of_them=everything).exclude(pk__in=broken)
            numbers = list(waiting.values_list("pk", flat=True)[:BATCH])
            if not everything and numbers and numbers[0] <= _newest_number() - NEWEST // 2:
                everything = True  # so many wait that older ones may, too: they come first
                continue
            last = AuditSeal.objects.order_by("-position").first()
            position, previous = (last.position, last.hash) if last else (0, chain.GENESIS)
            seals = []
            for event in _readable(numbers, broken):
                position += 1
                seals.append(_seal(event, position, previous))
                previous = seals[-1].hash
            AuditSeal.objects.bulk_create(seals, batch_size=1_000)
        sealed += len(seals)
        if len(numbers) < BATCH:
            return sealed


def _full_check_is_due() -> bool:
    now = timezone.now()
    pulse, fresh = Pulse.objects.get_or_create(name=FULL_CHECK, defaults={"at": now})
    recent = Q(at__gt=now - ALL_EVERY, at__lte=now)  # a clock that was ahead must not put it off
    return fresh or bool(Pulse.objects.filter(~recent, pk=pulse.pk).update(at=now))


def _readable(numbers: Sequence[int], broken: set[int]) -> list[AuditEvent]:
    """The events of these numbers that can be read; the numbers of the others are put into `broken`."""
    try:
        with transaction.atomic():
            return list(AuditEvent.objects.filter(pk__in=numbers).order_by("pk"))
    except Exception:  # noqa: BLE001  whatever a row makes the reading of JSON raise
        found = []
    for number in numbers:
        try:
            with transaction.atomic():
                event = AuditEvent.objects.get(pk=number)
                chain.canonical(chain.content_of(event)).encode()
        except Exception:
            logger.exception("Audit event %s cannot be read and stays unsealed", number)
            broken.add(number)
        else:
            found.append(event)
    return found
