"""A recall's listings at the end of each week: to decide, decided, and confirmed gone."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce, TruncWeek
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from enforcement.oversight.services.outcomes import last_weeks
from enforcement.oversight.trends import week_tick
from listings.models import Decision, Flag
from listings.states import CLAIMED, PROVED, FlagStatus
from portal.charts import RowChart, stacked_row, trend_chart
from portal.identity.actors import Actor
from recalls.models import Notice, Recall

MAX_WEEKS = 12
COMPARED = 4
"""Weeks between the two states that the finding compares, or as many as there are."""


class Week(NamedTuple):
    """How many listings were found by the end of the week, how many of them are decided, and how many confirmed gone."""

    start: date
    found: int
    decided: int
    gone: int


def recall_history(*, recall: Recall, actor: Actor) -> RowChart | None:
    """The listings of a recall that the actor can see, week by week; None before there is a second week."""
    weeks = weeks_of(recall=recall, actor=actor)
    if len(weeks) < 2:
        return None
    now, ago = weeks[-1], min(COMPARED, len(weeks) - 1)
    then = weeks[-1 - ago]
    finding = ngettext(
        "%(weeks)s week ago %(then)s of %(found_then)s listings were confirmed gone or restricted; now it is %(now)s of %(found)s.",
        "%(weeks)s weeks ago %(then)s of %(found_then)s listings were confirmed gone or restricted; now it is %(now)s of %(found)s.",
        ago,
    ) % {
        "weeks": ago, "then": f"{then.gone:,}", "found_then": f"{then.found:,}", "now": f"{now.gone:,}", "found": f"{now.found:,}",
    }  # fmt: skip
    labels = (
        ("gone", gettext("Gone or restricted, confirmed")),
        ("claimed", gettext("Decided, not confirmed")),
        ("undecided", gettext("To decide")),
    )
    numbers = [(week.gone, week.decided - week.gone, week.found - week.decided) for week in weeks]
    return trend_chart(
        [
            stacked_row(week_tick(week.start), each, labels, is_column=True)
            for week, each in zip(weeks, numbers, strict=True)
        ],
        title=gettext("From found to gone, by week"),
        finding=finding,
        headings=(gettext("Week from"), *(label for _, label in labels)),
        table=[
            (date_format(week.start, gettext("j M Y")), *(f"{number:,}" for number in each))
            for week, each in zip(weeks, numbers, strict=True)
        ],
        legend=labels,
    )


def weeks_of(*, recall: Recall, actor: Actor) -> list[Week]:
    """The last MAX_WEEKS weeks since the first listing was found, in the reader's zone; flags of withdrawn notices, and those
    that are no longer covered, do not count. One query; a flag that was opened again counts as what it is now."""
    latest = Decision.objects.filter(flag=OuterRef("pk")).order_by("-pk").values("at")[:1]
    decided = Case(
        When(
            status__in=CLAIMED | PROVED | {FlagStatus.DISMISSED},
            then=Coalesce(Subquery(latest), F("closed_at"), F("takedown__met_at")),
        )
    )
    gone = Case(When(status__in=PROVED, then=Coalesce(F("takedown__met_at"), F("closed_at"))))
    rows: Any = (
        Flag.objects.filter(notice__in=Notice.objects.visible_to(actor).filter(recall=recall))
        .exclude(status__in=(FlagStatus.WITHDRAWN, FlagStatus.NOT_COVERED))
        .order_by()
        .annotate(found_in=TruncWeek("opened_at"), decided_in=TruncWeek(decided), gone_in=TruncWeek(gone))
        .values_list("found_in", "decided_in", "gone_in")
        .annotate(count=Count("pk"))
    )  # fmt: skip
    groups = [(*(each and each.date() for each in row[:3]), row[3]) for row in rows]
    starts = _starts([found for found, *_ in groups])
    return [
        Week(
            start,
            sum(count for found, _, _, count in groups if found <= start),
            sum(count for _, decided, _, count in groups if decided and decided <= start),
            sum(count for _, _, gone, count in groups if gone and gone <= start),
        )
        for start in starts
    ]


def _starts(found: Sequence[date]) -> list[date]:
    if not found:
        return []
    return [start for start in last_weeks(MAX_WEEKS) if start >= min(found)]
