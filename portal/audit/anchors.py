"""Anchors of the audit chain: its newest hash leaves the database, to where no one who owns the database can change it.

To a file (on another machine, or one that takes appends only), to an address, by mail to someone outside: as the
settings ANCHOR_FILE, ANCHOR_URL and ANCHOR_MAIL_TO say, every ANCHOR_MINUTES. The newest time stamp goes along. Before
anything is written, what was written down earlier is compared with the chain.
"""

import base64
import json
import logging
import os
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal import audit
from portal.audit.chain import AnchorProblem, read_anchors
from portal.database.bulk_insert import insert_rows
from portal.http.client import NoAnswer, ask
from portal.models import AuditAnchor, AuditSeal, AuditStamp, Mail, Pulse
from portal.notifications.outbox import mail_key

logger = logging.getLogger(__name__)
PULSE = "anchors"
AT_ONCE = 1_000
SECONDS = 15.0


class NotLeft(Exception):
    """An anchor did not reach where it was to go; the text says why."""


def channels() -> dict[str, Callable[[Mapping[str, Any]], None]]:
    """Where anchors go, by the name of the setting; each takes a record and raises NotLeft."""
    known = {"ANCHOR_FILE": _to_file, "ANCHOR_URL": _to_address, "ANCHOR_MAIL_TO": _by_mail}
    return {name: send for name, send in known.items() if getattr(settings, name)}


def pulse_of(channel: str) -> str:
    """The name of the pulse that says when a channel was last tried, and what went wrong."""
    return f"{PULSE}: {channel}"


def leave_due() -> AuditAnchor | None:
    """Let the newest seal's hash leave, where that is set up and due; what went wrong is kept for the health page.

    Where an earlier anchor contradicts the chain, nothing leaves: a second anchor for its position would speak for it.
    """
    if not channels():
        return None
    now, every = timezone.now(), timedelta(minutes=settings.ANCHOR_MINUTES)
    pulse, made = Pulse.objects.get_or_create(name=PULSE, defaults={"at": now})
    if not made and not Pulse.objects.filter(pk=pulse.pk, at__lte=now - every).update(at=now):
        return None  # not due, or another worker has just taken this turn
    audit.seal_events()
    head = AuditSeal.objects.order_by("-position").first()
    if head is None:
        return None
    problem = contradiction()
    Pulse.objects.filter(pk=pulse.pk).update(detail=problem[:500])
    if problem:
        logger.error("No anchor was written: %s", problem)
        return None
    AuditAnchor.objects.bulk_create([AuditAnchor(position=head.position, hash=head.hash)], ignore_conflicts=True)
    failed = [name for name, send in channels().items() if not _sent(name, send, record_of(head))]
    if failed:  # again in a minute
        Pulse.objects.filter(pk=pulse.pk).update(at=now - every + timedelta(minutes=1))
    return AuditAnchor.objects.get(position=head.position)


def _sent(channel: str, send: Callable[[Mapping[str, Any]], None], record: Mapping[str, Any]) -> bool:
    problem = ""
    try:
        with transaction.atomic():
            send(record)
    except Exception as error:  # noqa: BLE001  one way that is blocked leaves the others open
        problem = str(error) if isinstance(error, NotLeft) else f"{type(error).__name__}: {error}"
        logger.warning("The anchor of position %s did not reach %s: %s", record["position"], channel, problem)
    Pulse.objects.update_or_create(name=pulse_of(channel), defaults={"at": timezone.now(), "detail": problem[:500]})
    return not problem


def record_of(seal: AuditSeal) -> dict[str, Any]:
    """What leaves: position and hash, whose they are, and the newest time stamp with all that checking it needs."""
    stamp = AuditStamp.objects.filter(position__lte=seal.position).order_by("-position").first()
    record: dict[str, Any] = {
        "position": seal.position,
        "hash": seal.hash,
        "at": timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
        "instance": settings.BASE_URL,
    }
    if stamp is not None:
        record["stamp"] = {
            "position": stamp.position,
            "hash": stamp.hash,
            "at": stamp.at.astimezone(UTC).isoformat(),
            "authority": stamp.authority,
            "answer": base64.b64encode(bytes(stamp.answer)).decode(),
        }
    return record


def contradiction() -> str:
    """Why an anchor that was written down, in the database or in ANCHOR_FILE, does not fit the chain; empty where all do."""
    written = dict(AuditAnchor.objects.values_list("position", "hash"))
    if settings.ANCHOR_FILE and Path(settings.ANCHOR_FILE).exists():
        try:
            own = read_anchors(Path(settings.ANCHOR_FILE))
        except AnchorProblem as problem:
            return str(problem)
        differing = [position for position in own.keys() & written.keys() if own[position] != written[position]]
        if differing:
            return f"there are two anchors for position {min(differing)}, and they differ"
        written |= own
    return differs_from_chain(written)


def differs_from_chain(anchors: Mapping[int, str]) -> str:
    """The first anchor that the chain, as it stands, does not have; empty where it has all."""
    positions = sorted(anchors)
    for start in range(0, len(positions), AT_ONCE):
        some = positions[start : start + AT_ONCE]
        now = dict(AuditSeal.objects.filter(position__in=some).values_list("position", "hash"))
        for position in some:
            if position not in now:
                return f"position {position} was written down as an anchor and is gone"
            if now[position] != anchors[position]:
                return f"position {position} differs from the anchor written down for it"
    return ""


def append_anchor(path: Path, record: Mapping[str, Any]) -> bool:
    """Append a record to a file of anchors, unless the same is in it; returns whether it was.

    Raises AnchorProblem where the file says otherwise of any position that the chain has or should have.
    """
    known = read_anchors(path) if path.exists() else {}
    if known.get(record["position"], record["hash"]) != record["hash"]:
        raise AnchorProblem(f"{path} has another anchor for position {record['position']}: nothing was written")
    if problem := differs_from_chain(known):
        raise AnchorProblem(f"{path} does not fit the chain, {problem}: nothing was written")
    if record["position"] in known:
        return False
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(record) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return True


def _to_file(record: Mapping[str, Any]) -> None:
    try:
        append_anchor(Path(settings.ANCHOR_FILE), record)
    except (AnchorProblem, OSError) as error:
        raise NotLeft(str(error)) from None


def _to_address(record: Mapping[str, Any]) -> None:
    body, headers = json.dumps(record).encode(), {"Content-Type": "application/json"}
    try:
        answer = ask(settings.ANCHOR_URL, content=body, headers=headers, seconds=SECONDS, max_bytes=0)
    except NoAnswer as failed:
        raise NotLeft(f"Refused: {failed}" if failed.refused else str(failed)) from None
    if not answer.is_success:
        raise NotLeft(f"It answered with status {answer.status}.")


def _by_mail(record: Mapping[str, Any]) -> None:
    """Through the outbox, which tries again by itself; once a position."""
    to, position = settings.ANCHOR_MAIL_TO, record["position"]
    body = (
        f"The audit log of {settings.BASE_URL} has {position:,} sealed events. Keep this mail: a log that was rewritten "
        f"differs from it.\n\nOne line of a file of anchors, as `manage.py verify_audit --anchor FILE` reads it:\n\n"
        f"{json.dumps(record)}\n"
    )
    key = mail_key(f"anchor:{position}", to)
    insert_rows(
        [Mail(key=key, to=to, subject=f"Anchor of the audit log: position {position}", body=body)],
        ignore_conflicts=True,
    )
