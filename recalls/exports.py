"""Exports of recalls: the table that the page lists, in the columns of our own template, so that it can be imported."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import QueryDict
from django.utils.translation import gettext_noop

from portal.exporting.registry import (
    Table,
    key_of,
    public_part,
    register_columns,
    register_list,
    register_table,
    yes_or_no,
)
from portal.identity.actors import Actor
from recalls.filters import NoticeFilter, RecallFilter
from recalls.importers import safety
from recalls.importers.template import HEADER
from recalls.models import Notice, Recall, RecallFeed, RecallImport, RecallImportRow, RecallVersion
from recalls.presenters import version_for
from recalls.services.content import content_of

AT_ONCE = 500


def _recalls(actor: Actor, arguments: dict[str, Any]) -> Table:
    """One row for each product, newest recall first; of each recall the version that the actor sees."""
    listed = RecallFilter(QueryDict(arguments["query"]), Recall.objects.visible_to(actor), actor=actor).qs.order_by(
        "-pk"
    )
    return Table(HEADER, _rows(actor, listed.select_related("current").iterator(chunk_size=AT_ONCE)), listed.count())


def _rows(actor: Actor, recalls: Iterator[Recall]) -> Iterator[list[str]]:
    while group := list(islice(recalls, AT_ONCE)):
        shown = [(recall, version) for recall in group if (version := version_for(recall, actor)) is not None]
        prefetch_related_objects([version for _, version in shown], "products", Prefetch("pictures"))
        for recall, version in shown:
            yield from _rows_of(recall, version)


def _rows_of(recall: Recall, version: RecallVersion) -> Iterator[list[str]]:
    facts, content = version.facts or {}, content_of(version)
    counts = ["" if each is None else str(each) for each in (version.incidents, version.injuries, version.deaths)]
    for product in version.products.all():
        yield [
            recall.number, version.title, recall.recalled_on.isoformat() if recall.recalled_on else "", product.name,
            product.brand, "; ".join(product.model_numbers), "; ".join(product.gtins), "; ".join(product.sizes), product.units,
            version.description, version.hazard, version.remedy, version.sold_at, "; ".join(version.firms), version.url,
            " ".join(picture.url for picture in version.pictures.all()), "; ".join(facts.get("lots") or ()),
            "; ".join(facts.get("category") or ()), facts.get("country") or "",
            version.risk_level or facts.get("risk_level") or "", *counts, version.worst_severity, version.injury_details,
            safety.measure_cell(content.measures), safety.business_cell(content.businesses),
        ]  # fmt: skip


def _rejects(actor: Actor, arguments: dict[str, Any]) -> Table:
    rejects = RecallImport.objects.visible_to(actor).get(pk=arguments["import"]).rejects.all()
    rows = ((row.record, row.number, row.reason, row.content) for row in rejects.iterator())
    return Table(["record", "recall number", "reason", "content"], rows, rejects.count())


register_list("recalls", gettext_noop("Recalls"), "recall.view", _recalls)
register_table(
    "recall_rejects",
    gettext_noop("Recall import rejects"),
    "recall.import",
    _rejects,
    subject="recalls.recallimport",
    named="import",
)


def _notices(actor: Actor, query: QueryDict) -> QuerySet[Notice]:
    return NoticeFilter(query, Notice.objects.visible_to(actor), one_platform=actor.platform_id is not None).qs


register_columns(
    "notices",
    gettext_noop("Notices"),
    "notice.view",
    _notices,
    {
        "notice": "pk", "recall": "recall__number", "version": "version__version", "title": "version__title",
        "platform": "platform__name", "status": "status", "sent at": "sent_at", "delivered at": "delivered_at",
        "acknowledged at": "acknowledged_at", "acknowledged by": "acknowledged_by", "matched at": "matched_at",
        "withdrawn at": "withdrawn_at",
    },
)  # fmt: skip


def _imports(actor: Actor, _query: QueryDict) -> QuerySet[RecallImport]:
    return RecallImport.objects.visible_to(actor)


def _import_rows(actor: Actor, query: QueryDict) -> QuerySet[RecallImportRow]:
    return RecallImport.objects.visible_to(actor).get(pk=key_of(query)).rows.all()


def _feeds(actor: Actor, _query: QueryDict) -> QuerySet[RecallFeed]:
    return RecallFeed.objects.visible_to(actor)


register_columns(
    "recall_imports",
    gettext_noop("Recall imports"),
    "recall.import",
    _imports,
    {
        "import": "pk", "file": "filename", "format": "format", "publisher": "publisher", "feed": "feed__name",
        "started by": "created_by__name", "started at": "created_at", "confirmed by": "confirmed_by__name",
        "approved by": "approved_by__name", "finished at": "finished_at", "state": "status", "records": "total", "new": "added",
        "changed": "revised", "unchanged": "unchanged", "rejected": "rejected", "published": "published", "error": "error",
    },
)  # fmt: skip
register_columns(
    "recall_import_rows",
    gettext_noop("New and changed recalls of an import"),
    "recall.import",
    _import_rows,
    {"record": "record", "recall number": "number", "title": "title", "outcome": "outcome"},
)
register_columns(
    "recall_feeds",
    gettext_noop("Recall feeds"),
    "recall.import",
    _feeds,
    {
        "feed": "name", "address": "url", "minutes between fetches": "interval_minutes", "in use": "enabled", "last result": "result",
        "detail": "detail", "failures in a row": "failures", "last fetch": "fetched_at", "next fetch": "next_at",
    },
    {"address": public_part, "in use": yes_or_no},
)  # fmt: skip
