"""Deadlines by the book: the tables in golden/, written from the laws and counted apart from the code, each line a case."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from enforcement import rules
from tests.factories import TERMS

FOLDER = Path(__file__).parent / "golden"
_TIME = re.compile(
    r"(\d+) (working days?|hours?|minutes?|seconds?)(?:, (?:cut-off (\d\d:\d\d)|(from the next working day)))?"
)


class Case(NamedTuple):
    """One line of a table, in the zone of its file."""

    place: str
    zone: str
    start: str
    time: str
    events: str
    due: str
    reason: str


def cases() -> list[Case]:
    found = []
    for path in sorted(FOLDER.glob("*.md")):
        lines = path.read_text(encoding="utf-8").splitlines()
        place, _, zone = lines[0].removeprefix("# ").partition(", ")
        assert lines[2].startswith("Source: "), path
        found += [Case(place, zone, *(cell.strip() for cell in line.strip("|").split("|"))) for line in lines[6:]]
    return found


CASES = cases()


def moment(text: str, zone: ZoneInfo) -> datetime:
    """ "Fri 2026-06-12 23:59" in the zone, as UTC; the weekday has to be right; 24:00 is the end of the day."""
    weekday, day, clock = text.split()
    at = date.fromisoformat(day)
    assert f"{at:%a}" == weekday, text
    if clock == "24:00":
        return datetime.combine(at + timedelta(days=1), time(0), zone).astimezone(UTC)
    return datetime.combine(at, time.fromisoformat(clock), zone).astimezone(UTC)


def terms_of(case: Case) -> rules.Terms:
    found = _TIME.fullmatch(case.time)
    assert found is not None, case.time
    amount, unit, cut_off, from_next = found.groups()
    country, _, subdivision = case.place.partition("-")
    special = []
    for kind, day, closes in re.findall(r"(closed|open|half) (\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?", case.events):
        special.append({"day": day, "kind": kind, "name": "the regulator's own day", "closes_at": closes})
    return rules.Terms.from_json(
        {
            **TERMS,
            "amount": int(amount),
            "unit": {"working day": "working_days"}.get(unit.removesuffix("s"), f"{unit.removesuffix('s')}s"),
            "country": country,
            "subdivision": subdivision,
            "time_zone": case.zone,
            "cut_off": cut_off or "",
            "begins": "next_working_day" if from_next else "at_once",
            "special_days": special,
        }
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.place} {case.start}, {case.time}")
def test_the_deadline_is_what_the_book_says(case: Case) -> None:
    zone, terms = ZoneInfo(case.zone), terms_of(case)
    fact = moment(case.start, zone)
    start, _ = rules.clock_start(terms, sent_at=fact, delivered_at=None, acknowledged_at=None, opened_at=fact)
    pauses = [
        rules.Pause(moment(since, zone), moment(until, zone))
        for since, until in re.findall(r"pause (\w{3} \S+ \S+) to (\w{3} \S+ [\d:]+)", case.events)
    ]
    extra = sum(int(amount) for amount in re.findall(r"extend (\d+)", case.events))
    due, because = rules.due_at(terms, start, pauses=pauses, extra=extra)
    assert due == moment(case.due, zone), (
        f"{case.reason}; the code says {due.astimezone(zone):%a %Y-%m-%d %H:%M}: {because}"
    )


def test_the_book_is_as_thick_as_it_should_be() -> None:
    assert len(CASES) >= 300
    assert len({case.place.partition("-")[0] for case in CASES}) >= 10
