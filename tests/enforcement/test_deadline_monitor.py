"""The deadline monitor: an alarm whatever breaks, itself included, and no more queries for many rows than for few."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.models import CheckPlan, Escalation, Takedown
from enforcement.oversight.services import deadline_monitor
from listings.models import Flag, Listing
from portal import audit
from portal.audit import sealing
from portal.background.sweeping import set_aside
from portal.identity.actors import Actor
from portal.models import Mail, Notification, Organisation, Pulse, User
from recalls.models import Notice
from tests.factories import TERMS, FlagFactory, HookFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())


def finished(notice: Notice, count: int) -> None:
    """Open takedowns whose whole ladder was raised, as a platform leaves them that never removes anything."""
    now = timezone.now()
    listings = Listing.objects.bulk_create(
        Listing(platform=notice.platform, external_id=f"F-{number}", title="Heater", match_due=False)
        for number in range(count)
    )
    flags = Flag.objects.bulk_create(
        Flag(
            notice=notice, recall=notice.recall, regulator=notice.recall.regulator, platform=notice.platform,
            listing=listing, score=0.9, band="flag", listing_digest="", opened_at=now,
        )
        for listing in listings
    )  # fmt: skip
    takedowns = Takedown.objects.bulk_create(
        Takedown(
            flag=flag, regulator=flag.regulator, platform=flag.platform, status="missed", terms=TERMS, started_at=now,
            start_reason="x", due_at=now - 48 * HOUR, deadline_reason="x", missed_at=now, ladder_done=True,
        )
        for flag in flags
    )  # fmt: skip
    CheckPlan.objects.bulk_create(CheckPlan(takedown=takedown, platform=takedown.platform) for takedown in takedowns)
    Escalation.objects.bulk_create(
        Escalation(takedown=takedown, platform=takedown.platform, step=4, kind="letter", due_at=now)
        for takedown in takedowns
    )


def problem_and_queries() -> tuple[str, int]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        problem = services.watch_clocks().problem
    return problem, len(queries)


def test_thousands_of_finished_ladders_cost_no_query_more_than_one(notice: Notice) -> None:
    finished(notice, 1)
    services.watch_clocks()  # the first time writes the row of the heartbeat
    few = problem_and_queries()
    Listing.objects.update(external_id="before")
    finished(notice, 1_000)
    begun = time.monotonic()
    assert problem_and_queries() == few
    assert few[0] == ""
    assert time.monotonic() - begun < 2


def test_a_ladder_raised_to_its_end_is_no_alarm_and_a_lost_step_is_one(notice: Notice) -> None:
    takedown = services.start_clock(flag=FlagFactory(notice=notice, opened_at=timezone.now() - 48 * HOUR))
    while services.sweep_escalations():
        pass
    takedown.refresh_from_db()
    assert (takedown.next_step_at, takedown.ladder_done) == (None, True)
    assert services.watch_clocks().problem == ""
    Takedown.objects.update(ladder_done=False)
    assert (
        f"without a next step before their ladder is done: 1, the first is takedown {takedown.pk}."
        in services.watch_clocks().problem
    )


def overdue_check(notice: Notice, **_others: Any) -> None:
    services.start_clock(flag=FlagFactory(notice=notice, opened_at=timezone.now()))
    CheckPlan.objects.update(next_at=timezone.now() - HOUR)


def broken_check(notice: Notice, **_others: Any) -> None:
    services.start_clock(flag=FlagFactory(notice=notice, opened_at=timezone.now()))
    CheckPlan.objects.update(next_at=None, attempts=9, error="OSError")


def unmatched_listing(notice: Notice, **_others: Any) -> None:
    ListingFactory(platform=notice.platform, match_due=True, match_due_since=timezone.now() - HOUR)


def unmatched_notice(notice: Notice, **_others: Any) -> None:
    Notice.objects.update(matched_at=None, sent_at=timezone.now() - HOUR)


def failed_mail(**_others: Any) -> None:
    Mail.objects.create(key="m", to="x@example.org", subject="S", body="…", status="failed")


def failed_hook(notice: Notice, **_others: Any) -> None:
    HookFactory(endpoint__organisation=notice.platform, status="failed")


def unsealed_event(notice: Notice, **_others: Any) -> None:
    event = audit.event_for(actor=Actor.system("test"), action="notice.sent", subject=notice)
    event.at = timezone.now() - HOUR
    event.save()


def silent_queue(**_others: Any) -> None:
    Pulse.objects.create(name="worker", at=timezone.now() - HOUR)


def row_set_aside(notice: Notice, **_others: Any) -> None:
    set_aside(notice, sweep="trial", error=ValueError("poison"))


PROBLEMS: dict[str, Callable[..., None]] = {
    "Overdue removal checks: 1": overdue_check,
    "Takedowns no longer checked because each check failed: 1": broken_check,
    "Listings not matched yet: 1": unmatched_listing,
    "Notices not matched yet: 1": unmatched_notice,
    "Failed mail: 1": failed_mail,
    "Failed webhook calls: 1": failed_hook,
    "Audit events not sealed: 1": unsealed_event,
    "No worker has sealed the audit log": silent_queue,
    "Rows were skipped with an error (trial: 1)": row_set_aside,
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_each_problem_rings(problem: str, notice: Notice, operator: User) -> None:
    audit.seal_events()
    assert services.watch_clocks().problem == ""
    PROBLEMS[problem](notice=notice)
    beat = services.watch_clocks()
    assert problem in beat.problem
    assert beat.beat_at is not None
    assert beat.beat_at < beat.checked_at, "no beat with a problem"
    assert Notification.objects.get(person=operator).subject.startswith("Alarm")


def test_the_whole_log_is_read_every_few_minutes_and_as_long_as_some_of_it_is_not_sealed(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "NEWEST", 0)
    assert services.watch_clocks().problem == ""
    unsealed_event(notice)
    with CaptureQueriesContext(connection) as asked:
        assert services.watch_clocks().problem == "", "the event is not among the newest numbers"
    assert not [query for query in asked if 'JOIN "portal_auditseal"' in query["sql"]]
    with time_machine.travel(timezone.now() + deadline_monitor.WHOLE_LOG_EVERY, tick=False):
        for _ in range(2):
            assert "Audit events not sealed: 1" in services.watch_clocks().problem
        audit.seal_events()
        assert services.watch_clocks().problem == ""


def test_all_problems_are_told_of_together_and_more_of_the_same_kind_is_no_new_alarm(
    notice: Notice, operator: User
) -> None:
    unmatched_listing(notice)
    failed_mail()
    problems = services.watch_clocks().problem.splitlines()
    assert [problem[:10] for problem in problems] == ["Listings n", "Failed mai"]
    unmatched_listing(notice)
    assert "Listings not matched yet: 2" in services.watch_clocks().problem
    assert Notification.objects.filter(person=operator).count() == 1


@pytest.mark.parametrize("name", deadline_monitor._CHECKS)
def test_a_check_of_its_own_that_breaks_is_an_alarm_and_the_others_go_on(
    name: str, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed_mail()
    row_set_aside(notice)

    def breaks(_now: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setitem(deadline_monitor._CHECKS, name, breaks)
    problem = services.watch_clocks().problem
    assert f"The deadline monitor could not check the {name}: DataError" in problem
    assert ("Failed mail: 1" in problem) == (name != "deliveries")
    assert ("trial: 1" in problem) == (name != "skipped rows")


def test_an_unreadable_row_never_silences_it(notice: Notice) -> None:
    services.start_clock(flag=FlagFactory(notice=notice, opened_at=timezone.now()))
    Takedown.objects.update(terms={"nonsense": True}, next_step_at=None)
    assert "Open takedowns without a next step" in services.watch_clocks().problem


def test_the_health_page_shows_what_waits_and_what_was_set_aside(
    notice: Notice, operator: User, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = sign_in(operator), reverse("portal:health")
    page = client.get(address).content.decode()
    assert "No listing or notice has waited for more than 5 minutes." in page
    unmatched_listing(notice)
    row_set_aside(notice)
    page = client.get(address).content.decode()
    assert "Waiting for more than 5 minutes: 1 listings and 0 notices" in page
    assert "1 row failed and will be retried." in page
    monkeypatch.setattr("listings.services.unmatched", lambda **_: 1 / 0)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Its state cannot be read (ZeroDivisionError)." in answer.content.decode()
