"""Small pictures of what others show: asked for by workers, kept by us, so that no reader's browser asks a stranger.

An address is taken up by one worker at a time and asked for once; only a host that did not answer is asked again, after
WAITS. Whether someone may see a picture is the question of the row that names its address.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, Func, OuterRef
from django.utils import timezone

from portal.identity.actors import Actor
from portal.media.imaging import Thumb
from portal.models import Thumbnail

LEASE = timedelta(minutes=2)  # longer than any fetch
WAITS = (timedelta(minutes=10), timedelta(hours=2), timedelta(days=1))
Outcome = Thumbnail.Outcome


class _Digest(Func):
    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as a page shows it: by its address here, or with the reason why there is none."""

    alt: str
    src: str = ""
    reason: str = ""


def digest_of(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def settled(field: str) -> Exists:
    """Whether the address in `field` of the outer query's row was asked for, with a final outcome."""
    return Exists(Thumbnail.objects.filter(digest=_Digest(OuterRef(field)), again_at=None))


def waiting(field: str) -> Exists:
    """Whether a worker asks for that address right now, or its host did not answer a while ago."""
    return Exists(Thumbnail.objects.filter(digest=_Digest(OuterRef(field)), again_at__gt=timezone.now()))


def take_up(*, address: str, actor: Actor) -> tuple[Thumbnail, bool]:
    """What is known of an address, and whether the caller is the one to ask for it now, within LEASE.

    Counted before it is asked for: a picture that kills its worker does so a few times at most.
    """
    actor.require("observation.record")
    with transaction.atomic():
        Thumbnail.objects.get_or_create(digest=digest_of(address))
        known = Thumbnail.objects.select_for_update().defer("data").get(digest=digest_of(address))
        if known.again_at is None or known.again_at > timezone.now():
            return known, False
        is_last = known.attempts > len(WAITS)
        if is_last:
            known.outcome, known.again_at = Outcome.NO_ANSWER, None
        else:
            known.attempts, known.again_at = known.attempts + 1, timezone.now() + LEASE
        known.save(update_fields=["outcome", "attempts", "again_at"])
        return known, not is_last


def settle(
    *, address: str, outcome: Thumbnail.Outcome, actor: Actor, thumb: Thumb | None = None, marks: str = ""
) -> Thumbnail:
    """Keep what asking for an address brought: `thumb` where the outcome is KEPT, `marks` its hash. What was settled already stays."""
    actor.require("observation.record")
    with transaction.atomic():
        row = Thumbnail.objects.select_for_update().get(digest=digest_of(address))
        if row.again_at is None:
            return row
        now = timezone.now()
        row.outcome, row.hash, row.fetched_at, row.again_at = outcome, marks, now, None
        if thumb is not None:
            row.data, row.etag = thumb.data, hashlib.sha256(thumb.data).hexdigest()
        if outcome == Outcome.NO_ANSWER and row.attempts <= len(WAITS):
            row.again_at = now + WAITS[row.attempts - 1]
        row.save()
        return row


def kept(address: str) -> Thumbnail | None:
    """The small picture of an address, with its bytes; None where we have none. Asks no one."""
    return Thumbnail.objects.filter(digest=digest_of(address), outcome=Outcome.KEPT).first() if address else None


def known_of(addresses: Sequence[str]) -> dict[str, Thumbnail]:
    """What is known of addresses, without the bytes, by the digest of the address."""
    rows = Thumbnail.objects.filter(digest__in=[digest_of(address) for address in addresses])
    return {row.digest: row for row in rows.defer("data")}


def shown(
    pictures: Sequence[tuple[str, str, str]],
    *,
    alt: str,
    none_named: str,
    not_asked: str,
    known: dict[str, Thumbnail] | None = None,
) -> Shown:
    """The first of `pictures` (their address, ours, their own words for it) that we have; else why we have none of them.

    Our address carries the bytes' digest, so what a browser keeps is never an old picture. Asks no one. Who shows many
    pictures apart asks for what is `known_of` them once.
    """
    known = known_of([address for address, _, _ in pictures]) if known is None else known
    for address, ours, words in pictures:
        row = known.get(digest_of(address))
        if row is not None and row.outcome == Outcome.KEPT:
            return Shown(words or alt, src=f"{ours}?v={row.etag[:12]}")
    first = known.get(digest_of(pictures[0][0])) if pictures else None
    return Shown(alt, reason=(first.get_outcome_display() if first else not_asked) if pictures else none_named)
