"""Exports of lists: the catalogue in the columns by which one is imported, flags, exclusions and imports."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_noop

from listings.filters import ExclusionFilter, FlagFilter, ListingFilter, held_notices_of, in_view, opening_view
from listings.models import (
    CatalogueImport,
    DryRun,
    DryRunResult,
    Exclusion,
    Flag,
    HeldMatch,
    Listing,
    ScheduledFeed,
)
from portal.exporting.registry import Table, key_of, public_part, register_columns, register_list, yes_or_no
from portal.identity.actors import Actor
from recalls.models import Notice, Recall

FIELDS = (
    "title", "description", "brand", "gtin", "mpn", "seller", "category", "price", "currency", "link", "image_link", "supplier",
    "minimum_order", "price_ladder", "destinations",
)  # fmt: skip


def _catalogue(actor: Actor, arguments: dict[str, Any]) -> Table:
    """Newest first. A regulator, who sees listings of many platforms, has whose each is at the end."""
    listed = ListingFilter(QueryDict(arguments["query"]), Listing.objects.visible_to(actor)).qs.order_by("-pk")
    cells = ("external_id", *FIELDS, "present") + (() if actor.platform_id is not None else ("platform__name",))
    header = ["id", *FIELDS, "on sale here"] + ([] if actor.platform_id is not None else ["platform"])
    return Table(header, listed.values_list(*cells).iterator(chunk_size=2_000), listed.count())


register_list("catalogue", gettext_noop("Catalogue"), "listing.view", _catalogue)


def _exclusions(actor: Actor, query: QueryDict) -> QuerySet[Exclusion]:
    return ExclusionFilter(query, Exclusion.objects.visible_to(actor)).qs


register_columns(
    "exclusions",
    gettext_noop("Exclusions"),
    "flag.view",
    _exclusions,
    {
        "exclusion": "pk", "platform": "platform__name", "recall": "recall__number", "covers": "scope", "listing": "listing__external_id",
        "gtin": "gtin", "seller": "seller", "reason": "reason", "made by": "made_by", "made at": "made_at",
        "expires at": "expires_at", "expired at": "expired_at", "withdrawn at": "withdrawn_at", "withdrawn by": "withdrawn_by",
    },
)  # fmt: skip


def _flags(actor: Actor, query: QueryDict) -> QuerySet[Flag]:
    found = FlagFilter(query, Flag.objects.visible_to(actor), one_platform=actor.platform_id is not None)
    return in_view(found.qs, query.get("view", opening_view(actor)), actor).filter(due_at__isnull=False)


register_columns(
    "flags",
    gettext_noop("Flags"),
    "flag.view",
    _flags,
    {
        "flag": "pk", "platform": "platform__name", "recall": "recall__number", "listing": "listing__external_id",
        "title": "listing__title", "seller": "listing__seller", "score": "score", "band": "band", "status": "status",
        "opened at": "opened_at", "due at": "due_at", "claimed by": "claimed_by__name", "relisted from": "relisted_from",
    },
)  # fmt: skip


def _imports(actor: Actor, _query: QueryDict) -> QuerySet[CatalogueImport]:
    return CatalogueImport.objects.visible_to(actor)


register_columns(
    "catalogue_imports",
    gettext_noop("Catalogue imports"),
    "catalogue.import",
    _imports,
    {
        "import": "pk", "file": "filename", "kind": "kind", "scheduled feed": "feed__name", "started by": "created_by__name",
        "started at": "created_at", "finished at": "finished_at", "state": "status", "rows": "total", "added": "added",
        "changed": "changed", "unchanged": "unchanged", "absent": "absent", "rejected": "rejected", "error": "error",
    },
)  # fmt: skip


def _held_notices(actor: Actor, _query: QueryDict) -> QuerySet[Notice]:
    return held_notices_of(actor)


def _held_matches(actor: Actor, query: QueryDict) -> QuerySet[HeldMatch]:
    return HeldMatch.objects.waiting().filter(notice=Notice.objects.visible_to(actor).get(pk=key_of(query)))


def _dry_runs(actor: Actor, query: QueryDict) -> QuerySet[DryRun]:
    return DryRun.objects.visible_to(actor).filter(
        version__recall=Recall.objects.visible_to(actor).get(pk=key_of(query))
    )


def _dry_run_results(actor: Actor, query: QueryDict) -> QuerySet[DryRunResult]:
    return DryRun.objects.visible_to(actor).get(pk=key_of(query)).results.all()


def _scheduled_feeds(actor: Actor, _query: QueryDict) -> QuerySet[ScheduledFeed]:
    return ScheduledFeed.objects.visible_to(actor)


register_columns(
    "held_notices",
    gettext_noop("Notices with held-back listings"),
    "held.view",
    _held_notices,
    {
        "notice": "pk", "recall": "recall__number", "title": "version__title", "platform": "platform__name",
        "held back": "held_back", "unanswered since": "since",
    },
)  # fmt: skip
register_columns(
    "held_matches",
    gettext_noop("Held-back listings"),
    "held.view",
    _held_matches,
    {
        "notice": "notice__pk", "platform": "notice__platform__name", "listing": "listing__external_id", "title": "listing__title",
        "seller": "seller", "score": "score", "band": "band", "evidence": "signals", "held back at": "held_at",
        "released at": "released_at", "answered by": "answered_by",
    },
)  # fmt: skip
register_columns(
    "dry_runs",
    gettext_noop("Dry runs"),
    "dry_run.make",
    _dry_runs,
    {
        "dry run": "pk", "recall": "version__recall__number", "version": "version__version", "started by": "created_by__name",
        "started at": "created_at", "finished at": "finished_at", "state": "status", "error": "error",
    },
)  # fmt: skip
register_columns(
    "dry_run_results",
    gettext_noop("Results of a dry run"),
    "dry_run.make",
    _dry_run_results,
    {
        "dry run": "run__pk", "platform": "platform__name", "searched at": "done_at", "compared": "compared",
        "would be flagged": "to_flag", "unclear": "to_ask", "excluded": "excluded", "flagged before": "already",
        "not matched yet": "not_matched_yet",
    },
)  # fmt: skip
register_columns(
    "scheduled_feeds",
    gettext_noop("Scheduled feeds"),
    "catalogue.import",
    _scheduled_feeds,
    {
        "feed": "name", "address": "url", "kind": "kind", "minutes between fetches": "interval_minutes", "in use": "enabled",
        "last result": "result", "detail": "detail", "failures in a row": "failures", "last fetch": "fetched_at",
        "next fetch": "next_at",
    },
    {"address": public_part, "in use": yes_or_no},
)  # fmt: skip
