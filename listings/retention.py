"""What listings deletes after some days: files of feeds that are done with, their rejects, uploads that were not finished,
and dry runs."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_noop

from listings.models import CatalogueImport, CatalogueReject, CatalogueUpload, DryRun
from listings.services.upload_parts import delete_folder
from listings.states import ImportStatus
from portal.models.jobs import JobStatus
from portal.retention.files import delete_rows, digest_of_file, forget_file
from portal.retention.registry import Kind, register

OVER = (ImportStatus.DONE, ImportStatus.FAILED, ImportStatus.CANCELLED, ImportStatus.REFUSED)


def _files() -> QuerySet[CatalogueImport]:
    """Not of a feed that waits for a person, who may still confirm it."""
    return CatalogueImport.objects.filter(status__in=OVER).exclude(file="")


def _rejects() -> QuerySet[CatalogueReject]:
    return CatalogueReject.objects.filter(job__status__in=OVER)


def _uploads() -> QuerySet[CatalogueUpload]:
    """Not of an import that has yet to put its parts together."""
    return CatalogueUpload.objects.filter(Q(job=None) | Q(job__status__in=OVER) | ~Q(job__file=""))


def _delete_uploads(uploads: Sequence[CatalogueUpload]) -> None:
    for upload in uploads:
        transaction.on_commit(partial(delete_folder, upload.pk))
    delete_rows(uploads)


def _dry_runs() -> QuerySet[DryRun]:
    return DryRun.objects.filter(status__in=(JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED))


register(
    Kind(
        name="catalogue_files",
        title=gettext_noop("Uploaded catalogues"),
        detail=gettext_noop(
            "Files of finished imports that no check of an open takedown refers to. The import and its listings stay."
        ),
        days=180,
        min_days=30,
        since="created_at",
        rows=_files,
        erase=forget_file("file"),
        held={"portal.organisation": "platform", "portal.user": "created_by"},
        stated=digest_of_file("file"),
        file="file",
    ),
    Kind(
        name="catalogue_rejects",
        title=gettext_noop("Rejected catalogue rows"),
        detail=gettext_noop("Rows of finished imports that were not stored, with their reasons. The counts stay."),
        days=180,
        min_days=30,
        since="job__created_at",
        rows=_rejects,
        erase=delete_rows,
        held={"portal.organisation": "job__platform", "portal.user": "job__created_by"},
    ),
    Kind(
        name="catalogue_uploads",
        title=gettext_noop("Unfinished uploads"),
        detail=gettext_noop("Parts of catalogue files whose upload was not continued or imported in time."),
        days=7,
        min_days=1,
        since="expires_at",
        rows=_uploads,
        erase=_delete_uploads,
        held={"portal.organisation": "platform", "portal.user": "created_by"},
        size=F("received"),
        dated=True,
    ),
    Kind(
        name="dry_runs",
        title=gettext_noop("Dry runs"),
        detail=gettext_noop("Finished dry runs of recalls with their results."),
        days=365,
        min_days=7,
        since="created_at",
        rows=_dry_runs,
        erase=delete_rows,
        held={
            "portal.organisation": "regulator",
            "recalls.recall": "version__recall",
            "portal.user": "created_by",
        },
    ),
)
