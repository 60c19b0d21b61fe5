"""Deadlines, ladders, looks: the arithmetic, as tables and as properties."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement import rules
from tests.factories import TERMS

H = timedelta(hours=1)


def terms(**changes: object) -> rules.Terms:
    return rules.Terms.from_json({**TERMS, **changes})


def days(amount: int, country: str, zone: str) -> rules.Terms:
    return terms(amount=amount, unit="working_days", country=country, time_zone=zone)


# (amount, country, zone, start in that zone, last working day in that zone); holidays from the countries' calendars
GOLDEN = [
    (2, "US", "America/New_York", "2026-03-02 09:00", "2026-03-04"),  # Monday to Wednesday
    (2, "US", "America/New_York", "2026-03-06 23:59", "2026-03-10"),  # Friday 23:59: Saturday and Sunday do not count
    (2, "US", "America/New_York", "2026-03-07 10:00", "2026-03-10"),  # started on a Saturday
    (1, "US", "America/New_York", "2026-03-06 12:00", "2026-03-09"),  # over the change to summer time on 8 March
    (2, "US", "America/New_York", "2026-10-30 12:00", "2026-11-03"),  # over the change back on 1 November
    (2, "US", "America/New_York", "2026-11-25 08:00", "2026-11-30"),  # Thanksgiving is Thursday 26 November
    (2, "US", "America/New_York", "2026-12-24 08:00", "2026-12-29"),  # Christmas is a Friday
    (3, "US", "America/New_York", "2026-12-30 08:00", "2027-01-05"),  # over the year's end, New Year is a Friday
    (2, "US", "America/New_York", "2026-07-02 08:00", "2026-07-07"),  # 4 July is a Saturday, observed on Friday the 3rd
    (2, "US", "America/New_York", "2027-01-15 18:00", "2027-01-20"),  # Martin Luther King Jr. Day
    (2, "DE", "Europe/Berlin", "2026-12-23 15:00", "2026-12-28"),  # 25 and 26 December
    (2, "DE", "Europe/Berlin", "2026-04-02 10:00", "2026-04-08"),  # Good Friday and Easter Monday
    (2, "DE", "Europe/Berlin", "2026-04-30 23:59", "2026-05-05"),  # 1 May is a Friday
    (3, "DE", "Europe/Berlin", "2026-05-13 12:00", "2026-05-19"),  # Ascension Day on Thursday the 14th
    (2, "DE", "Europe/Berlin", "2026-03-27 12:00", "2026-03-31"),  # over 29 March, when clocks go forward
    (2, "DE", "Europe/Berlin", "2026-10-23 12:00", "2026-10-27"),  # over 25 October, when they go back
    (2, "FR", "Europe/Paris", "2026-07-13 12:00", "2026-07-16"),  # 14 July
    (2, "FR", "Europe/Paris", "2026-11-10 12:00", "2026-11-13"),  # 11 November
    (2, "IT", "Europe/Rome", "2026-04-24 12:00", "2026-04-28"),  # 25 April is a Saturday
    (2, "IT", "Europe/Rome", "2026-06-01 12:00", "2026-06-04"),  # 2 June
    (2, "ES", "Europe/Madrid", "2026-10-09 12:00", "2026-10-14"),  # 12 October
    (2, "PL", "Europe/Warsaw", "2026-11-10 12:00", "2026-11-13"),  # 11 November
    (2, "NL", "Europe/Amsterdam", "2026-04-24 12:00", "2026-04-29"),  # King's Day on Monday the 27th
    (2, "GB", "Europe/London", "2026-05-01 12:00", "2026-05-06"),  # Early May bank holiday on the 4th
    (2, "CA", "America/Toronto", "2026-06-30 12:00", "2026-07-03"),  # Canada Day
    (2, "AU", "Australia/Sydney", "2026-04-24 12:00", "2026-04-28"),  # Anzac Day is a Saturday
    (2, "AU", "Australia/Sydney", "2026-12-24 12:00", "2026-12-29"),  # Christmas; the extra Monday is a matter of the states
    (2, "JP", "Asia/Tokyo", "2026-05-01 12:00", "2026-05-08"),  # Golden Week: 3 to 6 May
    (2, "JP", "Asia/Tokyo", "2026-09-18 12:00", "2026-09-25"),  # 21 to 23 September
    (2, "CN", "Asia/Shanghai", "2026-09-30 12:00", "2026-10-09"),  # National Day holidays
    (2, "KR", "Asia/Seoul", "2026-02-13 12:00", "2026-02-20"),  # Seollal, 16 to 18 February
    (2, "AE", "Asia/Dubai", "2026-01-02 12:00", "2026-01-06"),  # weekend is Saturday and Sunday since 2022
    (2, "IL", "Asia/Jerusalem", "2026-01-08 12:00", "2026-01-12"),  # weekend is Friday and Saturday
    (2, "SA", "Asia/Riyadh", "2026-01-08 12:00", "2026-01-12"),  # weekend is Friday and Saturday
    (1, "XX", "UTC", "2026-12-24 12:00", "2026-12-25"),  # a country without a known calendar has weekends only
]  # fmt: skip


@pytest.mark.parametrize(("amount", "country", "zone", "start", "last"), GOLDEN)
def test_working_days_end_with_the_last_one(amount: int, country: str, zone: str, start: str, last: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    due, because = rules.due_at(days(amount, country, zone), begun)
    local = (due - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    assert f"{local:%Y-%m-%d %H:%M:%S}" == f"{last} 23:59:59", because


@pytest.mark.parametrize(
    "start", ["2026-03-08T06:30:00+00:00", "2026-11-01T05:30:00+00:00", "2026-12-31T23:59:59+00:00"]
)
def test_hours_are_hours_whatever_clocks_on_walls_do(start: str) -> None:
    begun = datetime.fromisoformat(start)
    assert rules.due_at(terms(amount=24), begun)[0] - begun == 24 * H


def test_the_explanation_names_the_holiday() -> None:
    _, because = rules.due_at(days(2, "US", "America/New_York"), datetime(2026, 11, 25, 15, tzinfo=UTC))
    assert "Thu 26 Nov is Thanksgiving" in because


MOMENT = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_on", "delivered", "acknowledged", "opened", "start", "why"),
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
    starts_on: str, delivered: int | None, acknowledged: int | None, opened: int, start: int, why: str
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
    assert why in because


def test_a_reminder_that_would_lie_before_the_start_is_passed_over() -> None:
    one_hour = terms(amount=1)
    due, _ = rules.due_at(one_hour, MOMENT)
    first = rules.rung_after(one_hour, due, 0, start=MOMENT)
    assert first is not None
    assert (first.rung, first.kind, first.at) == (2, "missed", due)


def test_the_ladder_ends_after_its_last_rung() -> None:
    assert rules.rung_after(terms(), MOMENT, 4, start=MOMENT) is None


def looks(*seen: tuple[float, str] | tuple[float, str, str]) -> list[rules.Look]:
    return [rules.Look(MOMENT + row[0] * H, row[1], row[2] if len(row) > 2 else "page") for row in seen]


@pytest.mark.parametrize(
    ("seen", "proved"),
    [
        (looks(), ""),
        (looks((0, "gone")), ""),
        (looks((0, "gone"), (0.5, "gone")), ""),
        (looks((0, "gone"), (1, "gone")), "gone"),
        (looks((0, "gone"), (0.5, "gone"), (1, "gone")), "gone"),
        (looks((0, "gone"), (1, "unknown"), (2, "gone")), "gone"),
        (looks((0, "unknown"), (1, "unknown"), (2, "unknown")), ""),
        (looks((0, "gone"), (1, "live"), (2, "gone")), ""),
        (looks((0, "gone"), (1, "gone"), (2, "live")), "live"),
        (looks((0, "live"), (1, "gone"), (2, "gone")), "gone"),
        (looks((0, "restricted"), (1, "restricted")), "restricted"),
        (looks((0, "gone"), (1, "restricted")), ""),
        (looks((0, "gone", "api"), (2, "gone", "api")), ""),
        (looks((0, "gone", "api"), (2, "gone", "feed")), "gone"),
        (looks((0, "gone", "person"), (2, "gone", "feed")), "gone"),
    ],
)  # fmt: skip
def test_what_looks_prove(seen: list[rules.Look], proved: str) -> None:
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


@given(starts, st.integers(1, 10_000), st.sampled_from(["seconds", "minutes", "hours"]))
def test_terms_survive_storage(start: datetime, amount: int, unit: str) -> None:
    policy = terms(amount=amount, unit=unit)
    again = rules.Terms.from_json(policy.as_json())
    assert again == policy
    assert rules.due_at(again, start) == rules.due_at(policy, start)
