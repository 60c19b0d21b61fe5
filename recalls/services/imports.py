"""Importing recall files: resumable, in batches, each record once; what is refused is kept with its reason."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from portal import audit
from portal.actors import Actor
from portal.jobs import JobStatus, work_on
from portal.models import AuditEvent, Organisation
from portal.transitions import LostRace, move
from recalls.importers import cpsc
from recalls.importers.records import ImportedRecall, Reject, UnreadableFile
from recalls.models import Recall, RecallImport, RecallReject, RecallVersion
from recalls.services.content import (
    ProductContent,
    RecallContent,
    content_of,
    last_number,
    search_text,
    version_row,
    write_parts,
)
from recalls.services.notices import follow_new_version
from recalls.states import RecallStatus

BATCH = 250
IMPORT_LOCK = 0x0FF5_0001  # advisory lock class: one worker a job


def start_recall_import(
    *, regulator: Organisation, file: File, filename: str, publish: bool, actor: Actor, is_sample: bool = False
) -> RecallImport:
    """Take a file in; a worker imports it. Reversible until it ran: cancel it."""
    actor.require("recall.import")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied("Recalls can be imported for one's own regulator only.")
    with transaction.atomic():
        job = RecallImport.objects.create(
            regulator=regulator,
            created_by_id=actor.user_id,
            file=file,
            filename=filename[:255],
            publish=publish,
            is_sample=is_sample,
        )
        audit.record(
            actor=actor, action="recall_import.queued", subject=job, after={"filename": filename, "publish": publish}
        )
    return job


def cancel_recall_import(*, job: RecallImport, actor: Actor) -> RecallImport:
    """Stop an import; what it imported so far stays."""
    return move(job, JobStatus.CANCELLED, actor=actor, finished_at=timezone.now())


def run_recall_import(job: RecallImport, *, on_progress: Callable[[int, int], None] | None = None) -> RecallImport:
    """Run or take up a job; safe to call again after a crash and by two workers at once (the second does nothing).

    A record that was imported before the crash is found unchanged, so nothing is doubled. `on_progress` hears
    (records done, records in all).
    """
    actor = Actor.system("recall import")
    return work_on(
        job,
        lock=(IMPORT_LOCK, job.pk),
        unreadable=(UnreadableFile, FileNotFoundError),
        actor=actor,
        run=lambda job: _run(job, actor, on_progress),
    )


def _run(job: RecallImport, actor: Actor, on_progress: Callable[[int, int], None] | None) -> RecallImport:
    with job.file.open("rb") as source:
        records = cpsc.read_file(source)
    job.rejects.all().delete()
    counts: dict[str, Any] = dict.fromkeys(("added", "revised", "unchanged", "rejected"), 0)
    seen: dict[str, str] = {}
    parsed, done = cpsc.parse(records), 0
    while batch := list(islice(parsed, BATCH)):
        with transaction.atomic():
            for name, number in _import_batch(job, batch, seen, actor).items():
                counts[name] += number
        done += len(batch)
        progress = {"total": len(records), "progress": 100 * done // len(records), "heartbeat_at": timezone.now()}
        if not RecallImport.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(**progress, **counts):
            raise LostRace("The import was cancelled.")
        if on_progress:
            on_progress(done, len(records))
    return move(
        job, JobStatus.DONE, actor=actor, finished_at=timezone.now(), progress=100, total=len(records), **counts
    )


def _import_batch(
    job: RecallImport, batch: list[ImportedRecall | Reject], seen: dict[str, str], actor: Actor
) -> dict[str, int]:
    rejects = [
        RecallReject(job=job, record=row.record, number=row.number[:80], reason=row.reason, content=row.content)
        for row in batch
        if isinstance(row, Reject)
    ]
    contents: dict[str, RecallContent] = {}
    repeats = 0
    for row in batch:
        if isinstance(row, Reject):
            continue
        content = _content(row)
        if row.number in seen:
            if seen[row.number] == content.digest:
                repeats += 1
            else:
                reason = f"the number {row.number} stands in this file before, with other content: keep one of them"
                rejects.append(
                    RecallReject(
                        job=job, record=row.record, number=row.number, reason=reason, content=cpsc.show(row.source)
                    )
                )
            continue
        seen[row.number] = content.digest
        contents[row.number] = content
        rejects += [
            RecallReject(job=job, record=row.record, number=row.number, reason=f"imported, but {note}", content="")
            for note in row.notes
        ]
    stored = {
        recall.number: recall
        for recall in Recall.objects.select_for_update(of=("self",))
        .filter(regulator=job.regulator, number__in=list(contents))
        .select_related("current")
    }
    fresh = {number: content for number, content in contents.items() if number not in stored}
    revised = 0
    for number, recall in stored.items():
        revised += _revise(recall, contents[number], job, actor)
    _add(job, fresh, actor)
    RecallReject.objects.bulk_create(rejects)
    refused = sum(not reject.reason.startswith("imported, but") for reject in rejects)
    return {"added": len(fresh), "revised": revised, "unchanged": len(stored) - revised + repeats, "rejected": refused}


def _content(row: ImportedRecall) -> RecallContent:
    return RecallContent(
        title=row.title,
        description=row.description,
        hazard=row.hazard,
        remedy=row.remedy,
        sold_at=row.sold_at,
        firms=row.firms,
        url=row.url,
        units=row.units,
        recalled_on=row.recalled_on,
        products=tuple(
            ProductContent(
                product.name,
                product.brand,
                product.model_numbers,
                product.gtins,
                product.sizes,
                product.units,
                product.description,
            )
            for product in row.products
        ),
        pictures=row.pictures,
        source=row.source,
    )


def _add(job: RecallImport, fresh: dict[str, RecallContent], actor: Actor) -> None:
    now = timezone.now()
    status = RecallStatus.PUBLISHED if job.publish else RecallStatus.DRAFT
    published_at = now if job.publish else None
    recalls = Recall.objects.bulk_create(
        [
            Recall(
                regulator=job.regulator,
                number=number,
                status=status,
                title=content.title,
                recalled_on=content.recalled_on,
                search=search_text(number, content),
                findability=content.findability.score,
                is_sample=job.is_sample,
                published_at=published_at,
            )
            for number, content in fresh.items()
        ]
    )
    pairs = [(recall, fresh[recall.number]) for recall in recalls]
    versions = RecallVersion.objects.bulk_create(
        [
            version_row(recall, 1, content, created_by_id=job.created_by_id, published_at=published_at)
            for recall, content in pairs
        ]
    )
    for recall, version in zip(recalls, versions, strict=True):
        recall.current = version
    Recall.objects.bulk_update(recalls, ["current"])
    write_parts(zip(versions, fresh.values(), strict=True))
    audit.record_many(
        _event(job, actor, recall, "recall.imported", {"status": status, "version": 1}) for recall in recalls
    )


def _revise(recall: Recall, content: RecallContent, job: RecallImport, actor: Actor) -> int:
    """Make a new version where something relevant changed; 1 if so, 0 if not. An archive that re-dates its recalls,
    or adds a link, changes nothing here."""
    if recall.current is None or recall.current.digest == content.digest or recall.status == RecallStatus.WITHDRAWN:
        return 0
    before = content_of(recall.current)
    if before.digest == content.digest:
        return 0
    now = timezone.now()
    RecallVersion.objects.filter(recall=recall, published_at=None).exclude(pk=recall.current.pk).delete()
    number = last_number(recall) + 1
    live = recall.status == RecallStatus.PUBLISHED
    if not live:
        RecallVersion.objects.filter(pk=recall.current.pk).update(published_at=now)
    version = version_row(
        recall, number, content, published_at=now if live else None, change_note=f"Imported from {job.filename}"
    )
    version.widens = not content.identifiers <= before.identifiers
    version.save()
    write_parts([(version, content)])
    recall.current, recall.title, recall.search = version, content.title, search_text(recall.number, content)
    recall.findability = content.findability.score
    recall.save(update_fields=["current", "title", "search", "findability"])
    audit.record_many(
        [_event(job, actor, recall, "recall.version_published", {"version": number, "widens": version.widens})]
    )
    if live:
        follow_new_version(recall=recall, version=version, actor=actor)
    return 1


def _event(job: RecallImport, actor: Actor, recall: Recall, action: str, after: dict[str, Any]) -> AuditEvent:
    return audit.event_for(
        actor=actor, action=action, subject=recall, after=after, reason=f"Import {job.pk} of {job.filename}"
    )
