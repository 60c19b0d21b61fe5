"""What recalls deletes after some days: uploaded recall files, and what an import kept of them besides recalls."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from portal.retention.files import delete_rows, digest_of_file, forget_file
from portal.retention.registry import Held, Holdable, Kind, register, register_holdable
from recalls.models import RecallImport, RecallImportRow, RecallReject, RecallVersion
from recalls.states import ImportStatus

OVER = (ImportStatus.DONE, ImportStatus.FAILED, ImportStatus.CANCELLED)


def _files() -> QuerySet[RecallImport]:
    return RecallImport.objects.filter(status__in=OVER).exclude(file="")


def _rejects() -> QuerySet[RecallReject]:
    return RecallReject.objects.filter(job__status__in=OVER)


def _rows() -> QuerySet[RecallImportRow]:
    return RecallImportRow.objects.filter(job__status__in=OVER)


def _brought(keys: Collection[int], path: str = "pk") -> Q:
    """Imports that brought a version of a held recall."""
    return Q(Exists(RecallVersion.objects.filter(imported_by=OuterRef(path), recall__in=keys)))


_OF_IMPORT: dict[str, Held] = {
    "portal.organisation": "job__regulator",
    "recalls.recall": lambda keys: _brought(keys, "job_id"),
    "portal.user": "job__created_by",
}

register_holdable(
    Holdable("recalls.recall", gettext_noop("Recall"), "number"),
    Holdable("recalls.notice", gettext_noop("Notice"), "pk"),
)
register(
    Kind(
        name="recall_files",
        title=gettext_noop("Uploaded recall files"),
        detail=gettext_noop("Files of finished recall imports. The recalls and the records they came from stay."),
        days=730,
        min_days=30,
        since="created_at",
        rows=_files,
        erase=forget_file("file"),
        held={"portal.organisation": "regulator", "recalls.recall": _brought, "portal.user": "created_by"},
        stated=digest_of_file("file"),
        file="file",
    ),
    Kind(
        name="recall_rejects",
        title=gettext_noop("Rejected recall records"),
        detail=gettext_noop("Records of finished recall imports that were not stored. The counts stay."),
        days=365,
        min_days=30,
        since="job__created_at",
        rows=_rejects,
        erase=delete_rows,
        held=_OF_IMPORT,
    ),
    Kind(
        name="recall_previews",
        title=gettext_noop("Previews of recall imports"),
        detail=gettext_noop("What finished recall imports were going to add or change. The recalls stay."),
        days=365,
        min_days=30,
        since="job__created_at",
        rows=_rows,
        erase=delete_rows,
        held=_OF_IMPORT,
    ),
)
