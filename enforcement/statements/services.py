"""Statements of reasons as an export: a ZIP of batches, each the body of one call of the DSA Transparency Database."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.evidence_packs.container import Writer
from enforcement.evidence_packs.services.packs import day_ends
from enforcement.statements.rules import COUNTRIES, MAX_IN_BATCH, problems
from enforcement.statements.statement import Removal, statement_of
from listings.models import Decision, Flag
from listings.signal_titles import TITLES
from listings.states import DecisionKind
from portal.exporting.registry import Exporter, Tally, register
from portal.identity.actors import Actor
from portal.models import Organisation

STATEMENTS = "statements"
MAX_LEFT_OUT = 1_000  # are named one by one, the others counted
ELSEWHERE = "The listing was restricted in {country} alone, which is outside the European Economic Area."


def statements_asked(*, first: date, last: date, actor: Actor) -> dict[str, Any]:
    """What `start_export` is to be given. Raises ValidationError where no decision became final in these days."""
    platform = _platform_of(actor)
    if last < first:
        raise ValidationError({"last": gettext_noop("The last day must not be before the first day.")})
    if not final_removals(platform=platform, first=first, last=last, actor=actor).exists():
        detail = gettext_noop("No decision to remove a listing became final from %(first)s to %(last)s.")
        raise ValidationError(detail, params={"first": f"{first:%d %b %Y}", "last": f"{last:%d %b %Y}"})
    return {
        "kind": STATEMENTS,
        "arguments": {"platform": platform.pk, "first": first.isoformat(), "last": last.isoformat()},
        "stem": f"statements-{platform.slug}-{first}-to-{last}",
        "detail": f"{platform}, {first} – {last}",
    }


def final_removals(*, platform: Organisation, first: date, last: date, actor: Actor) -> QuerySet[Decision]:
    """The platform's decisions to remove or restrict that became final in these days of the reader's zone, none undone.

    By the time of becoming final, so that a period that is over gains none later.
    """
    begin, end = day_ends(first, last)
    undone = Decision.objects.filter(kind=DecisionKind.UNDONE, overrides=OuterRef("pk"))
    return Decision.objects.filter(
        ~Exists(undone),
        flag__in=Flag.objects.visible_to(actor).filter(platform=platform),
        kind__in=[DecisionKind.REMOVED, DecisionKind.GEO_RESTRICTED],
        finalized_at__gte=begin,
        finalized_at__lt=end,
    )


def _platform_of(actor: Actor) -> Organisation:
    """A platform states the reasons of its own decisions, nobody else's."""
    actor.require("statement.make")
    platform = Organisation.objects.platforms().filter(pk=actor.organisation_id).first()
    if platform is None:
        raise PermissionDenied(gettext_noop("Only a platform states the reasons of its decisions."))
    return platform


def removal_of(decision: Decision) -> Removal:
    """The facts of a decision; needs its flag with listing, notice, recall and version at hand."""
    flag, notice = decision.flag, decision.flag.notice
    regulator, version = flag.recall.regulator, notice.version
    restricted = decision.kind == DecisionKind.GEO_RESTRICTED
    return Removal(
        flag=flag.pk,
        removal=decision.pk,
        decided_at=decision.at,
        by_person=decision.actor_kind == "person",
        restricted_in=regulator.country if restricted else "",
        listed_at=flag.listing.first_seen_at,
        gtins=flag.listing.gtin.split(","),
        notified_at=notice.sent_at,
        regulator=regulator.name,
        regulator_country=regulator.country,
        recall=flag.recall.number,
        title=version.title,
        hazard=version.hazard,
        url=version.url,
        signals=[
            TITLES[item["signal"]]
            for item in decision.evidence
            if item.get("signal") in TITLES and item.get("weight", 0) > 0
        ],
    )


def _write(actor: Actor, arguments: dict[str, Any], tally: Tally) -> Iterator[bytes]:
    platform = _platform_of(actor)
    if platform.pk != arguments["platform"]:
        raise PermissionDenied(gettext_noop("Only a platform states the reasons of its decisions."))
    first, last = (date.fromisoformat(arguments[name]) for name in ("first", "last"))
    rows = final_removals(platform=platform, first=first, last=last, actor=actor)
    tally.total = rows.count()
    left_out: list[dict[str, Any]] = []
    writer, batches = Writer(timezone.now()), 0
    stated = _stated(rows, left_out, tally)
    while batch := list(islice(stated, MAX_IN_BATCH)):
        batches += 1
        yield from writer.add(f"statements-{batches:05}.json", [_json({"statements": batch})])
    summary = {
        "platform": platform.slug,
        "first": arguments["first"],
        "last": arguments["last"],
        "statements": tally.counted,
        "batches": batches,
        "left_out": tally.done - tally.counted,
        "left_out_because": left_out,
    }
    yield from writer.add("summary.json", [_json(summary)])
    yield writer.finish()


def _stated(rows: QuerySet[Decision], left_out: list[dict[str, Any]], tally: Tally) -> Iterator[dict[str, Any]]:
    """The statements in the order of the decisions. One that the database would refuse costs itself alone."""
    joined = rows.select_related("flag__listing", "flag__notice__version", "flag__recall__regulator")
    for decision in joined.order_by("pk").iterator(chunk_size=500):
        removal = removal_of(decision)
        statement = statement_of(removal)
        why = _why_not(removal, statement)
        if not why:
            tally.counted += 1
            yield statement
        elif len(left_out) < MAX_LEFT_OUT:
            left_out.append({"flag": removal.flag, "decision": removal.removal, "why": why})
        tally.step()


def _why_not(removal: Removal, statement: dict[str, Any]) -> list[str]:
    if removal.restricted_in and removal.restricted_in not in COUNTRIES:
        return [ELSEWHERE.format(country=removal.restricted_in)]
    return problems(statement)


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


register(
    Exporter(
        STATEMENTS, gettext_noop("Statements of reasons"), "statement.make", "rows", "zip", "application/zip", _write
    )
)
