"""Health checks for programs: what each asks, what it says to strangers, and when it says no."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from enforcement.models import Heartbeat
from portal import readings
from portal.background import broker, queues
from portal.celery import app
from portal.local.servers import start_valkey
from portal.models import Mail, Organisation, Pulse, User
from portal.monitoring import probes
from tests.factories import NOTICE_SENT, NoticeFactory

pytestmark = pytest.mark.django_db
PARTS = {
    "database", "migrations", "broker", "queues", "sweeps", "audit log", "deliveries", "matching", "clocks", "removal checks",
    "deadline monitor",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _asked_again(settings: Any) -> Iterator[None]:
    """Nothing is remembered, and nothing waits that other tests sent: all of them share a broker without workers."""
    cache.clear()
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    with broker._asked() as client:
        client.delete(*(f"{prefix}{queue.name}" for queue in queues.QUEUES))
    yield
    cache.clear()


@pytest.fixture
def all_runs() -> None:
    """Beat and the clocks' worker ran just now."""
    Pulse.objects.create(name="worker", at=timezone.now())
    Heartbeat.objects.create(name="clocks", checked_at=timezone.now(), beat_at=timezone.now())


def ask(path: str) -> tuple[int, dict[str, Any]]:
    answer = Client().get(path)
    assert (answer["Cache-Control"], answer["Content-Type"]) == ("no-store", "application/json")
    return answer.status_code, json.loads(answer.content)


def work() -> tuple[int, dict[str, str]]:
    """Its status, and the parts that are not in order."""
    probes.forget()
    status, told = ask("/health/work")
    return status, {name: state for name, state in told["parts"].items() if state != "ok"}


def test_a_process_that_answers_is_alive_whatever_the_database_does(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert ask("/health/live") == (200, {"status": "ok", "parts": {}})


@pytest.mark.parametrize("path", ["/health/ready", "/health/startup"])
def test_a_process_is_ready_with_its_database_and_the_schema_of_its_version(path: str) -> None:
    assert ask(path) == (200, {"status": "ok", "parts": {"database": "ok", "migrations": "ok"}})
    with connection.cursor() as cursor, patch.object(probes, "_shipped", lambda: frozenset({("portal", "9999_later")})):
        assert ask(path) == (503, {"status": "late", "parts": {"database": "ok", "migrations": "late"}})
        cursor.execute("SELECT 1")  # the connection goes on
    with patch.object(connection, "cursor", side_effect=DatabaseError("no route to db.internal")):
        status, told = ask(path)
    assert (status, told["parts"]) == (503, {"database": "down", "migrations": "down"})


def test_work_that_is_done_in_time_is_said_so_of_every_part(all_runs: None) -> None:
    assert ask("/health/work") == (200, {"status": "ok", "parts": dict.fromkeys(PARTS, "ok")})


def test_each_part_that_is_late_is_named_and_nothing_else_is(
    all_runs: None, regulator: Organisation, platform_a: Organisation
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    Pulse.objects.update(at=long_ago)
    assert work() == (503, {"sweeps": "late"})
    Pulse.objects.all().delete()
    assert work() == (503, {"sweeps": "late"}), "that none has ever run is no better"
    Pulse.objects.create(name="worker", at=timezone.now())
    Heartbeat.objects.update(problem="Overdue escalation steps: 3.")
    assert work() == (503, {"deadline monitor": "late"})
    Heartbeat.objects.update(problem="", checked_at=long_ago)
    assert work() == (503, {"deadline monitor": "late"})
    Heartbeat.objects.update(checked_at=timezone.now())
    mail = Mail.objects.create(key="1", to="ada@psa.example.gov", subject="s", body="b", next_attempt_at=long_ago)
    assert work() == (503, {"deliveries": "late"})
    mail.delete()
    notice = NoticeFactory(platform=platform_a, sent_at=NOTICE_SENT)
    assert work() == (503, {"matching": "late"})
    answer = Client().get("/health/work").content.decode()
    assert not any(word in answer for word in (platform_a.name, notice.version.recall.number, "ada@", "Overdue"))


def test_a_task_that_nobody_takes_makes_its_queue_late(all_runs: None, settings: Any, tmp_path: Any) -> None:
    with start_valkey(tmp_path, durable=False) as server:
        settings.BROKER_URL = server.url
        with app.connection_for_write(server.url) as line:
            app.send_task("portal.tasks.seal_audit", connection=line)
        found = broker.waiting()
        assert {name: waiting.count for name, waiting in found.items()} == {
            queue.name: int(queue is queues.CLOCKS) for queue in queues.QUEUES
        }
        assert work() == (200, {})
        with patch.object(broker.timezone, "now", return_value=timezone.now() + timedelta(minutes=5)):
            assert broker.waiting()["clocks"].oldest == pytest.approx(300, abs=30)
            assert broker.waiting()["checks"].oldest == 0
            assert work()[1]["queues"] == "late"
    assert work() == (503, {"broker": "late", "queues": "down"}), "the server has ended"


def test_a_part_that_cannot_be_asked_costs_no_other(all_runs: None, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> readings.Values:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return {}

    odd = readings.Reading("offshelf_odd", "", broken, part="odd")
    with patch.dict(readings._READINGS, {"offshelf_odd": odd}):
        assert work() == (503, {"odd": "down"})
    assert "offshelf_odd cannot be read" in caplog.text


def test_strangers_who_ask_all_the_time_cost_no_queries(all_runs: None, django_assert_num_queries: Any) -> None:
    ask("/health/work")
    with django_assert_num_queries(0):
        for _ in range(5):
            ask("/health/work")


def test_the_answers_are_the_same_for_those_who_are_signed_in(all_runs: None, sign_in: Any, admin: User) -> None:
    assert sign_in(admin).get("/health/work").json() == Client().get("/health/work").json()


def check_work(part: str) -> str:
    """What the health check of a worker or beat says; empty where it is healthy."""
    try:
        call_command("check_work", part, stdout=StringIO())
    except CommandError as problem:
        return str(problem)
    return ""


def test_a_worker_s_health_check_answers_for_its_own_queue(all_runs: None, settings: Any, tmp_path: Any) -> None:
    parts = [*(queue.name for queue in queues.QUEUES), "beat"]
    with start_valkey(tmp_path, durable=False) as server:
        settings.BROKER_URL = server.url
        assert [check_work(part) for part in parts] == [""] * len(parts)
        with app.connection_for_write(server.url) as line:
            app.send_task("portal.tasks.send_mail_due", connection=line)
        with patch.object(broker.timezone, "now", return_value=timezone.now() + timedelta(minutes=5)):
            found = {part: check_work(part) for part in parts if part not in {"clocks", "beat"}}
        assert [part for part in found if found[part]] == ["deliveries"]
        assert "a task of deliveries has waited for 30" in found["deliveries"]
        with time_machine.travel(timezone.now(), tick=False):
            Pulse.objects.update(at=timezone.now() - timedelta(hours=1))
            assert [part for part in parts if check_work(part)] == ["clocks", "beat"], (
                "nobody sends tasks, or takes the clocks'"
            )
            assert "no periodic task has run for 3600 seconds" in check_work("beat")
    assert check_work("checks") == "the broker does not answer"
