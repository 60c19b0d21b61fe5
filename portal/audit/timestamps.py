"""The audit chain's time stamps: taken as often as the settings say, and compared with the chain when it is verified."""

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal import audit
from portal.audit.rfc3161 import Stamp, StampProblem, ask_for_stamp, read_roots, read_stamp
from portal.models import AuditSeal, AuditStamp, Pulse

logger = logging.getLogger(__name__)
PULSE = "time stamps"


def stamp_due() -> AuditStamp | None:
    """Have the newest seal stamped, where an authority is set, the last attempt is old enough and there is anything new.

    What went wrong is kept for the health page and tried again at the next turn; the chain itself never waits for it.
    """
    if not settings.TIME_STAMP_URL:
        return None
    now = timezone.now()
    every = timedelta(minutes=settings.TIME_STAMP_MINUTES)
    pulse, made = Pulse.objects.get_or_create(name=PULSE, defaults={"at": now})
    if not made and not Pulse.objects.filter(pk=pulse.pk, at__lte=now - every).update(at=now):
        return None  # not due, or another worker has just taken this turn
    audit.seal_events()
    head = AuditSeal.objects.order_by("-position").first()
    if head is None or AuditStamp.objects.filter(position=head.position).exists():
        return None
    try:
        stamp = ask_for_stamp(head.hash, url=settings.TIME_STAMP_URL, roots=read_roots(Path(settings.TIME_STAMP_ROOTS)))
    except StampProblem as problem:
        logger.warning("No time stamp from %s: %s", settings.TIME_STAMP_URL, problem)
        Pulse.objects.filter(pk=pulse.pk).update(detail=str(problem)[:500])
        return None
    Pulse.objects.filter(pk=pulse.pk).update(detail="")
    return _keep(head, stamp)


def _keep(head: AuditSeal, stamp: Stamp) -> AuditStamp | None:
    try:
        with transaction.atomic():
            return AuditStamp.objects.create(
                position=head.position,
                hash=head.hash,
                at=stamp.at,
                authority=settings.TIME_STAMP_URL,
                answer=stamp.answer,
            )
    except IntegrityError:
        return None  # another worker stamped the same position


def check_stamps(roots: Path | None = None) -> tuple[int, str]:
    """How many stamps hold against the chain as it stands, and the first problem, if any.

    Without `roots` (default: those of the settings) signatures cannot be checked, and the problem says so.
    """
    rows = AuditStamp.objects.order_by("position")
    path = roots or (Path(settings.TIME_STAMP_ROOTS) if settings.TIME_STAMP_ROOTS else None)
    if not rows.exists():
        return 0, ""
    if path is None:
        return 0, "there are time stamps, but no TIME_STAMP_ROOTS to check them against"
    held = 0
    try:
        trusted = read_roots(path)
    except StampProblem as problem:
        return 0, str(problem)
    for row in rows.iterator(chunk_size=500):
        now = AuditSeal.objects.filter(position=row.position).values_list("hash", flat=True).first()
        if now is None:
            return held, f"position {row.position} was stamped on {row.at:%Y-%m-%d %H:%M:%S} UTC and is gone"
        try:
            read_stamp(bytes(row.answer), now, roots=trusted)
        except StampProblem as problem:
            return held, f"the time stamp of position {row.position} does not fit the chain: {problem}"
        held += 1
    return held, ""
