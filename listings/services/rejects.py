"""Import rejects: one search for page and export, and the tables to download."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from listings.models import CatalogueImport, CatalogueReject
from portal.exporting.registry import Tally, register_table, table
from portal.identity.actors import Actor
from recalls.models import RecallReject

CATALOGUES, RECALLS = "catalogues", "recalls"


def rejects_of(of: str, words: str = "") -> QuerySet[Any]:
    """The rejects of all imports of RECALLS, or else of CATALOGUES, that `words` match: in reason, file, id or owner."""
    rows: QuerySet[Any]
    if of == RECALLS:
        rows, owner, name = RecallReject.objects.all(), "job__regulator", "number"
    else:
        rows, owner, name = CatalogueReject.objects.all(), "job__platform", "external_id"
    rows = rows.select_related(owner)
    if words:
        in_owner = Q(**{f"{owner}__name__icontains": words})
        rows = rows.filter(
            in_owner | Q(reason__icontains=words) | Q(job__filename__icontains=words) | Q(**{name: words})
        )
    return rows


def _write_all(_actor: Actor, arguments: dict[str, Any], tally: Tally) -> Iterator[bytes]:
    found = rejects_of(arguments["of"], arguments["words"]).order_by("-pk")
    rows = (
        (
            row.job_id, row.job.filename, row.whose, (row.job.finished_at or row.job.created_at).isoformat(), row.place,
            row.named, row.reason, row.content,
        )
        for row in found.iterator(chunk_size=2_000)
    )  # fmt: skip
    header = ["import", "file", "organisation", "at", "line or record", "id", "reason", "content"]
    yield from table(header, rows, total=found.count(), tally=tally)


def _write_one(actor: Actor, arguments: dict[str, Any], tally: Tally) -> Iterator[bytes]:
    rejects = CatalogueImport.objects.visible_to(actor).get(pk=arguments["import"]).rejects.all()
    rows = ((row.line, row.external_id, row.reason, row.content) for row in rejects.iterator())
    yield from table(["line", "id", "reason", "content"], rows, total=rejects.count(), tally=tally)


register_table("rejects", gettext_noop("Import rejects"), "reject.view", _write_all)
register_table(
    "catalogue_rejects",
    gettext_noop("Catalogue import rejects"),
    "catalogue.import",
    _write_one,
    subject="listings.catalogueimport",
    named="import",
)
