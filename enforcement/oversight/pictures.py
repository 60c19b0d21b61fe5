"""Charts of oversight: how far a recall came, the states by platform and of a notice, and how long platforms take."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from enforcement.board_metrics import METRICS, TOTALS, metric
from enforcement.services import OfPlatform
from listings.models import Flag
from listings.states import PROVED, FlagStatus
from portal.charts import RowChart, RowData, row_chart, stacked_row
from portal.http.language import shown
from portal.identity.actors import Actor
from portal.templatetags.offshelf import percent, span_words
from recalls.models import Notice, Recall

MAX_DRAWN = 12
"""Platforms that are drawn; the table behind the chart has all."""
NOTICE_STATES = (("undecided", "undecided"), ("claimed", "claimed"), ("gone", "gone"), ("restricted", "restricted"),
                 ("unknown", "dismissed"))  # fmt: skip
"""The pieces of the bar of a notice or a product, as (how it is drawn, board metric); no flag is in two of them."""


def recall_funnel(*, recall: Recall, actor: Actor) -> RowChart:
    """Of the listings found for the recall that the actor may see: how many are decided, and how many are proved gone
    or restricted. Flags of withdrawn notices, and those that a later version does not cover, do not count. One query, from the index of a notice's flags."""
    notices = Notice.objects.visible_to(actor).filter(recall=recall)
    counted = Flag.objects.filter(notice__in=notices).aggregate(
        found=Count("pk", filter=~Q(status__in=(FlagStatus.WITHDRAWN, FlagStatus.NOT_COVERED))),
        decided=Count("pk", filter=metric("decided", timezone.now())),
        gone=Count("pk", filter=Q(status__in=PROVED)),
    )
    found = counted["found"]
    steps = [
        (gettext("Found"), found),
        (gettext("Decided"), counted["decided"]),
        (gettext("Gone or restricted, confirmed"), counted["gone"]),
    ]
    cells = [(label, f"{count:,}", percent(count / found) if found else "–") for label, count in steps]
    finding = gettext("No listing was found for this recall yet.")
    if found:
        sentence = ngettext(
            "Of %(found)s listing found, %(decided)s is decided and %(gone)s is confirmed gone or restricted (%(share)s).",
            "Of %(found)s listings found, %(decided)s are decided and %(gone)s are confirmed gone or restricted (%(share)s).",
            found,
        )
        counts = {name: f"{count:,}" for name, count in counted.items()}
        finding = sentence % {**counts, "share": percent(counted["gone"] / found)}
    rows = [
        RowData(f"{label}: {number} ({share})", [("bar", 0, count, "", f"{label}: {number}")])
        for (label, count), (_, number, share) in zip(steps, cells, strict=True)
    ]
    return row_chart(
        rows if found else [],
        title=gettext("From found to gone"),
        finding=finding,
        headings=(gettext("Step"), gettext("Count"), gettext("Share")),
        table=cells,
    )


def states_by_platform(counts: Sequence[tuple[str, Mapping[str, int]]]) -> RowChart:
    """The takedowns of each platform, as (name, board totals): late ones first, then running, then confirmed."""
    labels = (
        ("late", shown(TOTALS["late"][0])),
        ("running", gettext("Running, not late")),
        ("met-late", gettext("Confirmed after the deadline")),
        ("met", shown(TOTALS["in_time"][0])),
    )
    states = [
        (name, (row["late"], row["running"] - row["late"], row["met"] - row["in_time"], row["in_time"]))
        for name, row in counts
        if row["running"] + row["met"]
    ]
    states.sort(key=lambda each: (-each[1][0], -sum(each[1]), each[0]))
    late = sum(numbers[0] for _, numbers in states)
    if not states:
        finding = gettext("No takedown is running or confirmed yet.")
    elif not late:
        finding = gettext("No takedown is late.")
    else:
        sentence = ngettext(
            "%(late)s takedown is late; %(platform)s has the most, %(most)s.",
            "%(late)s takedowns are late; %(platform)s has the most, %(most)s.",
            late,
        )
        finding = sentence % {"late": f"{late:,}", "platform": states[0][0], "most": f"{states[0][1][0]:,}"}
    return row_chart(
        [stacked_row(name, numbers, labels) for name, numbers in states[:MAX_DRAWN]],
        title=gettext("Takedowns by platform"),
        finding=finding,
        headings=(gettext("Platform"), *(label for _, label in labels)),
        table=[(name, *(f"{number:,}" for number in numbers)) for name, numbers in states],
        legend=labels,
    )


def states_of_notice(platform: str, counts: Mapping[str, int]) -> RowChart:
    """The flags of one notice by state, from its board metrics."""
    labels = [(kind, shown(METRICS[name][0])) for kind, name in NOTICE_STATES]
    numbers = [counts[name] for _, name in NOTICE_STATES]
    total, waiting = sum(numbers), counts["undecided"] + counts["claimed"]
    return row_chart(
        [stacked_row(platform, numbers, labels)] if total else [],
        title=gettext("Listings by state"),
        finding=_waiting(waiting, total) if total else gettext("No listing is flagged under this notice."),
        headings=(gettext("Platform"), *(label for _, label in labels)),
        table=[(platform, *(f"{number:,}" for number in numbers))],
        legend=labels,
    )


def states_of_product(counts: Sequence[tuple[str, Mapping[str, int]]]) -> RowChart:
    """The listings of one product on each platform by state, as (name, metrics); most undecided first."""
    labels = [(kind, shown(METRICS[name][0])) for kind, name in NOTICE_STATES]
    states = [(platform, [row[name] for _, name in NOTICE_STATES]) for platform, row in counts]
    states.sort(key=lambda each: (-each[1][0], -sum(each[1]), each[0]))
    total, waiting = sum(sum(numbers) for _, numbers in states), sum(sum(numbers[:2]) for _, numbers in states)
    return row_chart(
        [stacked_row(name, numbers, labels) for name, numbers in states[:MAX_DRAWN]] if total else [],
        title=gettext("Listings by platform and state"),
        finding=_waiting(waiting, total) if total else gettext("No listing of this product was found yet."),
        headings=(gettext("Platform"), *(label for _, label in labels)),
        table=[(name, *(f"{number:,}" for number in numbers)) for name, numbers in states],
        legend=labels,
    )


def _waiting(waiting: int, total: int) -> str:
    return ngettext(
        "%(waiting)s of %(total)s listing is not decided or not confirmed.",
        "%(waiting)s of %(total)s listings are not decided or not confirmed.",
        total,
    ) % {"waiting": f"{waiting:,}", "total": f"{total:,}"}


def slowest_of(platforms: Sequence[OfPlatform]) -> OfPlatform | None:
    """The platform with the longest median, where there are several to compare."""
    timed = [(row.median, row) for row in platforms if row.median is not None]
    return min(timed, key=lambda each: (-each[0], each[1].platform.name))[1] if len(timed) > 1 else None


def removal_times(platforms: Sequence[OfPlatform]) -> RowChart:
    """Median and quartiles of the time from clock start to confirmed removal by platform, slowest first."""
    timed = [
        (row, row.quarter, row.median, row.three_quarters)
        for row in platforms
        if row.quarter is not None and row.median is not None and row.three_quarters is not None
    ]
    timed.sort(key=lambda each: (-each[2], each[0].platform.name))
    if not timed:
        finding = gettext("No removals were confirmed in this period.")
    elif len(timed) == 1:
        finding = gettext("The median time of %(platform)s is %(span)s.") % {
            "platform": timed[0][0].platform.name, "span": span_words(timed[0][2]),
        }  # fmt: skip
    else:
        finding = gettext(
            "%(slow)s is slowest with a median of %(slow_span)s, %(quick)s quickest with %(quick_span)s."
        ) % {
            "slow": timed[0][0].platform.name, "slow_span": span_words(timed[0][2]),
            "quick": timed[-1][0].platform.name, "quick_span": span_words(timed[-1][2]),
        }  # fmt: skip
    rows = [
        RowData(
            f"{row.platform.name}: {span_words(median)}",
            [("bar", _hours(low), _hours(high), "", f"{span_words(low)} – {span_words(high)}")],
            mark=_hours(median),
        )
        for row, low, median, high in timed[:MAX_DRAWN]
    ]
    spans = [(row, [span_words(each) for each in (low, median, high)]) for row, low, median, high in timed]
    return row_chart(
        rows,
        title=gettext("Time to confirmed removal by platform: median (line) and middle half (bar)"),
        finding=finding,
        headings=(gettext("Platform"), gettext("A quarter within"), gettext("Half within (median)"),
                  gettext("Three quarters within"), gettext("Removal confirmed")),
        table=[(row.platform.name, *texts, f"{row.proved:,}") for row, texts in spans],
    )  # fmt: skip


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
