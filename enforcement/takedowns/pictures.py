"""The picture of a takedown: clock, pauses, decisions, checks by verdict, escalation steps and proof over one time line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Max, Min, Value
from django.utils.translation import gettext, ngettext

from enforcement import rules
from enforcement.models import Escalation, Takedown
from enforcement.states import TakedownStatus, Verdict
from portal.charts import LaneChart, LaneRow, lane_chart
from portal.http.language import shown, shown_inside
from portal.templatetags.offshelf import span_words

SLOTS, LATER_SLOTS = 40, 8
"""Checks of one verdict within one slot of the time line are drawn as one symbol, however many they are."""
MAX_DRAWN = 20
"""Pauses, and decisions, that are drawn: the newest."""
WIDE, NARROW = 720, 340
VERDICT_LANES = (Verdict.GONE, Verdict.LIVE, Verdict.RESTRICTED, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table behind the picture; `until` is None for a moment and for what goes on. `is_planned`: a deadline or a
    step to come, which may be the end of a day."""

    label: str
    at: datetime
    until: datetime | None = None
    count: int = 1
    detail: str = ""
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    finding: str
    wide: LaneChart
    narrow: LaneChart
    rows: tuple[Row, ...]
    start: datetime
    end: datetime
    is_shortened: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """Checks of one verdict in one slot."""

    verdict: Verdict
    first: datetime
    last: datetime
    count: int


def picture_of(
    takedown: Takedown,
    steps: Sequence[tuple[rules.LadderStep, str, Escalation | None]],
    *,
    now: datetime,
) -> Picture:
    """Drawn from at most 200 rows of three queries, however many checks there were.

    `steps` are those that the reader may see, each with its label and its escalation if raised. Only decisions that are
    final are drawn. To scale is what the case is about: from the start to the proof, or to `now`, and at least to the
    deadline; what comes later (planned steps, rescans after the proof) is drawn smaller behind it.
    """
    start = takedown.started_at
    going = takedown.status in {TakedownStatus.RUNNING, TakedownStatus.MISSED}
    raised = [(label, row) for _, label, row in steps if row]
    planned = [(label, step.at) for step, label, row in steps if not row and step.at > now] if going else []
    main = max([takedown.due_at, takedown.met_at or (now if going else start), *(row.raised_at for _, row in raised)])
    last = takedown.observations.order_by("-pk").values_list("at", flat=True).first()
    end = max([main, *(at for _, at in planned), *([last] if last else [])])
    groups = _groups(takedown, start, main, end)
    pauses = list(takedown.pauses.order_by("-started_at", "-pk")[: MAX_DRAWN + 1])
    decisions = list(takedown.flag.decisions.filter(finalized_at__isnull=False).order_by("-pk")[: MAX_DRAWN + 1])
    rows = _clock_rows(takedown)
    rows += [
        Row(gettext("Clock paused"), each.started_at, each.ended_at, detail=each.reason) for each in pauses[:MAX_DRAWN]
    ]
    decided = [Row(shown(each.get_kind_display()), each.at) for each in decisions[:MAX_DRAWN]]
    raised_rows = [Row(shown(label), row.raised_at, detail=gettext("Raised")) for label, row in raised]
    planned_rows = [Row(shown(label), at, detail=gettext("Planned"), is_planned=True) for label, at in planned]
    rows += decided + raised_rows + planned_rows
    rows += [Row(_check_label(each.verdict), each.first, each.last, each.count) for each in groups]

    def after(moment: datetime) -> float:
        return (moment - start).total_seconds()

    closed = takedown.met_at or takedown.paused_at or (now if going else start)
    lanes = [
        LaneRow(
            gettext("Clock"),
            [
                ("clock", 0.0, after(min(closed, takedown.due_at)), gettext("In time")),
                *([("late", after(takedown.due_at), after(closed), gettext("Late"))] if closed > takedown.due_at else []),
                *(("paused", after(each.started_at), after(each.ended_at or now), gettext("Paused"))
                  for each in pauses[:MAX_DRAWN]),
            ],
        ),
        LaneRow(gettext("Decisions"), spots=[("decision", after(row.at), row.label) for row in decided]),
    ]  # fmt: skip
    lanes += _check_lanes(groups, after)
    lanes.append(
        LaneRow(
            gettext("Escalation steps"),
            spots=[("step", after(row.at), row.label) for row in raised_rows]
            + [("planned", after(row.at), f"{row.label} ({row.detail})") for row in planned_rows],
        )
    )
    if takedown.met_at:
        proof = gettext("Removal confirmed")
        lanes.append(LaneRow(proof, spots=[("proof", after(takedown.met_at), proof)]))
    drawn = [each for each in lanes if each.spans or each.spots]
    sizes = {"due": after(takedown.due_at), "main": after(main), "end": after(end)}
    return Picture(
        finding=_finding(takedown, groups, now),
        wide=lane_chart(drawn, width=WIDE, **sizes),
        narrow=lane_chart(drawn, width=NARROW, **sizes),
        rows=tuple(sorted(rows, key=lambda row: row.at)),
        start=start,
        end=end,
        is_shortened=len(pauses) > MAX_DRAWN or len(decisions) > MAX_DRAWN,
    )


def _groups(takedown: Takedown, start: datetime, main: datetime, end: datetime) -> list[_Group]:
    """The checks, counted by slot and verdict in the database."""
    edges = [start + (main - start) * n / SLOTS for n in range(SLOTS)]
    edges += [main + (end - main) * n / LATER_SLOTS for n in range(LATER_SLOTS)] if end > main else [main]
    slot = Func(
        F("at"), Value(edges, ArrayField(DateTimeField())), function="width_bucket", output_field=IntegerField()
    )
    found = (
        takedown.observations.order_by()
        .values("verdict", slot=slot)
        .annotate(first=Min("at"), last=Max("at"), count=Count("pk"))
        .order_by("slot", "verdict")
    )
    return [_Group(Verdict(row["verdict"]), row["first"], row["last"], row["count"]) for row in found]


def _check_lanes(groups: Sequence[_Group], after: Callable[[datetime], float]) -> list[LaneRow]:
    """A lane for each verdict that there was, so that the place tells it and not the colour alone."""
    lanes = []
    for verdict in VERDICT_LANES:
        spots = []
        for each in groups:
            if each.verdict == verdict:
                at = each.first + (each.last - each.first) / 2
                checks = ngettext("%(count)s check", "%(count)s checks", each.count) % {"count": f"{each.count:,}"}
                spots.append((verdict.value, after(at), checks))
        lanes.append(LaneRow(_check_label(verdict), spots=spots))
    return lanes


def _check_label(verdict: Verdict) -> str:
    return gettext("Checks: %(verdict)s") % {"verdict": shown_inside(verdict.label)}


def _clock_rows(takedown: Takedown) -> list[Row]:
    deadline = Row(gettext("Deadline"), takedown.due_at, is_planned=True)
    rows = [Row(gettext("Clock starts"), takedown.started_at), deadline]
    if takedown.met_at:
        rows.append(Row(gettext("Removal confirmed"), takedown.met_at))
    return rows


def _finding(takedown: Takedown, groups: Sequence[_Group], now: datetime) -> str:
    """One sentence: how the clock did or does, and what the checks found."""
    count = sum(each.count for each in groups)
    if not count:
        checks = gettext("no check yet")
    else:
        newest = max(groups, key=lambda each: each.last)
        sentence = ngettext(
            "%(count)s check, which found: %(verdict)s", "%(count)s checks, the newest found: %(verdict)s", count
        )
        checks = sentence % {"count": f"{count:,}", "verdict": shown_inside(newest.verdict.label)}
    clock, span = _clock_finding(takedown, now)
    return gettext("%(clock)s; %(checks)s.") % {"clock": clock % {"span": span_words(span)}, "checks": checks}


def _clock_finding(takedown: Takedown, now: datetime) -> tuple[str, timedelta]:
    due = takedown.due_at
    if takedown.status == TakedownStatus.CANCELLED:
        return gettext("The clock was cancelled"), timedelta()
    if takedown.met_at:
        if takedown.met_at > due:
            return gettext("Removal was confirmed %(span)s after the deadline"), takedown.met_at - due
        return gettext("Removal was confirmed %(span)s before the deadline"), due - takedown.met_at
    if takedown.paused_at:
        return gettext("The clock is paused"), timedelta()
    if now > due:
        return gettext("The deadline passed %(span)s ago"), now - due
    return gettext("%(span)s left until the deadline"), due - now
