"""Charts over time: what became of deadlines, by week or month."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from enforcement.oversight.services.outcomes import Outcome
from portal.charts import RowChart, stacked_row, trend_chart
from portal.templatetags.offshelf import percent

RECENT = 4
"""Weeks or months that a finding compares with as many before."""
_KINDS = (("met", "in_time"), ("met-late", "late"), ("late", "still_late"))


def _labels() -> dict[str, str]:
    return {
        "in_time": gettext("Confirmed in time"),
        "late": gettext("Confirmed after the deadline"),
        "still_late": gettext("Late, not confirmed"),
    }


def outcome_trend(periods: Sequence[Outcome], *, by: str) -> RowChart:
    """What became of the deadlines of each week or month; the finding compares the last four with the four before."""
    now, before = _share(periods[-RECENT:]), _share(periods[-2 * RECENT : -RECENT])
    words = {"now": percent(now or 0), "before": percent(before or 0)}
    if now is None:
        finding = (
            gettext("No deadline passed in the last 4 months.")
            if by == "month"
            else gettext("No deadline passed in the last 4 weeks.")
        )
    elif before is None:
        sentence = (
            gettext("%(now)s of the deadlines of the last 4 months were met.")
            if by == "month"
            else gettext("%(now)s of the deadlines of the last 4 weeks were met.")
        )
        finding = sentence % words
    else:
        sentence = (
            gettext(
                "%(now)s of the deadlines of the last 4 months were met, compared with %(before)s in the 4 months before."
            )
            if by == "month"
            else gettext(
                "%(now)s of the deadlines of the last 4 weeks were met, compared with %(before)s in the 4 weeks before."
            )
        )
        finding = sentence % words
    title = gettext("Deadlines by month") if by == "month" else gettext("Deadlines by week")
    return _drawn(periods, _KINDS, by=by, title=title, finding=finding)


def late_trend(periods: Sequence[Outcome]) -> RowChart:
    """The deadlines missed in each week, and how many of these takedowns are late to this day."""
    now, before = (sum(each.missed for each in part) for part in (periods[-RECENT:], periods[-2 * RECENT : -RECENT]))
    finding = ngettext(
        "%(now)s deadline was missed in the last 4 weeks, compared with %(before)s in the 4 weeks before. %(open)s of all shown are still late.",
        "%(now)s deadlines were missed in the last 4 weeks, compared with %(before)s in the 4 weeks before. %(open)s of all shown are still late.",
        now,
    ) % {"now": f"{now:,}", "before": f"{before:,}", "open": f"{sum(each.still_late for each in periods):,}"}
    if not any(each.missed for each in periods):
        finding = gettext("No deadline was missed in the last 12 weeks.")
    return _drawn(periods, _KINDS[1:], by="week", title=gettext("Late takedowns by week"), finding=finding)


def _share(periods: Sequence[Outcome]) -> float | None:
    ended = sum(each.ended for each in periods)
    return sum(each.in_time for each in periods) / ended if ended else None


def _drawn(
    periods: Sequence[Outcome], kinds: Sequence[tuple[str, str]], *, by: str, title: str, finding: str
) -> RowChart:
    labels, rows, table = _labels(), [], []
    legend = [(kind, labels[name]) for kind, name in kinds]
    for each in periods:
        numbers = [getattr(each, name) for _, name in kinds]
        tick = date_format(each.start, "M") if by == "month" else week_tick(each.start)
        rows.append(stacked_row(tick, numbers, legend, is_column=True))
        first = date_format(each.start, gettext("F Y") if by == "month" else gettext("j M Y"))
        table.append((first, *(f"{number:,}" for number in numbers)))
    unit = gettext("Month") if by == "month" else gettext("Week from")
    return trend_chart(
        rows if any(row.pieces for row in rows) else [],
        title=title,
        finding=finding,
        headings=(unit, *(labels[name] for _, name in kinds)),
        table=table,
        legend=legend,
    )


def week_tick(day: date) -> str:
    """What stands under the column of a day's week."""
    return gettext("wk %(number)d") % {"number": day.isocalendar().week}
