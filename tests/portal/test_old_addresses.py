"""Addresses and names of before: what was bookmarked, sent or sealed under them is found under those of today."""

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from enforcement.services import history_of
from portal.audit.words import FIRST_NAMES, WORDS, event_words
from portal.audit_filter import AuditFilter
from portal.env import Env
from portal.identity import access
from portal.identity.actors import Actor
from portal.models import AuditEvent, User
from portal.old_addresses import MOVED
from portal.subjects import FIRST_KINDS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/innocents/?state=all&q=a%20b", "/exclusions/?state=all&q=a%20b"),
        ("/innocents/7/withdraw/", "/exclusions/7/withdraw/"),
        ("/dead-letters/", "/failed-jobs/"),
        ("/first-steps/", "/getting-started/"),
        ("/watchdog/", "/deadline-monitor/"),
        ("/namings/3/agree/", "/public-listings/3/agree/"),
        ("/named/", "/late-platforms/"),
        ("/board/wall/", "/board/wallboard/"),
        ("/takedowns/12/look/", "/takedowns/12/record-check/"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_earlier_address_leads_on_for_good_and_takes_a_form_along(
    old: str, new: str, method: str, client: Client
) -> None:
    answer = getattr(client, method)(old)
    assert (answer.status_code, answer.headers["Location"]) == (308, new)
    assert access.rule_for(resolve(new.partition("?")[0]).view_name), "the new address has a rule of its own"


def test_every_earlier_address_is_gone_and_leads_to_one_that_is_there() -> None:
    for old, new in MOVED.items():
        with pytest.raises(Resolver404):
            resolve(old.replace("([0-9]+)", "1"))
        assert resolve(new.replace("\\1", "1")).view_name


@pytest.mark.parametrize("path", ["/innocents//evil.example/", "/named/http://evil.example/", "/innocents/%0d%0aX: y"])
def test_an_earlier_address_never_leads_to_another_site(path: str, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 404 or answer.headers["Location"].startswith(("/exclusions/", "/late-platforms/"))


@pytest.mark.parametrize(("first", "today"), sorted(FIRST_NAMES.items()))
def test_an_event_sealed_under_an_earlier_name_reads_like_one_of_today(first: str, today: str, db: None) -> None:
    AuditEvent.objects.create(
        actor_kind="system", actor_label="old", action=first, subject_type="x.y", subject_id="1", subject_label=""
    )
    assert today in WORDS
    assert first not in WORDS, "nothing is recorded under it any more"
    assert event_words(first) == event_words(today)
    for typed in (today, event_words(today)):
        assert AuditFilter({"action": typed}, AuditEvent.objects.all()).qs.count() == 1


@pytest.mark.parametrize(("today", "first"), [(today, name) for today, names in FIRST_KINDS.items() for name in names])
def test_the_history_of_an_object_has_what_was_sealed_of_it_under_its_earlier_kind(
    today: str, first: str, admin: User
) -> None:
    for kind in (first, today, "listings.flag"):
        AuditEvent.objects.create(
            at=timezone.now(),
            actor_kind="system",
            actor_label="x",
            action="x.y",
            subject_type=kind,
            subject_id="91",
            subject_label="",
        )
    for asked in (first, today):
        found = history_of(kind=asked, pk="91", actor=Actor.person(admin)).values_list("subject_type", flat=True)
        assert set(found) == {first, today}


def test_a_setting_under_its_earlier_name_still_counts_and_says_that_it_is_to_be_renamed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    read = Env({"LOOK_THREADS": "3"}).integer("CHECK_THREADS", 8, low=1, high=64, formerly="LOOK_THREADS")
    assert read == 3
    assert "LOOK_THREADS is the earlier name of CHECK_THREADS" in caplog.text


def test_a_setting_under_both_names_counts_under_that_of_today(caplog: pytest.LogCaptureFixture) -> None:
    both = Env({"LOOK_THREADS": "3", "CHECK_THREADS": "5"})
    assert both.integer("CHECK_THREADS", 8, low=1, high=64, formerly="LOOK_THREADS") == 5
    assert not caplog.text
