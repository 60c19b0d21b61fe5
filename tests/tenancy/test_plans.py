"""Behind the second wall, searches still find by their indexes, and the log is read no further than it is shown."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from listings.models import Flag
from listings.search import Search
from portal.audit import record
from portal.audit_filter import AuditFilter
from portal.database.acting import acting
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["moderator_a", "officer"])
def side(request: pytest.FixtureRequest) -> Iterator[None]:
    """Who asks: a platform, and a regulator. Tables here are small, so that any plan is cheap: reading them whole is not."""
    person: User = request.getfixturevalue(request.param)
    with acting(Actor.person(person).principal):
        yield


def plan_of(rows: QuerySet, *ways: str) -> str:
    with connection.cursor() as cursor:
        for way in ways:
            cursor.execute(f"SET LOCAL {way} = off")
    return rows.explain()


def test_words_of_titles_are_found_by_an_index_behind_the_policies_of_either_side(side: None) -> None:
    found = plan_of(Search("Hearthline HL-200R").listings().order_by(), "enable_seqscan", "enable_indexscan")
    assert "on listing_words" in found
    assert "Seq Scan on listings_listing" not in found


def test_words_of_flagged_titles_are_found_by_an_index_behind_the_policies_of_either_side(side: None) -> None:
    found = plan_of(Search("calefactor").flags(Flag.objects.all()).order_by(), "enable_seqscan", "enable_indexscan")
    assert "on flag_words" in found


def test_a_part_of_a_name_in_the_log_is_found_by_an_index_behind_the_policies_of_either_side(side: None) -> None:
    found = AuditFilter({"q": "Hearthline"}, AuditEvent.objects.all()).qs.order_by()
    assert "on audit_words" in plan_of(found, "enable_seqscan", "enable_indexscan")


def test_a_page_of_the_log_does_not_read_all_cases_of_a_regulator_first(officer: User) -> None:
    """A subplan that is hashed is every visible flag, clock or check, read before the first event. Of people and notices there
    are few. What subplans ask in their turn is asked of a row or two, and planned by what the tables here happen to hold."""
    with acting(Actor.person(officer).principal):
        plan = plan_of(AuditEvent.objects.order_by("-pk")[:51]).splitlines()
    (events,) = (number for number, line in enumerate(plan) if " on portal_auditevent " in line)
    condition = next(line for line in plan[events:] if "Filter: " in line)
    assert condition.count("EXISTS(SubPlan ") > 20
    at_once = {_read_by(name, plan) for name in re.findall(r"\(hashed (SubPlan \d+)\)", condition)}
    assert at_once <= {"portal_user", "recalls_notice"}


def _read_by(subplan: str, plan: list[str]) -> str:
    """The table that a subplan reads."""
    first = next(number for number, line in enumerate(plan) if line.strip() == subplan) + 1
    return re.findall(r" on (\w+) ", plan[first])[0]


@pytest.mark.parametrize(("zone", "found"), [("UTC", False), ("Asia/Tokyo", True)])
def test_a_day_of_the_log_is_the_readers_day(zone: str, found: bool, platform_a: Organisation) -> None:
    record(actor=Actor.system("test"), action="organisation.edited", subject=platform_a)
    event = AuditEvent(actor_kind="system", actor_label="test", action="organisation.edited", subject_type="portal.organisation",
                       subject_id=str(platform_a.pk), subject_label="x", at=datetime(2026, 3, 1, 15, 30, tzinfo=UTC))  # fmt: skip
    event.save(force_insert=True)
    with timezone.override(zone):
        rows = AuditFilter({"since": "2026-03-02", "until": "2026-03-02"}, AuditEvent.objects.all()).qs
        assert (event in rows) is found
        assert event in AuditFilter({"until": "2026-03-02"}, AuditEvent.objects.all()).qs
        assert AuditFilter({"until": "9999-12-31"}, AuditEvent.objects.all()).qs.count() == AuditEvent.objects.count()
