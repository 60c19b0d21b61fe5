"""Import rejects: one search for page and export, and the tables to download."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from listings.models import CatalogueImport, CatalogueReject
from portal.exporting.registry import Table, register_table
from portal.identity.actors import Actor
from recalls.models import RecallImport, RecallReject

CATALOGUES, RECALLS = "catalogues", "recalls"


def rejects_of(actor: Actor, words: str = "") -> QuerySet[Any]:
    """The rejects of all imports of the actor's own organisation that `words` match, in reason, file or id: of recalls for a
    regulator, of catalogues for a platform."""
    rows: QuerySet[Any]
    if actor.platform_id is None:
        jobs: QuerySet[Any] = RecallImport.objects.visible_to(actor)
        rows, owner, name = RecallReject.objects.filter(job__in=jobs), "job__regulator", "number"
    else:
        jobs = CatalogueImport.objects.visible_to(actor)
        rows, owner, name = CatalogueReject.objects.filter(job__in=jobs), "job__platform", "external_id"
    rows = rows.select_related(owner)
    if words:
        rows = rows.filter(
            Q(reason__icontains=words) | Q(job__filename__icontains=words) | Q(**{f"{name}__iexact": words})
        )
    return rows


def exact_rejects(rows: QuerySet[Any], words: str) -> QuerySet[Any] | None:
    """Those of `rows` that have just this number or id; None where nothing was asked for."""
    name = "number" if rows.model is RecallReject else "external_id"
    return rows.filter(**{f"{name}__iexact": words}) if words else None


def _all(actor: Actor, arguments: dict[str, Any]) -> Table:
    found = rejects_of(actor, arguments["words"]).order_by("-pk")
    rows = (
        (
            row.job_id, row.job.filename, row.whose, (row.job.finished_at or row.job.created_at).isoformat(), row.place,
            row.named, row.reason, row.content,
        )
        for row in found.iterator(chunk_size=2_000)
    )  # fmt: skip
    header = ["import", "file", "organisation", "at", "line or record", "id", "reason", "content"]
    return Table(header, rows, found.count())


def _of_one(actor: Actor, arguments: dict[str, Any]) -> Table:
    rejects = CatalogueImport.objects.visible_to(actor).get(pk=arguments["import"]).rejects.all()
    rows = ((row.line, row.external_id, row.reason, row.content) for row in rejects.iterator())
    return Table(["line", "id", "reason", "content"], rows, rejects.count())


register_table("rejects", gettext_noop("Import rejects"), "reject.view", _all)
register_table(
    "catalogue_rejects",
    gettext_noop("Catalogue import rejects"),
    "catalogue.import",
    _of_one,
    subject="listings.catalogueimport",
    named="import",
)
