"""Racing sweepers, broken rows, the deadline monitor."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from enforcement import services
from enforcement.escalations.services.steps import SWEEP
from enforcement.models import CheckPlan, Escalation, Heartbeat, Takedown
from listings.models import Flag
from portal.database.acting import SYSTEM, begin
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, Organisation, SetAside, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory


def late_flags(count: int, platform: Organisation, regulator: Organisation) -> None:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform, matched_at=timezone.now())
    for _ in range(count):
        flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform), opened_at=notice.sent_at)
        services.start_clock(flag=flag)


def sweep() -> int:
    try:
        return services.sweep_escalations()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_sweepers_raise_each_step_exactly_once(platform_a: Organisation, regulator: Organisation) -> None:
    late_flags(60, platform_a, regulator)
    with ThreadPoolExecutor(8, initializer=begin, initargs=(SYSTEM,)) as pool:
        for _ in range(5):
            for future in [pool.submit(sweep) for _ in range(8)]:
                future.result()
    assert Escalation.objects.count() == 60 * 4
    assert AuditEvent.objects.filter(action="escalation.raised").count() == 60 * 4
    assert AuditEvent.objects.filter(action="takedown.missed").count() == 60


@pytest.mark.django_db
def test_a_row_that_breaks_is_set_aside_and_never_blocks_the_others(
    platform_a: Organisation, regulator: Organisation
) -> None:
    late_flags(3, platform_a, regulator)
    poisoned = Takedown.objects.order_by("pk")[0]
    terms = poisoned.terms
    Takedown.objects.filter(pk=poisoned.pk).update(terms={"nonsense": True})
    for attempt in (1, 2):
        services.sweep_escalations()
        kept = SetAside.objects.get()
        assert (kept.sweep, kept.subject_id, kept.attempts) == (SWEEP, poisoned.pk, attempt)
        assert "KeyError" in kept.error
        SetAside.objects.update(next_attempt_at=timezone.now())
    assert Escalation.objects.exclude(takedown=poisoned).count() == 4, "two steps of each of the others so far"
    assert not Escalation.objects.filter(takedown=poisoned).exists()
    Takedown.objects.filter(pk=poisoned.pk).update(terms=terms)
    services.sweep_escalations()
    assert Escalation.objects.filter(takedown=poisoned).count() == 1
    assert not SetAside.objects.exists()


@pytest.mark.django_db
def test_the_deadline_monitor_beats_while_every_clock_is_in_order(
    platform_a: Organisation, regulator: Organisation
) -> None:
    for _ in range(4):
        late_flags(1, platform_a, regulator)
    while services.sweep_escalations():
        pass
    beat = services.watch_clocks()
    assert (beat.problem, beat.beat_at is not None) == ("", True)


@pytest.mark.django_db
def test_a_deleted_next_step_raises_the_alarm_and_admins_hear_of_it(
    platform_a: Organisation, regulator: Organisation, operator: User
) -> None:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())
    flag = FlagFactory(notice=notice, opened_at=timezone.now())
    takedown = services.start_clock(flag=flag)
    assert services.watch_clocks().problem == ""
    Takedown.objects.filter(pk=takedown.pk).update(next_step_at=None, next_step=None)
    beat = services.watch_clocks()
    assert "Open takedowns without a next step" in beat.problem
    assert beat.beat_at is not None
    assert beat.beat_at < beat.checked_at
    assert Notification.objects.filter(person=operator, subject__startswith="Alarm").count() == 1
    services.watch_clocks()
    assert Notification.objects.filter(person=operator).count() == 1, "once an hour, not every sweep"


@pytest.mark.django_db
def test_an_overdue_step_raises_the_alarm(platform_a: Organisation, regulator: Organisation) -> None:
    late_flags(1, platform_a, regulator)
    assert "Overdue escalation steps" in services.watch_clocks().problem


@pytest.fixture
def switch() -> Iterator[tuple[str, list[str]]]:
    """A dead-man's switch: its address, and the paths that were asked for."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(500 if "broken" in self.path else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.mark.django_db
def test_the_dead_mans_switch_hears_of_beats_only(
    switch: tuple[str, list[str]], platform_a: Organisation, regulator: Organisation, operator: User, settings: Any
) -> None:
    address, asked = switch
    settings.WATCHDOG_PING_URL = f"{address}/alive"
    services.watch_clocks()
    assert asked == ["/alive"]
    assert Heartbeat.objects.get(name="dead-man's switch").problem == ""
    late_flags(1, platform_a, regulator)
    Takedown.objects.update(next_step_at=None, next_step=None)
    assert services.watch_clocks().problem
    assert asked == ["/alive"]
    assert Mail.objects.get(to=operator.email).subject == "Alarm: escalation is not working"
    Takedown.objects.update(ladder_done=True)
    settings.WATCHDOG_PING_URL = f"{address}/broken"
    services.watch_clocks()
    assert "status 500" in Heartbeat.objects.get(name="dead-man's switch").problem
    settings.WATCHDOG_PING_URL = "http://127.0.0.1:9/"
    services.watch_clocks()
    assert "could not be reached" in Heartbeat.objects.get(name="dead-man's switch").problem


@pytest.mark.django_db
def test_a_check_that_breaks_is_tried_again_and_then_set_aside(
    platform_a: Organisation, regulator: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    late_flags(1, platform_a, regulator)
    Flag.objects.update(status="claimed_removed")
    monkeypatch.setattr("enforcement.checks.services.removal_checks.fetch_page", lambda _url, **_: 1 / 0)
    for _ in range(10):
        CheckPlan.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
        CheckPlan.objects.filter(attempts=0).update(next_at=timezone.now() - timedelta(seconds=1))
        services.observe_due()
    takedown = Takedown.objects.get()
    assert (takedown.check_plan.attempts, takedown.check_plan.next_at) == (9, None)
    assert "ZeroDivisionError" in takedown.check_plan.error
    assert "no longer checked" in services.watch_clocks().problem


@pytest.mark.django_db
def test_a_check_that_breaks_leaves_a_broken_step_among_the_failed_jobs(
    platform_a: Organisation, regulator: Organisation, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    late_flags(1, platform_a, regulator)
    Flag.objects.update(status="claimed_removed")
    Takedown.objects.update(terms={"nonsense": True})
    CheckPlan.objects.update(next_at=timezone.now())
    services.sweep_escalations()
    monkeypatch.setattr("enforcement.checks.services.removal_checks.fetch_page", lambda _url, **_: 1 / 0)
    services.observe_due()
    assert "ZeroDivisionError" in Takedown.objects.get().check_plan.error
    assert "KeyError" in SetAside.objects.get().error
    assert services.retry(actor=Actor.person(operator), group="aside") == 1
