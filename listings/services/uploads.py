"""Uploading a catalogue in parts: begun, continued after any break, imported once it is whole, or deleted.

The row says how much is here and the file storage has the parts, so any web host can take the next one, and no process
remembers anything.
"""

import errno
import shutil
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models import CatalogueImport, CatalogueUpload
from listings.services.imports import start_import
from listings.services.sandbox_limits import require_small
from listings.services.upload_parts import MIN_KEPT, Readable, Received, delete_folder, write_part
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.refusals import Refusal
from portal.retention.registry import days_of
from portal.texts import is_storable

MAX_PART = 64 << 20
"""Bytes of one part."""
MAX_PARTS = 10_000
MAX_UNFINISHED = 20
"""Uploads of a platform that were begun and not imported."""
KEPT = "catalogue_uploads"
"""The kind by which retention deletes them."""
_SPARE = 256 << 20  # bytes of the disk that uploads leave free
_BEGIN_LOCK = (
    0x0FF5_0031  # advisory lock class: uploads of a platform begin one after the other, so that they are counted
)


class UploadRefused(Refusal):
    """Why nothing was done; `code` is that of the problem (portal/http/problems.py)."""

    def __init__(self, code: str, message: str, params: dict[str, object] | None = None) -> None:
        self.code = code
        super().__init__(message, params)


def begin_upload(*, platform: Organisation, filename: str, size: int, actor: Actor) -> CatalogueUpload:
    """Expect a file of `size` bytes. Raises UploadRefused (too_large, invalid, too_many_uploads), ValidationError for
    what is too much for a sandbox, and OSError for a disk that has no room for it."""
    actor.require("catalogue.import")
    if actor.platform_id not in (None, platform.pk) or not platform.is_platform:
        raise PermissionDenied(gettext_noop("You can import a catalogue only for your own platform."))
    name = PurePosixPath(filename.replace("\\", "/")).name
    if not name.strip(". ") or not is_storable(name) or not name.isprintable():
        raise UploadRefused("invalid", gettext_noop("Send the name of the file: filename in Upload-Metadata."))
    if size < 1:
        raise UploadRefused("invalid", gettext_noop("The file is empty. Export the catalogue again."))
    if size > settings.MAX_UPLOAD_BYTES:
        raise UploadRefused(
            "too_large",
            gettext_noop("The file is larger than %(limit)s GB. Pack it with gzip, or split it."),
            {"limit": settings.MAX_UPLOAD_BYTES >> 30},
        )
    require_small(size, platform)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_BEGIN_LOCK, platform.pk])
        unfinished = CatalogueUpload.objects.filter(platform=platform).unfinished()
        if unfinished.count() >= MAX_UNFINISHED:
            raise UploadRefused(
                "too_many_uploads",
                gettext_noop("Your platform has %(count)s unfinished uploads. Finish or delete one first."),
                {"count": MAX_UNFINISHED},
            )
        expected = unfinished.aggregate(bytes=Sum("size", default=0) - Sum("received", default=0))["bytes"]
        _require_room(expected + 2 * size)  # the parts, and the whole that is put together from them
        upload = CatalogueUpload.objects.create(
            platform=platform,
            created_by_id=actor.user_id,
            filename=name[:255],
            size=size,
            expires_at=timezone.now() + days_kept(),
        )
        audit.record(
            actor=actor,
            action="catalogue_upload.started",
            subject=upload,
            after={"filename": upload.filename, "size": size},
        )
    return upload


def days_kept() -> timedelta:
    """How long an upload is kept after its last part."""
    return timedelta(days=days_of(KEPT))


def _require_room(size: int) -> None:
    if not isinstance(default_storage, FileSystemStorage):
        return  # what is no folder says itself when it is full
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.MEDIA_ROOT).free < size + _SPARE:
        raise OSError(errno.ENOSPC, "No room for an upload", str(settings.MEDIA_ROOT))


def append_part(
    *,
    upload: CatalogueUpload,
    start: int,
    length: int,
    stream: Readable,
    checksum: tuple[str, bytes] | None,
    actor: Actor,
) -> CatalogueUpload:
    """Store `length` bytes from `start` on; of a part that breaks off, what came of it, unless it has a `checksum`.

    Raises UploadRefused: upload_gone, offset_conflict where the upload ends elsewhere (or another sender was first),
    too_large for bytes after the end, too_many_parts, checksum_mismatch. Then nothing is stored.
    """
    actor.require("catalogue.import")
    _require_alive(upload)
    _require_place(upload, start)
    if length > min(MAX_PART, upload.size - start):
        raise UploadRefused(
            "too_large",
            gettext_noop("Here are %(left)s bytes left of the file, and a part has up to %(limit)s bytes."),
            {"left": upload.size - start, "limit": MAX_PART},
        )
    if upload.parts.count() >= MAX_PARTS:
        raise UploadRefused(
            "too_many_parts",
            gettext_noop("The upload has %(count)s parts. Delete it and send larger parts."),
            {"count": MAX_PARTS},
        )
    if not length:
        return upload
    _require_room(length)
    name, received = write_part(
        upload.pk, stream, start=start, length=length, algorithm=checksum[0] if checksum else "sha256"
    )
    try:
        _require_sound(received, checksum)
        return _keep(upload, start, name, received.size, received.sha256, actor)
    except BaseException:
        default_storage.delete(name)
        raise


def _require_sound(received: Received, checksum: tuple[str, bytes] | None) -> None:
    if checksum is not None and received.checksum != checksum[1]:
        raise UploadRefused("checksum_mismatch", gettext_noop("The part is not the one that was sent. Send it again."))
    if not received.is_whole and received.size < MIN_KEPT:
        raise UploadRefused("bad_request", gettext_noop("The part broke off. Send it again."))


def _keep(upload: CatalogueUpload, start: int, name: str, size: int, sha256: str, actor: Actor) -> CatalogueUpload:
    with transaction.atomic():
        now = _locked(upload)
        audit.require_current(actor)  # a part can take its sender very long
        _require_alive(now)
        _require_place(now, start)
        now.parts.create(start=start, size=size, sha256=sha256, file=name)
        now.received, now.expires_at = start + size, timezone.now() + days_kept()
        now.save(update_fields=["received", "expires_at"])
    return now


def _locked(upload: CatalogueUpload) -> CatalogueUpload:
    now = CatalogueUpload.objects.select_for_update().filter(pk=upload.pk).first()
    if now is None:
        raise UploadRefused("upload_gone", gettext_noop("The upload was deleted. Begin a new one."))
    return now


def _require_alive(upload: CatalogueUpload) -> None:
    if upload.is_over and upload.job_id is None:
        raise UploadRefused("upload_gone", gettext_noop("The upload was not continued in time. Begin a new one."))


def _require_place(upload: CatalogueUpload, start: int) -> None:
    if start != upload.received:
        raise UploadRefused(
            "offset_conflict",
            gettext_noop("The upload continues at byte %(received)s. Ask with HEAD, and send what follows."),
            {"received": upload.received},
        )


def import_upload(*, upload: CatalogueUpload, kind: str, sha256: str, actor: Actor) -> CatalogueImport:
    """Import an upload that is whole: a worker puts it together and compares `sha256`. Again, it is the same import.

    Raises UploadRefused: upload_incomplete, upload_gone, and illegal_transition where it was imported as something else.
    """
    actor.require("catalogue.import")
    with transaction.atomic():
        now = _locked(upload)
        if now.job is not None:
            if (now.job.kind, now.sha256) != (kind, sha256):
                raise UploadRefused("illegal_transition", gettext_noop("The upload was imported already."))
            return now.job
        _require_alive(now)
        if not now.is_whole:
            raise UploadRefused(
                "upload_incomplete",
                gettext_noop("%(received)s of %(size)s bytes are here. Send the others first."),
                {"received": now.received, "size": now.size},
            )
        now.job = start_import(platform=now.platform, file=None, filename=now.filename, kind=kind, actor=actor)
        now.sha256 = sha256
        now.save(update_fields=["job", "sha256"])
        return now.job


def delete_upload(*, upload: CatalogueUpload, actor: Actor) -> None:
    """Delete an upload with its parts. Not reversible. Raises UploadRefused (illegal_transition) once it is imported."""
    actor.require("catalogue.import")
    with transaction.atomic():
        now = _locked(upload)
        if now.job_id is not None:
            raise UploadRefused(
                "illegal_transition", gettext_noop("The upload is imported. Cancel the import instead.")
            )
        audit.record(
            actor=actor,
            action="catalogue_upload.deleted",
            subject=now,
            after={"filename": now.filename, "received": now.received},
        )
        transaction.on_commit(partial(delete_folder, now.pk))
        now.delete()
