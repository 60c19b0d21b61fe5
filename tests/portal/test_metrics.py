"""Metrics: who may read them, what they count, and that what ships beside them uses no name that is not there."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from enforcement.models import Observation
from portal import readings
from portal.identity.access import ACCESS
from portal.models import Mail, Organisation, User
from portal.monitoring.page_times import NO_PAGE
from tests.world import build_populated_site

pytestmark = pytest.mark.django_db
TOKEN = "t" * 40
SHIPPED = Path(configured.BASE_DIR) / "deploy" / "monitoring"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def with_token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape(**headers: str) -> Samples:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"} | headers)
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_metrics_are_off_until_a_setting_opens_them(
    settings: Any, sign_in: Callable[[User], Client], admin: User
) -> None:
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert sign_in(admin).get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    for given in (
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        TOKEN,
        f"Basic {TOKEN}",
        "Bearer ü",
    ):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404, given
    assert sign_in(admin).get("/metrics").status_code == 404, "an account is no token"
    assert Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_metrics_are_for_the_addresses_that_a_setting_names(settings: Any) -> None:
    from portal.env import Env  # noqa: PLC0415

    settings.METRICS_FROM = Env({"METRICS_FROM": "10.1.0.0/16, fd00::/8"}).networks("METRICS_FROM")

    def asked(address: str, **headers: str) -> int:
        return Client(REMOTE_ADDR=address).get("/metrics", headers=headers).status_code

    assert [asked(address) for address in ("10.1.2.3", "fd00::1", "10.2.0.1", "")] == [200, 200, 404, 404]
    assert asked("10.2.0.1", **{"X-Forwarded-For": "10.1.2.3"}) == 404, "anybody can write that"
    settings.METRICS_TOKEN = TOKEN
    assert asked("10.1.2.3") == 404, "where both are set, both must agree"
    assert asked("10.1.2.3", Authorization=f"Bearer {TOKEN}") == 200


def test_what_is_counted_is_what_the_database_holds(
    with_token: None,
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    moderator_a: User,
    manager_a: User,
) -> None:
    site = build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
    Mail.objects.all().delete()
    for number, status in enumerate(("queued", "queued", "failed", "sent")):
        at = timezone.now() - timedelta(minutes=7)
        Mail.objects.create(
            key=str(number), to="ada@psa.example.gov", subject="s", body="b", status=status, next_attempt_at=at
        )
    newest = Observation.objects.order_by("-pk")[0]
    verdicts = Observation.objects.filter(at__gt=timezone.now() - timedelta(minutes=1), verdict=newest.verdict).count()
    found = scrape()
    assert found["offshelf_deliveries", (("channel", "mail"), ("status", "queued"))] == 2
    assert found["offshelf_deliveries", (("channel", "mail"), ("status", "failed"))] == 1
    assert found["offshelf_deliveries_late_seconds", (("channel", "mail"),)] == pytest.approx(420, abs=60)
    assert found["offshelf_failed_jobs", (("group", "mail"),)] == 1
    assert found["offshelf_checks_last_minute", (("verdict", newest.verdict),)] == verdicts
    assert found["offshelf_readings_failed", ()] == 0
    assert site is not None
    text = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert not [
        name for name in (platform_a.name, platform_a.slug, "ada@", regulator.name, moderator_a.email) if name in text
    ]


def test_a_figure_that_breaks_is_missing_and_counted_and_costs_no_other(with_token: None) -> None:
    def broken() -> readings.Values:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return {}

    scrape()  # the first answer of a process begins its page times
    names = {name for name, _ in scrape()}
    with patch.dict(readings._READINGS, {"offshelf_a": readings.Reading("offshelf_a", "", broken)}):
        found = scrape()
    assert found["offshelf_readings_failed", ()] == 1
    assert {name for name, _ in found} == names


def test_pages_are_timed_by_their_names_whatever_strangers_ask_for(with_token: None) -> None:
    before = scrape()
    client = Client()
    for number in range(3):
        assert client.get("/sign-in/").status_code == 200
        assert client.get(f"/no/such/page/{number}").status_code == 404
    after = scrape()

    def more(name: str, *labels: tuple[str, str]) -> float:
        return after[name, labels] - before.get((name, labels), 0)

    assert more("offshelf_page_seconds_count", ("page", "portal:sign_in")) == 3
    assert more("offshelf_page_seconds_bucket", ("le", "+Inf"), ("page", NO_PAGE)) == 3
    assert more("offshelf_answers_total", ("status", "4xx")) == 3
    pages = {dict(labels)["page"] for name, labels in after if name == "offshelf_page_seconds_count"}
    assert pages <= set(ACCESS) | {NO_PAGE}


def expressions() -> dict[str, str]:
    """Where → expression, of the dashboard and of the alert rules."""
    board = json.loads((SHIPPED / "dashboard.json").read_text())
    rules = yaml.safe_load((SHIPPED / "alerts.yaml").read_text())
    found = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in board["panels"]
        for target in panel["targets"]
    }
    return found | {rule["alert"]: rule["expr"] for group in rules["groups"] for rule in group["rules"]}


def test_the_dashboard_and_the_alert_rules_name_only_what_is_exported_and_alarm_for_every_part(
    with_token: None,
) -> None:
    Client().get("/sign-in/")
    exported = {name for name, _ in scrape()}
    used: set[str] = set()
    for where, expression in expressions().items():
        names = set(re.findall(r"\boffshelf_\w+", expression))
        assert names, where
        assert names <= exported, where
        assert expression.count("(") == expression.count(")"), where
        used |= names
    helpers = re.compile(r"_(created|sum|count|bucket)$")
    assert {name for name in exported if name.startswith("offshelf_") and not helpers.search(name)} <= used, (
        "nobody sees it"
    )
    rules = " ".join(expressions()[name] for name in expressions() if name.startswith("Offshelf"))
    assert [reading.name for reading in readings.readings() if reading.part and reading.name not in rules] == []


def test_each_label_in_a_rule_has_a_value_that_exists(with_token: None) -> None:
    values: dict[str, set[str]] = {}
    Client().get("/sign-in/")
    for _name, labels in scrape():
        for label, value in labels:
            values.setdefault(label, set()).add(value)
    values["status"] |= {"5xx"}
    for where, expression in expressions().items():
        for label, value in re.findall(r'(\w+)!?="([^"]*)"', expression):
            assert value in values[label], where


def test_every_rule_says_how_urgent_it_is_and_what_it_means() -> None:
    for group in yaml.safe_load((SHIPPED / "alerts.yaml").read_text())["groups"]:
        for rule in group["rules"]:
            assert rule["labels"]["severity"] in {"page", "ticket"}
            assert re.fullmatch(r"\d+[mh]", rule["for"])
            assert rule["annotations"]["summary"].endswith((".", "?"))


def test_each_rule_is_tried_on_a_course_of_its_metrics_before_and_after_it_alarms() -> None:
    """Where promtool is at hand, by Prometheus itself; `make trial` runs it with Debian's."""
    tests = yaml.safe_load((SHIPPED / "alerts_test.yaml").read_text())["tests"]
    tried: dict[str, set[bool]] = {}
    for each in (each for test in tests for each in test["alert_rule_test"]):
        tried.setdefault(each["alertname"], set()).add(bool(each["exp_alerts"]))
    rules = yaml.safe_load((SHIPPED / "alerts.yaml").read_text())["groups"]
    assert tried == {rule["alert"]: {False, True} for group in rules for rule in group["rules"]}
    if (program := shutil.which("promtool")) is not None:
        words = [program, "test", "rules", "alerts_test.yaml"]
        done = subprocess.run(words, cwd=SHIPPED, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stderr
