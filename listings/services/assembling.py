"""Putting an uploaded file together from its parts, in the worker that imports it, and comparing its digest."""

from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.ingest.outcome import UnreadableFeed
from listings.models import CatalogueImport, CatalogueUpload
from listings.services.upload_parts import Joined, delete_folder
from portal.models.jobs import JobStatus
from portal.transitions import LostRace


def put_together(job: CatalogueImport) -> None:
    """Give an import that was uploaded in parts its file. Raises UnreadableFeed where the digest is not the one that the
    sender stated, and LostRace where the import was cancelled meanwhile. A worker that dies leaves the parts."""
    upload = CatalogueUpload.objects.filter(job=job).first()
    if upload is None:
        raise UnreadableFeed("The file was deleted after its time. Upload it again.")
    parts = list(upload.parts.order_by("start"))
    name = f"catalogues/upload-{upload.pk}"
    default_storage.delete(name)  # of a worker that died; this one holds the job's lock
    whole = Joined(parts, lambda _at: _still_wanted(job))
    try:
        name = default_storage.save(name, whole)
    except FileNotFoundError:
        raise UnreadableFeed("A part of the uploaded file is missing. Upload the file again.") from None
    if whole.size != upload.size or whole.sha256 != upload.sha256:
        default_storage.delete(name)
        raise UnreadableFeed(
            f"The uploaded file is not the one that was sent: its SHA-256 is {whole.sha256}, not {upload.sha256}. "
            "Upload it again."
        )
    with transaction.atomic():
        CatalogueImport.objects.filter(pk=job.pk).update(file=name)
        upload.parts.all().delete()
        transaction.on_commit(partial(delete_folder, upload.pk))
    job.file.name = name


def _still_wanted(job: CatalogueImport) -> None:
    alive = CatalogueImport.objects.filter(pk=job.pk, status=JobStatus.RUNNING)
    if not alive.update(heartbeat_at=timezone.now()):
        raise LostRace(gettext_noop("The import was cancelled."))
