"""Ways to tamper with the audit log in the database, as whoever owns it could: with every trigger off.

Each is done in a transaction that is rolled back after the verification.
"""

import random
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction

from benchmarks.tamper.counting import Tally
from portal import audit
from portal.audit import chain, timestamps
from portal.models import AuditAnchor, AuditSeal, AuditStamp

Change = Callable[[AuditSeal, random.Random], tuple[str, ...]]
OF_EVENT = ("reason", "action", "subject_label", "actor_label")
OF_SEAL = ("hash", "previous_hash", "digest", "nonce")


def _run(sql: str, *values: str | int | bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def changed_event(seal: AuditSeal, rng: random.Random) -> tuple[str, ...]:
    _run(f"UPDATE portal_auditevent SET {rng.choice(OF_EVENT)} = 'forged' WHERE id = %s", seal.event_id)  # noqa: S608  our names
    return (f"event {seal.event_id} ",)


def changed_time(seal: AuditSeal, rng: random.Random) -> tuple[str, ...]:
    _run("UPDATE portal_auditevent SET at = at - %s * interval '1 second' WHERE id = %s", rng.randrange(1, 9_000), seal.event_id)  # fmt: skip
    return (f"event {seal.event_id} ",)


def dropped_event(seal: AuditSeal, _rng: random.Random) -> tuple[str, ...]:
    _run("DELETE FROM portal_auditevent WHERE id = %s", seal.event_id)
    return (f"event {seal.event_id} is gone",)


def dropped_seal(seal: AuditSeal, _rng: random.Random) -> tuple[str, ...]:
    _run("DELETE FROM portal_auditseal WHERE position = %s", seal.position)
    return (f"position {seal.position} is missing", f"the chain ends at {seal.position - 1},")


def dropped_both(seal: AuditSeal, rng: random.Random) -> tuple[str, ...]:
    dropped_event(seal, rng)
    return dropped_seal(seal, rng)


def changed_seal(seal: AuditSeal, rng: random.Random) -> tuple[str, ...]:
    _run(f"UPDATE portal_auditseal SET {rng.choice(OF_SEAL)} = repeat('0', 32) WHERE position = %s", seal.position)  # noqa: S608  our names
    return (f"position {seal.position} ", f"event {seal.event_id} ")


def reordered_seals(seal: AuditSeal, _rng: random.Random) -> tuple[str, ...]:
    other = AuditSeal.objects.get(position=seal.position - 1 if seal.position > 1 else 2)
    _run("UPDATE portal_auditseal SET event_id = -1 WHERE position = %s", seal.position)
    _run("UPDATE portal_auditseal SET event_id = %s WHERE position = %s", seal.event_id, other.position)
    _run("UPDATE portal_auditseal SET event_id = %s WHERE position = %s", other.event_id, seal.position)
    return (f"event {seal.event_id} ", f"event {other.event_id} ")


def added_event(seal: AuditSeal, _rng: random.Random) -> tuple[str, ...]:
    """An event between others, with a seal in the place of another's."""
    _run("INSERT INTO portal_auditevent SELECT (jsonb_populate_record(e, '{\"id\": 900000}')).* FROM portal_auditevent e WHERE id = %s", seal.event_id)  # fmt: skip
    _run("UPDATE portal_auditseal SET event_id = 900000 WHERE position = %s", seal.position)
    return ("event 900000 ",)


def rebuilt_chain(seal: AuditSeal, rng: random.Random) -> tuple[str, ...]:
    """Everything from an event on is sealed again: the anchors that left the database tell."""
    changed_event(seal, rng)
    previous = seal.previous_hash
    for each in AuditSeal.objects.filter(position__gte=seal.position).select_related("event").order_by("position"):
        digest = chain.digest_of(chain.content_of(each.event), each.nonce)
        hash_ = chain.link(each.position, previous, digest)
        _run("UPDATE portal_auditseal SET previous_hash = %s, digest = %s, hash = %s WHERE position = %s", previous, digest, hash_, each.position)  # fmt: skip
        previous = hash_
    AuditAnchor.objects.all().delete()
    return ("differs from the anchor written down for it",)


def broken_stamp(_seal: AuditSeal, rng: random.Random) -> tuple[str, ...]:
    stamp = rng.choice(list(AuditStamp.objects.all()))
    answer = bytearray(stamp.answer)
    answer[rng.randrange(len(answer) // 2)] ^= 0xFF
    _run("UPDATE portal_auditstamp SET answer = %s WHERE position = %s", bytes(answer), stamp.position)
    return (f"the time stamp of position {stamp.position} ",)


CHANGES: list[Change] = [
    changed_event, changed_time, dropped_event, dropped_seal, dropped_both, changed_seal, reordered_seals, added_event,
    rebuilt_chain, broken_stamp,
]  # fmt: skip


def tamper_with_chain(anchors: dict[int, str], roots: Path, *, count: int, seed: int, tally: Tally) -> None:
    """Tamper `count` times with the log in the database, connected as its owner."""
    seals, rng = list(AuditSeal.objects.order_by("position")), random.Random(seed)  # noqa: S311  chance that repeats
    for number in range(count):
        change = CHANGES[number % len(CHANGES)]
        with transaction.atomic():
            _run("SET LOCAL session_replication_role = replica")
            places = change(rng.choice(seals), rng)
            report = audit.verify_chain(anchors)
            findings = [*report.findings, *([] if report.problem else [timestamps.check_stamps(roots)[1]])]
            transaction.set_rollback(True)
        tally.add(change.__name__, [finding for finding in findings if finding], places)
        tally.alone += change is not rebuilt_chain
