"""Importing catalogues: streaming, in chunks, idempotent; if a worker dies, another one starts again."""

from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.ingest.outcome import UnreadableFeed
from listings.ingest.readers import FeedState, read_feed
from listings.models import CatalogueImport, ScheduledFeed
from listings.services.absence import carried_and_on_sale, mark_absent, note_seen, prepare_seen
from listings.services.assembling import put_together
from listings.services.chosen_columns import ChosenColumns, has_newer_full_feed
from listings.services.chunks import Chunk, Counts, chunks_of, keep_rejects
from listings.services.feed_checks import hold_reasons
from listings.services.reading_ahead import read_ahead
from listings.services.sandbox_limits import leave_out_too_many, require_small
from listings.services.settled_rows import Settled, Settling
from listings.services.storing import NONE_SETTLED, STORE_LOCK, prepare_staging, store_apart, stored_ids
from listings.states import ImportStatus
from portal import audit
from portal.background import sweeping
from portal.background.collecting import collecting_seldom
from portal.background.jobs import turn, work_on
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.models.jobs import JobStatus
from portal.transitions import IllegalTransition, LostRace, move

TURN_LOCK = 0x0FF5_0008  # advisory lock class: limits the number of workers
Progress = Callable[[int, int], None]


def start_import(
    *,
    platform: Organisation,
    file: File | None,
    filename: str,
    kind: str,
    feed: ScheduledFeed | None = None,
    actor: Actor,
) -> CatalogueImport:
    """Accept a feed, which may have been fetched from `feed`; a worker imports it. Reversible until it has run: cancel it.

    Raises ValidationError for a file that is too much for a sandbox. No `file`: it was uploaded in parts, which the worker
    puts together, and whose size was judged when the upload began.
    """
    actor.require("catalogue.import")
    if actor.platform_id not in (None, platform.pk) or not platform.is_platform:
        raise PermissionDenied(gettext_noop("You can import a catalogue only for your own platform."))
    if file is not None:
        require_small(file.size, platform)
    with transaction.atomic():
        job = CatalogueImport.objects.create(
            platform=platform,
            created_by_id=actor.user_id,
            kind=kind,
            file=file or "",
            filename=filename[:255],
            feed=feed,
        )
        audit.record(
            actor=actor, action="catalogue_import.queued", subject=job, after={"filename": filename, "kind": kind}
        )
    return job


def cancel_import(*, job: CatalogueImport, actor: Actor) -> CatalogueImport:
    """Stop an import; rows stored so far are kept, and a cancelled full feed marks nothing absent."""
    return move(job, JobStatus.CANCELLED, actor=actor, finished_at=timezone.now())


def confirm_import(*, job: CatalogueImport, reason: str, actor: Actor) -> CatalogueImport:
    """Confirm a waiting full feed: a worker marks absent the listings that are not in it. Not reversible.

    Raises IllegalTransition if there is a newer full feed: an old file must not undo a new one.
    """
    with transaction.atomic():
        if job.waits and has_newer_full_feed(job):
            raise IllegalTransition(
                gettext_noop("There is a newer full feed. Confirm that one or wait for it, and refuse this one.")
            )
        return move(
            job,
            ImportStatus.QUEUED,
            actor=actor,
            reason=reason,
            confirmed_at=timezone.now(),
            attempts=0,
            finished_at=None,
        )


def refuse_import(*, job: CatalogueImport, reason: str, actor: Actor) -> CatalogueImport:
    """Refuse a waiting full feed: its rows are kept, and nothing is marked absent because of it. Not reversible."""
    return move(job, ImportStatus.REFUSED, actor=actor, reason=reason)


def run_imports_due() -> None:
    """Run waiting imports, and those whose worker died; first those that were never interrupted.

    At most IMPORTS_AT_ONCE callers run at the same time; the others return at once. A failure stops no other import.
    """
    with turn(TURN_LOCK, settings.IMPORTS_AT_ONCE) as mine:
        if mine:
            sweeping.run_jobs_due(
                CatalogueImport.objects.all(), run_import, owner="platform", sweep="catalogue imports"
            )


def run_import(job: CatalogueImport, *, on_progress: Progress | None = None) -> CatalogueImport:
    """Run or resume a job. Does nothing while another feed of the platform is being stored: the next sweep tries again.

    `on_progress` is called with (bytes read, total bytes).
    """
    actor = Actor.system("catalogue import")
    return work_on(
        job,
        lock=(STORE_LOCK, job.platform_id),
        unreadable=(UnreadableFeed, FileNotFoundError),
        actor=actor,
        run=lambda job: (_confirmed if job.confirmed_at else _run)(job, actor, on_progress),
    )


def _run(job: CatalogueImport, actor: Actor, on_progress: Progress | None) -> CatalogueImport:
    if not job.file:
        put_together(job)
    job.rejects.all().delete()
    prepare_staging()
    prepare_seen()
    counts, size, begun = Counts(), job.file.size, timezone.now()
    chosen = ChosenColumns(job)
    # If a worker died at this job, then perhaps at a text or a recall, which matching can set aside by itself.
    settling = Settling(job.platform_id) if job.attempts <= 1 else None

    def prepare(chunk: Chunk) -> Callable[[], Settled | None]:
        if settling is None:
            return lambda: None
        known = stored_ids(job.platform_id, chunk.rows)
        return settling.prepare([row for row in chunk.rows.values() if row.external_id not in known])

    with job.file.open("rb") as source:
        feed = read_feed(source, size, chosen)
        try:
            ahead = read_ahead(chunks_of(feed), prepare, settling.threads if settling else 1)
            with collecting_seldom(), closing(ahead) as chunks, closing(settling) if settling else nullcontext():
                for chunk, settled in chunks:
                    _store_chunk(job, chunk, counts, settling, settled)
                    _progress(job, counts, chunk.state, size, on_progress)
        except UnreadableFeed:
            chosen.keep(feed.report)
            _keep_report(job, counts.report_of(feed.state()))
            raise
        ended = feed.state()
    chosen.keep(feed.report)
    if not counts.stored:
        _keep_report(job, counts.report_of(ended))
        raise UnreadableFeed(counts.nothing_usable(feed.report))
    if not counts.with_gtin:
        ended.report.note("No listing has a GTIN, so matching uses the texts only.")
    return _finish(job, ended, counts, actor, begun)


def _finish(job: CatalogueImport, feed: FeedState, counts: Counts, actor: Actor, begun: datetime) -> CatalogueImport:
    """Done, with listings that are not in the feed marked absent; or waiting for a person if the feed is in doubt."""
    now = timezone.now()
    report = counts.report_of(feed)
    ended: dict[str, Any] = {"finished_at": now, "progress": 100, **counts.as_fields()}
    with transaction.atomic():
        if job.kind == CatalogueImport.Kind.FULL:
            carried, on_sale = carried_and_on_sale(job, begun)
            report |= {"carried": carried, "on_sale": on_sale}
            if held := hold_reasons(job, ended, feed.report, carried=carried, on_sale=on_sale):
                _keep_report(job, report | {"held": held, "held_at": now.isoformat()})
                return move(job, ImportStatus.WAITING, actor=actor, reason=" ".join(held), **ended)
            ended["absent"] = mark_absent(job, before=now)
        elif feed.report.broke_off:
            report["notes"] = [*report["notes"], feed.report.broke_off]
        _keep_report(job, report)
        return move(job, JobStatus.DONE, actor=actor, **ended)


def _keep_report(job: CatalogueImport, report: dict[str, Any]) -> None:
    """Separate from the move: the audit event says what happened, the page shows how the file was read."""
    CatalogueImport.objects.filter(pk=job.pk).update(report=report)
    job.report = report


def _confirmed(job: CatalogueImport, actor: Actor, on_progress: Progress | None) -> CatalogueImport:
    """Read a confirmed feed again for its ids, and mark absent the listings that neither it nor a later import has."""
    prepare_seen()
    size = job.file.size
    with job.file.open("rb") as source:
        for chunk in chunks_of(read_feed(source, size, ChosenColumns(job))):
            note_seen(chunk.ids())
            if on_progress:
                on_progress(min(source.tell(), size), size)
    with transaction.atomic():
        absent = mark_absent(job, before=datetime.fromisoformat(job.report["held_at"]))
        return move(job, JobStatus.DONE, actor=actor, finished_at=timezone.now(), progress=100, absent=absent)


def _store_chunk(
    job: CatalogueImport, chunk: Chunk, counts: Counts, settling: Settling | None, settled: Settled | None
) -> None:
    report = chunk.state.report
    with transaction.atomic():
        chunk.rejects += note_seen(chunk.ids(), chunk.rows)
        chunk.rejects += leave_out_too_many(job.platform_id, chunk.rows)
        stored, broken = store_apart(
            job.platform_id,
            list(chunk.rows.values()),
            job_id=job.pk,
            at=timezone.now(),
            delta=job.kind == CatalogueImport.Kind.DELTA,
            settled=settling.confirmed(settled, chunk.rows) if settling and settled else NONE_SETTLED,
        )
        chunk.rejects += broken
        keep_rejects(job, chunk.rejects, counts, report)
        counts.add(chunk, stored, report)


def _progress(job: CatalogueImport, counts: Counts, state: FeedState, size: int, on_progress: Progress | None) -> None:
    percent = min(99, 100 * state.position // max(1, size))
    changes = {"progress": percent, "heartbeat_at": timezone.now(), **counts.as_fields()}
    if not CatalogueImport.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(
        **changes, report=counts.report_of(state)
    ):
        raise LostRace(gettext_noop("The import was cancelled."))
    if on_progress:
        on_progress(state.position, size)
