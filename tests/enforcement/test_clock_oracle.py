"""The clocks against a naive simulator (clock_oracle.py), which steps through time with a plain set of days off.

CLOCK_EXAMPLES=5000 in the environment draws so many cases for each property instead of 100.
"""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from enforcement import rules
from portal.http import moments
from portal.templatetags.offshelf import in_zone, time_left
from tests.enforcement import clock_oracle as oracle
from tests.factories import TERMS

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = (
    "UTC", "Europe/Berlin", "Europe/Dublin", "Europe/London", "America/New_York", "America/St_Johns", "America/Santiago",
    "America/Asuncion", "America/Havana", "America/Sao_Paulo", "America/Nuuk", "America/Caracas", "Atlantic/Azores",
    "Africa/Cairo", "Africa/Casablanca", "Africa/Juba", "Asia/Beirut", "Asia/Amman", "Asia/Gaza", "Asia/Tehran", "Asia/Kathmandu",
    "Asia/Almaty", "Asia/Pyongyang", "Asia/Shanghai", "Asia/Tokyo", "Australia/Lord_Howe", "Antarctica/Troll",
    "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Kwajalein",
)  # fmt: skip
"""With summer time in both hemispheres and by two hours, half an hour or at midnight; with offsets of quarters of an hour;
and that changed their rules, or left out a day."""
EXAMPLES = settings(max_examples=int(os.environ.get("CLOCK_EXAMPLES", "100")))


@dataclass(frozen=True)
class Clock:
    """A zone, a calendar twice (as terms, and as the simulator has it), and a moment that is worth a look."""

    zone: ZoneInfo
    calendar: oracle.Calendar
    special: tuple[rules.SpecialDay, ...]
    moment: datetime

    def terms(self, **changes: object) -> rules.Terms:
        special = [rules.special_as_json(each) for each in self.special]
        own = {"country": "XX", "time_zone": self.zone.key, "unit": "working_days", "special_days": special}
        return rules.Terms.from_json({**TERMS, **own, **changes})


@st.composite
def worth_a_look(draw: st.DrawFn, zone: str) -> datetime:
    """Days around a change of the clocks, a leap day, the turn of a year, or any other."""
    changes = oracle.changes_of_clocks(zone, 1993, 2031)
    turns = [datetime(year, *day, tzinfo=UTC) for year in (2000, 2024, 2025, 2028) for day in ((2, 28), (12, 31))]
    any_day = st.datetimes(datetime(1994, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds the zone
    around = draw(st.one_of(any_day, st.sampled_from(turns), *([st.sampled_from(changes)] * 3 if changes else [])))
    return around.replace(second=0, microsecond=0) + draw(st.integers(-6 * 24 * 60, 2 * 24 * 60)) * MINUTE


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """Of a weekend of two days, of Friday and Saturday or of one day, with long holidays, days that are worked instead, and
    half days."""
    zone = draw(st.sampled_from(ZONES))
    moment = draw(worth_a_look(zone))
    weekend = draw(st.sampled_from([{5, 6}, {4, 5}, {6}, {3, 4}, set()]))
    first = moment.date() - 3 * DAY
    window = [first + n * DAY for n in range(75)]
    begins, length = draw(st.integers(0, 20)), draw(st.sampled_from([0, 1, 2, 4, 9, 16]))
    off = {*window[begins : begins + length], *draw(st.sets(st.sampled_from(window), max_size=4))}
    worked = draw(st.sets(st.sampled_from(window), max_size=3)) - off
    early = {
        day: time(hour)
        for day, hour in draw(st.dictionaries(st.sampled_from(window[:20]), st.integers(9, 18), max_size=3)).items()
        if day not in off | worked
    }
    special = []
    for day in window:
        if day in early:
            special.append(rules.SpecialDay(day, "half", "Half", early[day]))
        elif day in off:
            special.append(rules.SpecialDay(day, "closed", "Feast"))
        elif day in worked or (day.weekday() in {5, 6} and day.weekday() not in weekend):
            special.append(rules.SpecialDay(day, "open", "Worked"))
        elif day.weekday() in weekend - {5, 6}:
            special.append(rules.SpecialDay(day, "closed"))
    # Behind the window both have the weekend of a country without a calendar.
    beyond = {first + n * DAY for n in range(75, 200)}
    calendar = oracle.Calendar(
        frozenset(),
        frozenset(
            off | {day for day in window if day.weekday() in weekend} | {day for day in beyond if day.weekday() > 4}
        ),
        frozenset(worked),
        early,
    )
    return Clock(ZoneInfo(zone), calendar, tuple(special), moment)


@st.composite
def pauses_of(draw: st.DrawFn, clock: Clock) -> list[oracle.Period]:
    """Overlapping, back to back or apart; many begin or end at midnight, on a day off or within a repeated hour."""
    edges = [over for _, (_, _, over) in zip(range(12), oracle.days_from(clock.moment, clock.zone), strict=False)]
    changes = [at for at in oracle.changes_of_clocks(clock.zone.key, 1993, 2031) if abs(at - clock.moment) < 12 * DAY]
    repeated = [at + n * MINUTE for at in changes for n in (-30, -1, 0, 1, 30, 59)]
    near = st.one_of(
        st.sampled_from([edge + n * MINUTE for edge in edges for n in (-1, 0, 1)]),
        st.integers(-1000, 12 * 1440).map(lambda minutes: clock.moment + minutes * MINUTE),
        *([st.sampled_from(repeated)] if repeated else []),
    )
    found: list[oracle.Period] = []
    for _ in range(draw(st.integers(0, 4))):
        ends = sorted((draw(near), draw(near)))
        if found and draw(st.booleans()):
            ends[0] = found[-1][1]
        if ends[0] < ends[1]:
            found.append((ends[0], ends[1]))
    return found


def as_rules(pauses: list[oracle.Period]) -> list[rules.Pause]:
    return [rules.Pause(*pause) for pause in pauses]


@EXAMPLES
@given(st.data(), clocks(), st.integers(1, 8), st.integers(0, 4), st.booleans())
def test_working_days_end_when_the_simulator_says(
    data: st.DataObject, clock: Clock, amount: int, extra: int, later: bool
) -> None:
    pauses = data.draw(pauses_of(clock))
    begins = "next_working_day" if later else "at_once"
    terms = clock.terms(amount=amount, begins=begins)
    start, _ = rules.clock_start(
        terms, sent_at=clock.moment, delivered_at=None, acknowledged_at=None, opened_at=clock.moment
    )
    flagged = {"named": clock.moment, "latest": clock.moment + DAY, "flagged": clock.moment}
    assert start == oracle.starts(clock.zone, clock.calendar, begins=begins, **flagged)
    due, because = rules.due_at(terms, start, pauses=as_rules(pauses), extra=extra)
    expected, last = oracle.due_after_days(
        clock.zone, clock.calendar, start, amount + extra, first_counts=later, pauses=pauses
    )
    assert due == expected, f"{due.astimezone(clock.zone)}, not {expected.astimezone(clock.zone)}: {because}"
    with timezone.override(clock.zone), translation.override("en"):
        said = moments.deadline_words(due)
    assert said.startswith(oracle.in_words(expected, clock.zone))
    if last not in clock.calendar.ends_early:
        assert said.startswith(f"end of {last:%a} {last.day} {last:%b %Y}")


@EXAMPLES
@given(st.data(), clocks(), st.integers(1, 40), st.integers(0, 8), st.sampled_from(["minutes", "hours"]))
def test_hours_run_out_when_the_simulator_says(
    data: st.DataObject, clock: Clock, amount: int, extra: int, unit: str
) -> None:
    pauses = data.draw(pauses_of(clock))
    due, because = rules.due_at(
        clock.terms(amount=amount, unit=unit), clock.moment, pauses=as_rules(pauses), extra=extra
    )
    minutes = (amount + extra) * (60 if unit == "hours" else 1)
    assert due == oracle.due_after_minutes(clock.moment, minutes, pauses=pauses), because.text


@EXAMPLES
@given(
    clocks(),
    st.sampled_from(["sent", "delivered", "acknowledged"]),
    st.none() | st.integers(0, 3000),
    st.integers(0, 6000),
    st.integers(1, 48),
    st.sampled_from([("at_once", ""), ("at_once", "17:00"), ("at_once", "09:30"), ("next_working_day", "")]),
)
def test_the_clock_starts_when_the_simulator_says(
    clock: Clock, fact: str, after: int | None, flagged: int, latest: int, beginning: tuple[str, str]
) -> None:
    begins, cut_off = beginning
    terms = clock.terms(starts_on=fact, start_latest_hours=latest, begins=begins, cut_off=cut_off)
    happened = None if after is None else clock.moment + after * MINUTE
    opened = clock.moment + flagged * MINUTE
    received = {"delivered_at": None, "acknowledged_at": None} | ({f"{fact}_at": happened} if fact != "sent" else {})
    start, because = rules.clock_start(terms, sent_at=clock.moment, opened_at=opened, **received)
    expected = oracle.starts(
        clock.zone,
        clock.calendar,
        named=clock.moment if fact == "sent" else happened,
        latest=clock.moment + latest * HOUR,
        flagged=opened,
        begins=begins,
        cut_off=time.fromisoformat(cut_off) if cut_off else None,
    )
    assert start == expected, because.text


@EXAMPLES
@given(clocks(), st.lists(st.tuples(st.integers(-3000, 3000), st.integers(0, 4)), min_size=1, max_size=6))
def test_every_step_comes_when_the_simulator_says_and_none_before_the_one_before_it(
    clock: Clock, given_steps: list[tuple[int, int]]
) -> None:
    steps = [
        {"step": number, "kind": "officer", "offset_seconds": 0 if days else minutes * 60, "working_days": days}
        for number, (minutes, days) in enumerate(given_steps, 1)
    ]
    expected: list[datetime] = []
    for minutes, days in given_steps:
        at = (
            oracle.days_after(clock.zone, clock.calendar, clock.moment, days)
            if days
            else clock.moment + minutes * MINUTE
        )
        expected.append(max([at, *expected]))
    assert [step.at for step in rules.ladder(clock.terms(steps=steps), clock.moment)] == expected


@EXAMPLES
@given(st.data(), st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(-4000, 4000))
def test_a_deadline_is_said_in_the_readers_zone_with_the_time_that_is_left(
    data: st.DataObject, zone: str, readers: str, minutes: int
) -> None:
    around = data.draw(worth_a_look(readers))
    _, _, midnight = next(oracle.days_from(around, ZoneInfo(zone)))
    for deadline in (around, midnight):
        with timezone.override(ZoneInfo(readers)), translation.override("en"):
            assert moments.deadline_words(deadline).startswith(oracle.in_words(deadline, ZoneInfo(readers)))
        if "end of" in (said := oracle.in_words(deadline, ZoneInfo(readers))):
            assert in_zone(deadline, readers) == said
        now = deadline - minutes * MINUTE
        with time_machine.travel(now, tick=False), translation.override("en"):
            assert time_left(deadline) == oracle.left_in_words(now, deadline)


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_ends_where_every_change_of_the_clocks_leaves_it(zone: str) -> None:
    """Each change from 1993 to 2030, counted from two days before it: one, two and three days that are all worked."""
    wall, calendar, wrong = ZoneInfo(zone), oracle.Calendar(frozenset()), []
    for change in oracle.changes_of_clocks(zone, 1993, 2031):
        start = change - 2 * DAY - HOUR
        around = tuple(rules.SpecialDay(change.date() + n * DAY, "open") for n in range(-4, 8))
        for amount in (1, 2, 3):
            due, _ = rules.due_at(Clock(wall, calendar, around, start).terms(amount=amount), start)
            expected, _ = oracle.due_after_days(wall, calendar, start, amount, first_counts=False)
            if due != expected:
                wrong.append((start.isoformat(), amount, due.isoformat(), expected.isoformat()))
    assert wrong == []


@pytest.mark.parametrize(
    ("country", "weekend"),
    [("SA", {4, 5}), ("IL", {4, 5}), ("EG", {4, 5}), ("KW", {4, 5}), ("DE", {5, 6}), ("US", {5, 6})],
)
def test_a_weekend_is_the_countrys_own(country: str, weekend: set[int]) -> None:
    calendar = rules.WorkingCalendar(country)
    quiet = [date(2026, 7, 6) + n * DAY for n in range(7)]  # a week without a holiday in any of them
    assert {day.weekday() for day in quiet if not calendar.is_working_day(day)} == weekend
