"""Exports: asked for by a person, made by a worker in that person's name, fetched while they are kept."""

import tempfile
import zoneinfo
from datetime import UTC, timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_noop

from portal import audit
from portal.background import sweeping
from portal.background.jobs import turn, work_on
from portal.exporting.registry import Tally, exporter_of
from portal.identity.actors import Actor
from portal.identity.sandboxes import actor_at, may_work_in
from portal.media.storage import is_full
from portal.models import Export, User
from portal.models.jobs import WAITS_OR_BROKE_OFF, JobStatus
from portal.retention.registry import days_of
from portal.transitions import LostRace, move

EXPORT_LOCK = 0x0FF5_0005  # advisory lock class: one worker an export
TURN_LOCK = 0x0FF5_0006  # advisory lock class: so many workers at all
AT_ONCE = 500
OLD = "old exports"


class NotMade(Exception):
    """What was asked for cannot be written: the person may not see it any more, or there is nothing left to see."""


class NotKept(Exception):
    """There is no file: it is not made yet, was deleted, or its days are over."""


def start_export(*, kind: str, arguments: dict[str, Any], stem: str, detail: str = "", actor: Actor) -> Export:
    """Queue a file of a registered kind for the acting person; a worker writes it. Reversible: cancel it, delete it.

    `stem` begins its name. Where the same is under way for the person, that one is answered. Raises ValidationError
    where MAX_UNDER_WAY others are.
    """
    exporter = exporter_of(kind)
    actor.require("export.make")
    actor.require(exporter.permission)
    if actor.person_id is None or actor.organisation_id is None:
        raise PermissionDenied(
            gettext_noop("Exports belong to a person. Use a key that someone of your organisation made.")
        )
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.person_id)  # two clicks at once come one after the other
        under_way = Export.objects.filter(person_id=actor.person_id, status__in=WAITS_OR_BROKE_OFF)
        if (same := under_way.filter(kind=kind, arguments=arguments).first()) is not None:
            return same
        if under_way.count() >= Export.MAX_UNDER_WAY:
            detail = gettext_noop("%(most)s of your exports are still running. Wait for one to finish, or cancel one.")
            raise ValidationError(detail, params={"most": Export.MAX_UNDER_WAY})
        export = Export.objects.create(
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            kind=kind,
            arguments=arguments,
            language=get_language() or settings.LANGUAGE_CODE,
            zone=timezone.get_current_timezone_name(),
            title=exporter.title,
            detail=detail[:300],
            unit=exporter.unit,
            filename=f"{'sandbox' if actor.sandbox_id else 'offshelf'}-{stem[:200]}-{timezone.now().astimezone(UTC):%Y%m%dT%H%M%SZ}.{exporter.suffix}",
        )
        audit.record(actor=actor, action="export.queued", subject=export, after={"kind": kind, **arguments})
    return export


def cancel_export(*, export: Export, actor: Actor) -> Export:
    """Stop an export; what was written of it is gone."""
    with transaction.atomic():
        move(export, JobStatus.CANCELLED, actor=actor, finished_at=timezone.now())
        transaction.on_commit(lambda: export.file.storage.delete(export.path))
    return export


def run_export(export: Export) -> Export:
    """Write or begin again; safe to call again after a crash and by two workers at once (the second does nothing)."""
    actor = Actor.system("export")
    lock = (EXPORT_LOCK, export.pk)
    return work_on(export, lock=lock, unreadable=(NotMade, OSError), actor=actor, run=lambda row: _run(row, actor))


def _run(export: Export, system: Actor) -> Export:
    try:
        return _made(export, system)
    except OSError as error:
        if is_full(error):
            raise NotMade("The server's disk was full. Try again later.") from error
        raise


def run_exports_due() -> None:
    """Make what waits, and what a dead worker left, one after the other: those first that never broke off.

    At most EXPORTS_AT_ONCE callers do so side by side, the others come away at once: a large export must not take the
    worker from the clocks.
    """
    with turn(TURN_LOCK, settings.EXPORTS_AT_ONCE) as mine:
        if mine:
            sweeping.run_jobs_due(Export.objects.all(), run_export, owner="organisation", sweep="exports")


def _made(export: Export, system: Actor) -> Export:
    tally = Tally(lambda tally: _go_on(export, tally))
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    # A draft without a name: whatever happens to this worker, nothing half-made stays on the disk.
    with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as draft:
        _write(export, draft, tally)
        size = draft.tell()
        draft.seek(0)
        storage, name = export.file.storage, export.path
        storage.delete(name)  # of a worker that died before the row knew of it
        storage.save(name, File(draft))
    now = timezone.now()
    told: dict[str, Any] = {
        "finished_at": now,
        "progress": 100,
        "counted": tally.counted,
        "size": size,
        "kept_until": now + timedelta(days=days_of("export_files")),
    }
    try:
        with transaction.atomic():
            move(export, JobStatus.DONE, actor=system, **told)
            export.file = name
            export.save(update_fields=["file"])
    except BaseException:
        storage.delete(name)
        raise
    return export


def _write(export: Export, draft: BinaryIO, tally: Tally) -> None:
    """In the name of the person, as far as their rights go now, not when they asked."""
    exporter = exporter_of(export.kind)
    person = User.objects.select_related("organisation").get(pk=export.person_id)
    if not may_work_in(person, export.organisation):
        raise NotMade(f"{person.name} now belongs to another organisation.")
    actor = actor_at(person, export.organisation)
    try:
        actor.require(exporter.permission)
        with timezone.override(zoneinfo.ZoneInfo(export.zone)), translation.override(export.language):
            for piece in exporter.write(actor, export.arguments, tally):
                draft.write(piece)
    except PermissionDenied as refusal:
        raise NotMade(str(refusal)) from refusal
    except ValidationError as refusal:
        raise NotMade(" ".join(refusal.messages)) from refusal
    except ObjectDoesNotExist as refusal:
        raise NotMade("The item to export no longer exists, or you cannot see it.") from refusal


def _go_on(export: Export, tally: Tally) -> None:
    """Say how far it is; raises where the export was cancelled."""
    alive = {"progress": tally.percent, "counted": tally.counted, "heartbeat_at": timezone.now()}
    if not Export.objects.filter(pk=export.pk, status=JobStatus.RUNNING).update(**alive):
        raise LostRace(gettext_noop("The export was cancelled."))


def fetch_export(*, export: Export, actor: Actor) -> File:
    """The file, open for reading; that it was fetched stays in the audit log. Raises NotKept where there is none."""
    opened = open_export(export=export, actor=actor)
    audit.record(actor=actor, action="export.downloaded", subject=export, after={"size": export.size})
    return opened


def open_export(*, export: Export, actor: Actor) -> File:
    """The file of whoever asks for its headers alone (HEAD), which is no download. Raises NotKept where there is none."""
    actor.require(exporter_of(export.kind).permission)
    if not (name := export.file.name):
        raise NotKept("The file does not exist. It is not ready yet, or it was deleted.")
    try:
        opened = export.file.storage.open(name)
    except FileNotFoundError:
        raise NotKept("The file is no longer on the server. Make the export again.") from None
    return opened


def delete_export(*, export: Export, actor: Actor) -> None:
    """Delete the file; the row stays and says that there was one. Not reversible. Raises NotKept where there is none."""
    actor.require("export.make")
    name, storage = export.file.name, export.file.storage
    with transaction.atomic():
        if not name or not Export.objects.filter(pk=export.pk, file=name).update(file=""):
            raise NotKept("The file was already deleted.")
        audit.record(actor=actor, action="export.deleted", subject=export)
        transaction.on_commit(lambda: storage.delete(name))


def failed_exports() -> QuerySet[Export]:
    """Those that failed so lately that their person may still wait for them."""
    return Export.objects.filter(status=JobStatus.FAILED, finished_at__gt=timezone.now() - Export.KEPT)
