"""Escalation figures: totals, how long takedowns took, missed deadlines by week, and a table by platform."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext

from enforcement import services
from enforcement.oversight.pictures import removal_times, slowest_of
from enforcement.oversight.trends import week_tick
from enforcement.services import Figures, OfPlatform
from enforcement.states import StepKind
from portal.charts import BarChart, bar_chart
from portal.database.replica import may_be_seconds_old
from portal.http.requests import ActingRequest
from portal.models import Organisation

TOOK = (
    gettext_noop("under 1 h"), gettext_noop("1–6 h"), gettext_noop("6–24 h"), gettext_noop("1–2 d"),
    gettext_noop("2–7 d"), gettext_noop("over 7 d"),
)  # fmt: skip
WITHIN_A_DAY = 3
COLUMNS = (
    ("platform", gettext_noop("Platform")),
    ("running", gettext_noop("Running clocks")),
    ("late", gettext_noop("Late")),
    ("late_share", gettext_noop("Share late")),
    ("proved", gettext_noop("Removal confirmed")),
    ("in_time_share", gettext_noop("Share in time")),
    ("median", gettext_noop("Median time")),
    ("steps", gettext_noop("Open steps")),
)


class FiguresForm(forms.Form):
    days = forms.ChoiceField(
        label=gettext_noop("Removals confirmed in the last"),
        required=False,
        choices=[("30", gettext_lazy("30 days")), ("90", gettext_lazy("90 days")), ("365", gettext_lazy("365 days"))],
    )
    platform = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_noop("Platform"), required=False, empty_label=gettext_lazy("All")
    )

    def __init__(self, *args: Any, platforms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if platforms is None:
            del self.fields["platform"]
        else:
            self.fields["platform"].queryset = platforms  # type: ignore[attr-defined]


@may_be_seconds_old
def escalation_figures(request: ActingRequest) -> HttpResponse:
    """A regulator sees the takedowns of its recalls on all platforms; a platform sees its own."""
    one = request.actor.platform_id is not None
    form = FiguresForm(
        request.GET, platforms=None if one else Organisation.objects.visible_to(request.actor).platforms()
    )
    chosen = form.cleaned_data if form.is_valid() else {}
    days = int(chosen.get("days") or 30)
    found = services.figures(actor=request.actor, days=days, platform=chosen.get("platform"))
    running, late, proved = (found.total(name) for name in ("running", "late", "proved"))
    sort = request.GET.get("sort", "-late")
    context = {
        "form": form,
        "found": found,
        "days": days,
        "running": running,
        "late": late,
        "late_share": late / running if running else None,
        "proved": proved,
        "in_time_share": found.total("in_time") / proved if proved else None,
        "open_steps": sum(found.steps.values()),
        "steps": [(kind, StepKind(kind).label, count) for kind, count in found.steps.items()],
        "took": took_chart(found),
        "missed": missed_chart(found),
        "times": removal_times(found.platforms),
        "slowest": slowest_of(found.platforms),
        "is_platform": one,
        "columns": _columns(request, sort),
        "rows": _sorted(found.platforms, sort),
    }
    return render(request, "enforcement/oversight/figures.html", context)


def took_chart(found: Figures) -> BarChart:
    """How long proved takedowns took, from the start of the clock to the proof of removal."""
    total, quick = sum(found.took), sum(found.took[:WITHIN_A_DAY])
    finding = (
        gettext("%(quick)d of %(total)d removals were confirmed within 24 hours.") % {"quick": quick, "total": total}
        if total
        else gettext("No removals were confirmed in this period.")
    )
    return bar_chart(
        list(zip(map(gettext, TOOK), found.took, strict=True)),
        title=gettext("Time from clock start to confirmed removal"),
        finding=finding,
        unit=gettext("Time"),
        over_from=WITHIN_A_DAY,
    )


def missed_chart(found: Figures) -> BarChart:
    """Missed deadlines by week, and the last four weeks compared with the four before."""
    counts = [count for _, count in found.missed]
    now, before = sum(counts[-4:]), sum(counts[-8:-4])
    finding = ngettext(
        "%(now)d deadline was missed in the last 4 weeks, compared with %(before)d in the 4 weeks before.",
        "%(now)d deadlines were missed in the last 4 weeks, compared with %(before)d in the 4 weeks before.",
        now,
    ) % {"now": now, "before": before}
    weeks = [(week_tick(week), count) for week, count in found.missed]
    title = gettext("Missed deadlines by week")
    return bar_chart(weeks, title=title, finding=finding, unit=gettext("Week"), over_from=0)


def _columns(request: ActingRequest, sort: str) -> list[dict[str, str]]:
    """The column headings of the table: each sorts by its column, largest first; a second click reverses the order."""
    query = request.GET.copy()
    columns = []
    for name, label in COLUMNS:
        order = {name: "ascending", f"-{name}": "descending"}.get(sort, "none")
        other = name if order == "descending" or (name == "platform" and order == "none") else f"-{name}"
        query["sort"] = other
        columns.append({"label": label, "order": order, "url": f"?{query.urlencode()}"})
    return columns


def _sorted(rows: list[OfPlatform], sort: str) -> list[OfPlatform]:
    """Sorted by a column; rows without a value come last in either order."""
    name, down = sort.lstrip("-"), sort.startswith("-")
    if name not in dict(COLUMNS):
        return rows
    if name == "platform":
        return sorted(rows, key=lambda row: row.platform.name.lower(), reverse=down)
    known = [row for row in rows if getattr(row, name) is not None]
    empty: timedelta | int = timedelta() if name == "median" else 0
    return sorted(known, key=lambda row: getattr(row, name) or empty, reverse=down) + [
        row for row in rows if getattr(row, name) is None
    ]
