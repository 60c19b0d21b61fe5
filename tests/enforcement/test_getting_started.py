"""Getting started: the first tasks of each role, marked as done from existing data; the sample mark; policy previews."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from enforcement import services
from enforcement.models import CalendarDay, Heartbeat, Policy, Takedown
from listings.models import CatalogueImport, Decision
from listings.services import claim_flag
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import FlagFactory, NoticeFactory, PolicyFactory, RecallFactory

pytestmark = pytest.mark.django_db


def done(person: User) -> list[bool]:
    return [step.done for step in services.getting_started(person=person, actor=Actor.person(person))]


def test_a_moderators_steps_are_ticked_off_one_by_one_and_then_the_queue_comes_first(
    moderator_a: User, second_moderator_a: User, platform_a: Organisation, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(moderator_a)
    assert client.get("/")["Location"] == "/getting-started/"
    notice = NoticeFactory(platform=platform_a, acknowledged_at=timezone.now())
    flag = FlagFactory(notice=notice)
    assert done(moderator_a) == [True, False, False, False]
    claim_flag(flag=flag, actor=Actor.person(moderator_a))
    Decision.objects.create(flag=flag, kind="removed", actor_label="Nia", user=moderator_a, score=0.9)
    assert done(moderator_a) == [True, True, True, False]
    assert done(second_moderator_a) == [True, False, False, False], "claiming and deciding everybody does once"
    takedown = services.start_clock(flag=flag)
    Takedown.objects.filter(pk=takedown.pk).update(status="met", met_at=timezone.now())
    assert done(moderator_a) == [True] * 4
    assert client.get("/")["Location"] == "/queue/"
    assert "All steps are done" in client.get("/getting-started/").content.decode()


def test_hidden_steps_stay_away_from_the_first_page_of_this_person_alone(
    moderator_a: User, second_moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(moderator_a)
    assert "Hide these steps" in client.get("/getting-started/").content.decode()
    assert client.post("/getting-started/")["Location"] == "/"
    assert client.get("/")["Location"] == "/queue/"
    page = client.get("/getting-started/").content.decode()
    assert "Acknowledge a notice" in page
    assert "Hide these steps" not in page
    assert sign_in(second_moderator_a).get("/")["Location"] == "/getting-started/"


def test_each_role_has_its_own_steps_and_they_are_read_from_what_there_is(
    officer: User, manager_a: User, admin: User, operator: User, regulator: Organisation, platform_a: Organisation
) -> None:
    assert done(officer) == [False] * 4
    assert done(manager_a) == [False] * 3
    assert done(admin) == [True, False, False]
    assert done(operator) == [True, True, False]
    recall = RecallFactory(regulator=regulator, status="draft", published_at=None)
    assert done(officer) == [True, False, False, False]
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    assert recall.pk
    assert done(officer) == [True, True, True, False]
    CatalogueImport.objects.create(platform=platform_a, kind="full", filename="f.csv", status="done")
    api_keys.create_key(organisation=platform_a, name="K", scopes=["notices"], days=1, actor=Actor.person(manager_a))
    assert done(manager_a) == [True, True, False]
    PolicyFactory(regulator=regulator)
    CalendarDay.objects.create(
        regulator=regulator, country="US", day=timezone.localdate(), kind="closed", name="Own day"
    )
    Heartbeat.objects.create(name="clocks", beat_at=timezone.now())
    assert done(admin) == done(operator) == [True] * 3


def test_another_platforms_deeds_tick_off_nothing(
    moderator_a: User, moderator_b: User, platform_a: Organisation
) -> None:
    NoticeFactory(platform=platform_a, acknowledged_at=timezone.now())
    assert done(moderator_a)[0]
    assert not any(done(moderator_b))


def test_sample_data_is_marked_on_every_page_where_it_was_loaded_and_nowhere_else(
    officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    for loaded in (False, True):
        with override_settings(SAMPLE_DATA=loaded):
            for reader, page in ((client, "/recalls/"), (client, "/account/"), (Client(), "/sign-in/")):
                assert ("Sample data</span>" in reader.get(page).content.decode()) is loaded


@pytest.fixture
def typed() -> dict[str, str]:
    return {
        "name": "Within a working day", "amount": "1", "unit": "working_days", "starts_on": "sent", "start_latest_hours_0": "24", "start_latest_hours_1": "hours",
        "begins": "at_once", "country": "US", "time_zone": "America/New_York", "repeat_after": "0", "repeat_amount": "0",
        "steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "0", "steps-0-kind": "reminder", "steps-0-amount": "2",
        "steps-0-unit": "hours", "steps-0-when": "before", "steps-1-kind": "missed", "steps-1-unit": "hours", "steps-1-when": "at",
        "checks_needed": "2", "check_interval_seconds_0": "1", "check_interval_seconds_1": "hours", "rescans": "1 h, 2 h",
        "history_after": "1", "history_rescans": "90 min, 3 d", "is_active": "on",
    }  # fmt: skip


def test_a_policy_is_tried_with_an_example_before_it_is_saved(
    admin: User, regulator: Organisation, sign_in: Callable[[User], Client], typed: dict[str, str]
) -> None:
    policy = PolicyFactory(regulator=regulator, name="Six hours")
    with time_machine.travel(datetime(2026, 3, 6, 20, tzinfo=UTC), tick=False):  # a Friday
        client = sign_in(admin)
        for address in ("/policies/add/", f"/policies/{policy.pk}/"):
            page = client.post(address, typed | {"preview": "yes"})
            assert page.status_code == 200
            said = page.content.decode()
            assert "06 Mar 2026, 10:00 EST</time>, the deadline would be <time" in said
            assert "end of Mon 9 Mar 2026 EDT</time>: end of working day 1 (US)" in said
        wrong = client.post("/policies/add/", typed | {"steps-1-kind": "", "preview": "yes"})
        assert (wrong.status_code, "Add the step" in wrong.content.decode()) == (422, True)
        assert list(Policy.objects.values_list("name", flat=True)) == ["Six hours"]
        assert client.post("/policies/add/", typed)["Location"].startswith("/policies/?saved=")
    assert Policy.objects.filter(name="Within a working day").exists()
