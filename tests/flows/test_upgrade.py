"""A database that version 0.1 wrote is brought to this version: nothing is lost, nothing sealed changes, the pages open.

Schema and rows come from that version's own programs (version_0_1/), so a change to an old migration cannot hide here.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from enforcement.models import CheckPlan, Takedown
from listings.models import Decision, Exclusion, Flag, Listing, RuleSwitch
from portal import audit
from portal.database import roles
from portal.models import AuditEvent, AuditSeal, Notification, User
from portal.monitoring import probes
from recalls.models import Notice
from tests.instance import Instance, on_the_server
from tests.world import CANARY

HERE = Path(__file__).parent / "version_0_1"
BASELINE = {
    "portal": "0011_exports",
    "recalls": "0004_order_to_send",
    "listings": "0017_overrule_second",
    "enforcement": "0020_broken_looks",
}
"""The newest migrations of 0.1."""
SEALED = (60, "c3c9197405752ae50919b52123aa01cd54118cd2692e38975182a3255921cb18")
"""Position and head of the chain as the worker of 0.1 left it; one more event was waiting for its seal."""
RENAMED = {
    "listings_knowninnocent": "listings_exclusion",
    "listings_savedview": "portal_savedview",
    "enforcement_naming": "enforcement_publiclisting",
}
NO_DATA = {"auth_permission", "django_content_type", "django_migrations", "portal_signinfailure"}
"""What migrations keep by themselves, and the counts of failed sign-ins, which 0.2 counts again in another way."""


def counts() -> dict[str, int]:
    """Rows of every table."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def stored(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    """What 0.1 had stored: rows of every table, and its audit events and seals in the columns of that time."""
    return {}


@pytest.fixture(scope="module")
def upgraded(
    before: dict[str, Any],
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Instance]:
    """A database of 0.1 after `manage.py migrate`, once for all tests of this file."""
    with django_db_blocker.unblock():
        instance = Instance(f"{connection.settings_dict['NAME']}_upgraded", tmp_path_factory.mktemp("upgraded"))
        on_the_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", instance.database)
        on_the_server("CREATE DATABASE {}", instance.database)
        with instance.entered():
            with roles.as_owner(), connection.cursor() as cursor:
                cursor.execute((HERE / "schema.sql").read_text())
                cursor.execute((HERE / "rows.sql").read_text())
                before["counts"] = counts()
                before["newest"] = dict(stored("SELECT app, max(name) FROM django_migrations GROUP BY app"))
                before["log"] = stored(LOG)
            call_command("migrate", verbosity=0)
    yield instance
    with django_db_blocker.unblock():
        connection.close()
        on_the_server("DROP DATABASE {} WITH (FORCE)", instance.database)


LOG = (
    "SELECT e.id, e.at, e.actor_kind, e.actor_label, e.action, e.subject_type, e.subject_id, e.before, e.after, e.reason, "
    "s.position, s.previous_hash, s.digest, s.hash, s.nonce FROM portal_auditevent e "
    "LEFT JOIN portal_auditseal s ON s.event_id = e.id ORDER BY e.id"
)


@pytest.fixture
def instance(upgraded: Instance, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Works in the upgraded database as the application's role; what a test writes is taken back."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(upgraded.entered())
        connection.set_autocommit(False)
        stack.callback(connection.rollback)
        yield


def test_no_row_is_lost_on_the_way_from_the_baseline(before: dict[str, Any], instance: None) -> None:
    assert {app: before["newest"][app] for app in BASELINE} == BASELINE
    assert probes.web_state() == {"database": "ok", "migrations": "ok"}
    now = counts()
    kept = {RENAMED.get(table, table): number for table, number in before["counts"].items() if table not in NO_DATA}
    assert {table: now.get(table) for table in kept} == kept
    filled = "organisation user auditevent auditseal notification mail recall recallversion notice sending listing flag decision "
    filled += "message attachment exclusion takedown observation escalation letter appeal pause extension publiclisting thumbnail"
    assert [name for name in filled.split() if not any(t.endswith(f"_{name}") and n for t, n in kept.items())] == []


def test_the_chain_that_was_sealed_before_is_the_same_and_goes_on(before: dict[str, Any], instance: None) -> None:
    assert stored(LOG) == before["log"], "no event and no seal has changed"
    report = audit.verify_chain()
    assert ((report.events, report.head), report.problem, report.unsealed) == (SEALED, "", 1)
    audit.seal_events()
    report = audit.verify_chain()
    assert (report.events, report.findings) == (SEALED[0] + 1, [])
    assert AuditSeal.objects.get(position=SEALED[0]).sealed_at is None, "0.1 did not keep when it sealed"
    assert roles.problems() == [], "the application cannot change it"


def test_every_takedown_has_its_check_plan_and_its_next_step(instance: None) -> None:
    assert set(CheckPlan.objects.values_list("takedown_id", "platform_id")) == set(
        Takedown.objects.values_list("pk", "platform_id")
    )
    plans = {plan.pk: plan for plan in CheckPlan.objects.all()}
    assert (plans[1].last_verdict, plans[2].last_verdict, plans[3].last_verdict) == ("gone", "unknown", "")
    assert (plans[1].next_at is None, plans[2].unknown_in_a_row) == (False, 1)
    assert (plans[5].attempts, plans[5].error, plans[5].next_at) == (5, "ValueError: bad page", None)
    assert plans[3].next_at is None, "a takedown that was cancelled is not checked"
    assert plans[4].next_at is not None, "open flags are checked from now on"
    lost = Takedown.objects.filter(status__in=["running", "missed"], next_step_at=None, ladder_done=False)
    assert not lost.exists()
    assert Takedown.objects.get(pk=6).next_step_at is not None, "the step that was set aside is due again"
    terms = Notice.objects.get(pk=1).terms
    assert Takedown.objects.get(pk=6).ladder_done is False
    assert Takedown.objects.get(pk=5).ladder_done is True
    assert (terms["checks_needed"], terms["check_interval_seconds"], terms["steps"][3]["step"]) == (2, 3600, 4)


def test_what_was_judged_is_read_under_the_names_of_today(instance: None) -> None:
    signals = {item["signal"] for flag in Flag.objects.all() for item in flag.evidence}
    assert signals == {"same_model", "same_brand", "same_product_type"}
    assert RuleSwitch.objects.get().signal == "misspelled_brand"
    exclusion = Exclusion.objects.get(flag=3)
    assert (exclusion.scope, exclusion.listing.external_id) == ("listing", "L-2")
    assert sorted(Decision.objects.values_list("flag_id", "kind")) == [
        (1, "removed"), (2, "removed"), (3, "not_the_product"), (4, "ask_seller"),
    ]  # fmt: skip
    assert not Decision.objects.filter(kind="not_the_product", finalized_at=None).exists()
    assert not Listing.objects.filter(match_due=False).exists(), "all listings are matched again"
    assert not Listing.objects.exclude(picture_hash="").exists(), "pictures are hashed in another way"
    assert User.objects.get(name="Jonas Brandt").email == "jonas@market-one.example"
    told = Notification.objects.filter(person__name="Li Wen").values_list("organisation__name", flat=True)
    assert list(told) == ["Market One"], "what was told before the move stays with that platform"


def test_the_pages_of_a_case_open_for_both_sides(instance: None) -> None:
    for name in ("Nia Adeyemi", "Ada Lindqvist"):
        client = Client()
        client.force_login(User.objects.get(name=name))
        for number in (1, 2, 3, 4, 5, 7):
            for page in ("listings:flag", "enforcement:takedown"):
                answer = client.get(reverse(page, args=[number]))
                title = CANARY if number == 7 else f"lot {number - 1}"
                assert (answer.status_code, title in answer.content.decode()) == (200, True), (name, page, number)
        for page in (
            "listings:exclusions",
            "enforcement:takedowns",
            "enforcement:escalations",
            "enforcement:letters",
            "portal:notifications",
        ):
            assert client.get(reverse(page)).status_code == 200, (name, page)
    assert client.get(reverse("enforcement:board")).status_code == 200


def test_events_are_found_under_the_action_s_name_of_today(instance: None) -> None:
    assert set(AuditEvent.objects.filter(subject_type="listings.flag", action__startswith="innocent.")) != set()
    client = Client()
    client.force_login(User.objects.get(name="Ines Duarte"))
    found = client.get(reverse("portal:audit"), {"action": "exclusion.added"}).content.decode()
    assert found.count('<th scope="row"') >= 1
    assert "innocent" not in found.lower()
