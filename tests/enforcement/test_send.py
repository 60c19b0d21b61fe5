"""Sending: from a list or a filter, previewed first, followed at one address."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from enforcement import rules
from enforcement.models import Policy
from listings import services as listings
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls import services as recalls
from recalls.models import Notice, Recall, Sending
from tests.factories import TERMS, ListingFactory, NoticeFactory, PolicyFactory, RecallFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
SEND = reverse("enforcement:send")
THURSDAY = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)  # before Good Friday and Easter Monday


@pytest.fixture
def policy(regulator: Organisation) -> Policy:
    return PolicyFactory(regulator=regulator, name="Within hours")


@pytest.fixture
def pair(regulator: Organisation) -> list[Recall]:
    return [RecallFactory(regulator=regulator, number=number) for number in ("26001", "26002")]


@pytest.fixture
def given(policy: Policy, pair: list[Recall], platform_a: Organisation, platform_b: Organisation) -> dict[str, Any]:
    """What the page sends for both recalls to both platforms."""
    return {
        "recall": [row.pk for row in pair],
        "platforms": [platform_a.pk, platform_b.pk],
        "policy": policy.pk,
        "message": "Urgent.",
    }


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_the_preview_sends_nothing_and_says_what_would_go_where_and_what_is_left_out(
    given: dict[str, Any],
    pair: list[Recall],
    platform_b: Organisation,
    regulator: Organisation,
    officer: User,
    sign_in: Callable[[User], Client],
) -> None:
    draft = RecallFactory(regulator=regulator, number="26003", status="draft", published_at=None)
    NoticeFactory(recall=pair[0], platform=platform_b)
    page = sign_in(officer).post(SEND, {**given, "recall": [*given["recall"], draft.pk], "step": "preview"})
    shown = tight(text(page))
    assert page.status_code == 200
    assert "3 notices to 2 platforms under Within hours" in shown
    assert "Bazaarly: 2 notices" in shown
    assert "Market One: 1 notice<" in shown
    assert "Recall 26001 was already sent to Market One." in shown
    assert shown.count("Recall 26003 is draft. Publish it first.") == 1
    for moment in ("Notice sent", ">Deadline<", "Reminder to moderators", "America/New_York", "Asia/Shanghai"):
        assert moment in shown
    assert Notice.objects.count() == 1
    assert not Sending.objects.exists()


def test_the_preview_speaks_german_and_marks_what_services_say_as_english(
    given: dict[str, Any], pair: list[Recall], platform_b: Organisation, officer: User,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    officer.language = "de"
    officer.save(update_fields=["language"])
    NoticeFactory(recall=pair[0], platform=platform_b)
    with time_machine.travel(THURSDAY, tick=False):
        shown = tight(text(sign_in(officer).post(SEND, {**given, "step": "preview"})))
    assert "3 Mitteilungen an 2 Plattformen, Richtlinie: Within hours" in shown
    assert "Market One: 1 Mitteilung<" in shown
    for words in (">Frist<", "Erinnerung an die Moderation", ">Erinnerung<", "Do, 02. Apr 2026, 05:00"):
        assert words in shown, words
    assert "<li>Rückruf 26001 wurde bereits an Market One gesendet.</li>" in shown
    assert not Sending.objects.exists()


def test_sending_leads_to_a_page_that_follows_the_matching_to_its_result(
    given: dict[str, Any], platform_a: Organisation, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    ListingFactory(platform=platform_a, keys=[], match_due=True)
    while listings.match_listings_due(platform_id=platform_a.pk):
        pass
    answer = client.post(SEND, {**given, "step": "send"})
    sending = Sending.objects.get()
    address = reverse("enforcement:send_progress", args=[sending.pk])
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "0 of 4 notices, 0 listings read, 0 flags found" in text(client.get(address))
    assert "Withdraw unmatched notices" in text(client.get(address))
    for notice in sending.notices.filter(platform=platform_a):
        listings.match_notice(notice=notice)
    part = client.get(address, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "2 of 4 notices, 2 listings read, 2 flags found" in text(part)
    for notice in sending.notices.all():
        listings.match_notice(notice=notice)
    done = client.get(address, headers={"HX-Request": "true"})
    assert done.status_code == 286, "the page stops asking"
    assert "hx-get" not in text(done)
    assert "4 of 4 notices" in text(done)
    flags = f"{reverse('enforcement:takedowns')}?sending={sending.pk}&amp;platform={platform_a.pk}"
    assert flags in text(done)
    behind = client.get(flags.replace("&amp;", "&"))
    assert len(behind.context["page"].rows) == 2
    board = client.get(f"{reverse('enforcement:board')}?sending={sending.pk}&platform={platform_a.pk}")
    assert {row.sending_id for row in board.context["page"].rows} == {sending.pk}
    assert len(board.context["page"].rows) == 2


def test_all_that_match_a_filter_go_only_after_a_confirmation_of_their_own(
    given: dict[str, Any], regulator: Organisation, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    RecallFactory(regulator=regulator, number="26777", title="Kettles Recalled")
    assert "Send all 2 published recalls that match" in text(client.get(f"{reverse('recalls:list')}?q=heater"))
    chosen = client.get(f"{SEND}?all=yes&q=heater").context["selected"]
    assert sorted(row.number for row in chosen) == ["26001", "26002"]
    every = {**given, "all": "yes"}
    assert "Yes, send all 2 recalls" in text(client.post(SEND, {**every, "step": "preview"}))
    refused = client.post(SEND, {**every, "step": "send"})
    assert refused.status_code == 422
    assert "Confirm that you want to send all matching recalls" in text(refused)
    assert not Notice.objects.exists()
    assert client.post(SEND, {**every, "step": "send", "sure": "on"}).status_code == 302
    assert Notice.objects.count() == 4


def test_a_filter_that_finds_too_many_says_how_many_are_left(
    pair: list[Recall], officer: User, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enforcement.oversight.views.sending.MAX_COUNT", 1)
    shown = text(sign_in(officer).get(f"{SEND}?all=yes"))
    assert "1 more match. Maximum 1 at a time" in shown


def test_where_nothing_is_left_to_send_the_page_says_why(
    given: dict[str, Any],
    pair: list[Recall],
    platform_a: Organisation,
    officer: User,
    sign_in: Callable[[User], Client],
) -> None:
    NoticeFactory(recall=pair[0], platform=platform_a)
    again = {**given, "recall": [pair[0].pk], "platforms": [platform_a.pk], "step": "send"}
    page = sign_in(officer).post(SEND, again)
    assert page.status_code == 422
    assert "Recall 26001 was already sent to Bazaarly." in text(page)
    assert sign_in(officer).post(SEND, {**again, "recall": ["x"]}).status_code == 400
    assert Notice.objects.count() == 1


def test_the_newest_recalls_are_offered_first_and_the_latest_sendings_named(
    given: dict[str, Any], pair: list[Recall], regulator: Organisation, officer: User, sign_in: Callable[[User], Client]
) -> None:
    days = {pair[0]: date(2026, 3, 1), pair[1]: date(1973, 5, 1)}
    for recall, day in days.items():
        Recall.objects.filter(pk=recall.pk).update(recalled_on=day)
    urgent = RecallFactory(regulator=regulator, number="19001")
    Recall.objects.filter(pk=urgent.pk).update(priority="urgent", recalled_on=date(1990, 1, 1))
    client = sign_in(officer)
    for month, recall in ((3, pair[0]), (1, pair[1]), (2, urgent)):
        sending = recalls.send_notices(
            recalls=[recall], platforms=list(Organisation.objects.platforms()[:1]), terms=TERMS, message="",
            actor=Actor.person(officer),
        )  # fmt: skip
        Sending.objects.filter(pk=sending.pk).update(sent_at=datetime(2026, month, 5, 9, 0, tzinfo=UTC))
    page = tight(text(client.get(SEND)))
    assert page.index("19001") < page.index("26001") < page.index("26002")
    lately = page[page.index("Recently sent") :]
    assert lately.index("05 Mar 2026") < lately.index("05 Feb 2026") < lately.index("05 Jan 2026")


def test_finding_more_recalls_keeps_what_was_chosen(
    given: dict[str, Any],
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    sign_in: Callable[[User], Client],
) -> None:
    kettle = RecallFactory(regulator=regulator, number="26777", title="Kettles Recalled")
    page = sign_in(officer).post(SEND, {**given, "step": "find", "find": "kettle"})
    assert page.status_code == 200
    assert list(page.context["offered"]) == [kettle]
    assert len(page.context["selected"]) == 2
    assert f'value="{platform_a.pk}" id="id_platforms_0" checked' in text(page)
    assert "Urgent." in text(page)


def test_the_rest_of_a_sending_can_be_stopped_with_a_reason(
    given: dict[str, Any], officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    client.post(SEND, {**given, "step": "send"})
    sending = Sending.objects.get()
    address = reverse("enforcement:send_stop", args=[sending.pk])
    assert "Notices not matched yet: 4." in text(client.get(address))
    assert client.post(address, {"reason": ""}).status_code == 422
    assert sending.notices.active().count() == 4
    client.post(address, {"reason": "The wrong policy."})
    assert not sending.notices.active().exists()
    assert all(listings.match_notice(notice=notice) == 0 for notice in sending.notices.all())
    shown = text(client.get(reverse("enforcement:send_progress", args=[sending.pk])))
    assert "2 withdrawn" in shown
    assert "Withdraw unmatched notices" not in shown


def test_another_regulator_finds_neither_the_recalls_nor_the_sending(
    given: dict[str, Any],
    pair: list[Recall],
    platform_a: Organisation,
    officer: User,
    moderator_a: User,
    as_actor: Callable[[User], object],
    sign_in: Callable[[User], Client],
) -> None:
    sending = recalls.send_notices(recalls=pair, platforms=[platform_a], terms=dict(TERMS), actor=as_actor(officer))
    other = UserFactory(
        role="regulator_staff", organisation__kind="regulator", organisation__name="Elsewhere Authority"
    )
    foreign = {**given, "policy": PolicyFactory(regulator=other.organisation).pk, "step": "send"}
    assert sign_in(other).post(SEND, foreign).status_code == 422
    for name in ("send_progress", "send_stop"):
        address = reverse(f"enforcement:{name}", args=[sending.pk])
        assert sign_in(other).post(address, {"reason": "x"}).status_code == 404
        assert sign_in(moderator_a).get(address).status_code == 403
    assert sending.notices.active().count() == Notice.objects.count() == 2
    assert not sign_in(moderator_a).get(reverse("recalls:list")).context["matching"]


@time_machine.travel(THURSDAY, tick=False)
def test_the_preview_explains_the_working_days_and_a_late_acknowledgement(
    given: dict[str, Any], policy: Policy, officer: User, sign_in: Callable[[User], Client]
) -> None:
    Policy.objects.filter(pk=policy.pk).update(
        amount=2, unit="working_days", country="DE", time_zone="Europe/Berlin", starts_on="acknowledged"
    )
    shown = text(sign_in(officer).post(SEND, {**given, "step": "preview"}))
    for words in (
        "Good Friday",
        "Easter Monday",
        "weekend",
        "Clock starts even without acknowledgement",
        "If that does not happen in time",
    ):
        assert words in shown, words


def test_counted_days_end_on_the_day_that_is_due() -> None:
    terms = rules.Terms.from_json(
        {**TERMS, "amount": 2, "unit": "working_days", "country": "DE", "time_zone": "Europe/Berlin"}
    )
    days = rules.counted_days(terms, THURSDAY)
    assert [(each.day.day, each.number) for each in days] == [(2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 1), (8, 2)]
    assert rules.due_at(terms, THURSDAY)[0] == datetime(2026, 4, 8, 22, tzinfo=UTC)
    assert days[-1].day == date(2026, 4, 8)
    assert rules.counted_days(rules.Terms.from_json(TERMS), THURSDAY) == []


def test_a_policy_is_offered_with_its_time_where_its_name_says_another(
    officer: User, sign_in: Callable[[User], Client]
) -> None:
    policy = PolicyFactory(regulator=officer.organisation, name="Priority: 6 hours", amount=6, unit="hours")
    client = sign_in(officer)
    assert ">Priority: 6 hours</option>" in client.get(SEND).content.decode()
    Policy.objects.filter(pk=policy.pk).update(amount=24)
    assert ">Priority: 6 hours (24 hours)</option>" in client.get(SEND).content.decode()
