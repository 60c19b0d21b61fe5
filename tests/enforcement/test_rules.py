"""Deadlines, ladders, checks: the arithmetic, as tables and as properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement import rules
from enforcement.rules import calendar
from tests.factories import TERMS

H = timedelta(hours=1)


def terms(**changes: object) -> rules.Terms:
    return rules.Terms.from_json({**TERMS, **changes})


def days(amount: int, country: str, zone: str) -> rules.Terms:
    return terms(amount=amount, unit="working_days", country=country, time_zone=zone)


@pytest.mark.parametrize(
    "start", ["2026-03-08T06:30:00+00:00", "2026-11-01T05:30:00+00:00", "2026-12-31T23:59:59+00:00"]
)
def test_hours_are_hours_whatever_clocks_on_walls_do(start: str) -> None:
    begun = datetime.fromisoformat(start)
    assert rules.due_at(terms(amount=24), begun)[0] - begun == 24 * H


def test_the_explanation_names_the_holiday() -> None:
    _, because = rules.due_at(days(2, "US", "America/New_York"), datetime(2026, 11, 25, 15, tzinfo=UTC))
    assert "Thu 26 Nov is Thanksgiving" in because.text


MOMENT = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_on", "delivered", "acknowledged", "opened", "start", "reason"),
    [
        ("sent", None, None, 0, 0, "the notice was sent"),
        ("sent", None, None, 3, 3, "the listing was flagged"),
        ("delivered", 2, None, 0, 2, "the notice was delivered"),
        ("delivered", None, None, 0, 24, "not delivered within 24 hours"),
        ("delivered", 30, None, 0, 24, "not delivered within 24 hours"),
        ("acknowledged", 1, 5, 0, 5, "the notice was acknowledged"),
        ("acknowledged", 1, None, 0, 24, "not acknowledged within 24 hours"),
        ("acknowledged", 1, 5, 9, 9, "the listing was flagged"),
    ],
)
def test_the_clock_starts_with_the_fact_the_terms_name_but_never_before_the_flag(
    starts_on: str, delivered: int | None, acknowledged: int | None, opened: int, start: int, reason: str
) -> None:
    def at(hours: int | None) -> datetime | None:
        return None if hours is None else MOMENT + hours * H

    moment, because = rules.clock_start(
        terms(starts_on=starts_on),
        sent_at=MOMENT,
        delivered_at=at(delivered),
        acknowledged_at=at(acknowledged),
        opened_at=MOMENT + opened * H,
    )
    assert moment == at(start)
    assert reason in because.text


def test_a_reminder_before_the_start_is_skipped() -> None:
    one_hour = terms(amount=1)
    due, _ = rules.due_at(one_hour, MOMENT)
    first = rules.step_after(one_hour, due, 0, start=MOMENT)
    assert first is not None
    assert (first.step, first.kind, first.at) == (2, "missed", due)


def test_the_ladder_ends_after_its_last_step() -> None:
    assert rules.step_after(terms(), MOMENT, 4, start=MOMENT) is None


def checks(*seen: tuple[float, str] | tuple[float, str, str]) -> list[rules.Check]:
    return [rules.Check(MOMENT + row[0] * H, row[1], row[2] if len(row) > 2 else "page") for row in seen]


@pytest.mark.parametrize(
    ("seen", "proved"),
    [
        (checks(), ""),
        (checks((0, "gone")), ""),
        (checks((0, "gone"), (0.5, "gone")), ""),
        (checks((0, "gone"), (1, "gone")), "gone"),
        (checks((0, "gone"), (0.5, "gone"), (1, "gone")), "gone"),
        (checks((0, "gone"), (1, "unknown"), (2, "gone")), "gone"),
        (checks((0, "unknown"), (1, "unknown"), (2, "unknown")), ""),
        (checks((0, "gone"), (1, "live"), (2, "gone")), ""),
        (checks((0, "gone"), (1, "gone"), (2, "live")), "live"),
        (checks((0, "live"), (1, "gone"), (2, "gone")), "gone"),
        (checks((0, "restricted"), (1, "restricted")), "restricted"),
        (checks((0, "gone"), (1, "restricted")), ""),
        (checks((0, "gone", "api"), (2, "gone", "api")), ""),
        (checks((0, "gone", "api"), (2, "gone", "feed")), ""),
        (checks((0, "gone", "feed"), (2, "gone", "feed"), (4, "gone", "feed")), ""),
        (checks((0, "gone", "feed"), (2, "gone", "page")), ""),
        (checks((0, "gone", "person"), (2, "gone", "feed")), ""),
        (checks((0, "gone", "page"), (1, "gone", "api"), (2, "gone", "person")), "gone"),
        (checks((0, "gone", "page"), (0.5, "gone", "feed"), (1.5, "gone", "page")), "gone"),
        (checks((0, "gone", "page"), (1, "live", "feed"), (2, "gone", "page")), ""),
    ],
)  # fmt: skip
def test_checks_prove_a_removal_or_do_not(seen: list[rules.Check], proved: str) -> None:
    assert rules.proves(seen, terms()) == proved


starts = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds the zone
amounts = st.integers(1, 10)
places = st.sampled_from(
    [
        ("US", "America/New_York"),
        ("DE", "Europe/Berlin"),
        ("CN", "Asia/Shanghai"),
        ("JP", "Asia/Tokyo"),
        ("IL", "Asia/Jerusalem"),
    ]
)


@given(starts, amounts, places, st.integers(0, 30 * 24 * 3600))
def test_who_starts_later_is_never_due_earlier(
    start: datetime, amount: int, place: tuple[str, str], later: int
) -> None:
    policy = days(amount, *place)
    assert rules.due_at(policy, start)[0] <= rules.due_at(policy, start + timedelta(seconds=later))[0]


@given(starts, amounts, places)
def test_more_days_are_never_less_time_and_a_day_is_always_whole(
    start: datetime, amount: int, place: tuple[str, str]
) -> None:
    due = rules.due_at(days(amount, *place), start)[0]
    assert due - start >= timedelta(hours=22) * amount
    assert due < rules.due_at(days(amount + 1, *place), start)[0]


SECONDS = st.integers(0, 20 * 24 * 3600)
gaps = st.lists(st.tuples(SECONDS, st.integers(1, 3 * 24 * 3600)), max_size=3)


def pauses_after(start: datetime, lengths: list[tuple[int, int]]) -> list[rules.Pause]:
    """Pauses one after the other: each begins so many seconds after the one before it ended, and lasts so long."""
    found, at = [], start
    for wait, lasted in lengths:
        begun = at + timedelta(seconds=wait)
        at = begun + timedelta(seconds=lasted)
        found.append(rules.Pause(begun, at))
    return found


@given(starts, st.integers(1, 200), gaps)
def test_a_pause_adds_exactly_its_length_to_hours(start: datetime, amount: int, lengths: list[tuple[int, int]]) -> None:
    pauses = pauses_after(start, lengths)
    due = rules.due_at(terms(amount=amount), start, pauses=pauses)[0]
    ran = due - start - sum((pause.end - pause.start for pause in pauses if pause.start < due), timedelta(0))
    assert ran == amount * H


@given(starts, amounts, places, gaps, st.integers(0, 5))
def test_pauses_and_extensions_never_take_time_and_their_order_does_not_matter(
    start: datetime, amount: int, place: tuple[str, str], lengths: list[tuple[int, int]], extra: int
) -> None:
    policy, pauses = days(amount, *place), pauses_after(start, lengths)
    due = rules.due_at(policy, start, pauses=pauses, extra=extra)[0]
    assert due >= rules.due_at(policy, start)[0]
    assert due == rules.due_at(policy, start, pauses=list(reversed(pauses)), extra=extra)[0]
    assert rules.due_at(policy, start, extra=extra)[0] == rules.due_at(days(amount + extra, *place), start)[0]


@given(starts, amounts, places, SECONDS, st.sampled_from([{"cut_off": "17:00"}, {"begins": "next_working_day"}]))
def test_a_cut_off_or_a_later_beginning_keeps_the_order_and_never_takes_time(
    start: datetime, amount: int, place: tuple[str, str], later: int, changes: dict[str, str]
) -> None:
    def due(policy: rules.Terms, at: datetime) -> datetime:
        begun, _ = rules.clock_start(policy, sent_at=at, delivered_at=None, acknowledged_at=None, opened_at=at)
        return rules.due_at(policy, begun)[0]

    policy = replace(days(amount, *place), **changes)
    assert due(days(amount, *place), start) <= due(policy, start) <= due(policy, start + timedelta(seconds=later))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (90, "90 seconds"), (5400, "90 minutes"), (3600, "1 hour"), (172800, "2 days")],
)
def test_seconds_are_written_in_the_largest_unit_that_divides_them(seconds: int, words: str) -> None:
    assert rules.duration(*rules.largest_unit(seconds)) == words


def test_a_calendar_without_working_days_is_refused() -> None:
    shut = [
        {"day": f"{date(2026, 3, 1) + n * 24 * H}", "kind": "closed", "name": "shut", "closes_at": ""}
        for n in range(90)
    ]
    with pytest.raises(rules.NoWorkingDay, match="Correct the calendar"):
        rules.due_at(terms(amount=1, unit="working_days", special_days=shut), MOMENT)


@given(starts, st.integers(1, 10_000), st.sampled_from(["seconds", "minutes", "hours"]))
def test_terms_survive_storage(start: datetime, amount: int, unit: str) -> None:
    policy = terms(amount=amount, unit=unit)
    again = rules.Terms.from_json(policy.as_json())
    assert again == policy
    assert rules.due_at(again, start) == rules.due_at(policy, start)


@pytest.mark.parametrize("language", ["", "de", "fr_FR.UTF-8"])
def test_holidays_have_the_same_names_whatever_the_language_of_the_machine(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", language)
    calendar._known.cache_clear()
    try:
        assert rules.WorkingCalendar("DE").name_of(date(2026, 4, 3)) == "Good Friday"
    finally:
        calendar._known.cache_clear()


@pytest.mark.parametrize(
    ("due", "letter"),
    [
        ("2026-03-05T15:00", "2026-03-10T04:00"),  # Thursday: Friday and Monday
        ("2026-03-06T05:00", "2026-03-10T04:00"),  # midnight at the end of Thursday
        ("2026-03-07T15:00", "2026-03-11T04:00"),  # Saturday: Monday and Tuesday
    ],
)
def test_a_step_can_wait_for_working_days_after_the_deadline(due: str, letter: str) -> None:
    steps = [{"step": 1, "kind": "missed", "offset_seconds": 0}]
    steps.append({"step": 2, "kind": "letter", "offset_seconds": 0, "working_days": 2})
    policy = terms(steps=steps, time_zone="America/New_York")
    found = rules.ladder(policy, datetime.fromisoformat(due).replace(tzinfo=UTC))
    assert found[1].at == datetime.fromisoformat(letter).replace(tzinfo=UTC)
    assert policy.as_json()["steps"] == steps  # nothing is added to steps that wait for no working day
