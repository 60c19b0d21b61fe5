"""The API gives links and passes answers on; no key speaks as the seller without the seller's link."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from enforcement.models import Appeal
from listings.models import Decision, Flag, Message, SellerLink
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, KeptAnswer, Organisation, User
from tests.enforcement.sellers import flag_at, handed_over, state
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(regulator: Organisation, platform_a: Organisation) -> Flag:
    return flag_at(platform_a, "26001", "Hearthline HL-200R heater", regulator)


def key_of(manager: User) -> str:
    _, secret = api_keys.create_key(
        organisation=manager.organisation, name="Feed", scopes=["flags"], days=1, actor=Actor.person(manager)
    )
    return secret


def call(secret: str, path: str, data: object = None, **headers: str) -> Any:
    client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}", **headers)
    if data is None:
        return client.get(f"/api/v1/{path}")
    return client.post(f"/api/v1/{path}", json.dumps(data), content_type="application/json")


def test_a_key_gives_a_link_whose_address_is_answered_once(flag: Flag, manager_a: User) -> None:
    secret, path = key_of(manager_a), f"flags/{flag.pk}/seller-links"
    first = call(secret, path, {}, HTTP_IDEMPOTENCY_KEY="one")
    again = call(secret, path, {}, HTTP_IDEMPOTENCY_KEY="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert "/seller/open/" in first.json()["url"]
    assert again.json() == {**first.json(), "url": None}
    assert SellerLink.objects.count() == KeptAnswer.objects.count() == 1
    mailed = call(secret, path, {"address": "shop@example.com", "language": "zh-hans"}).json()
    assert (mailed["url"], mailed["state"], mailed["language"]) == (None, "waiting", "zh-hans")
    listed = call(secret, path)
    assert [row["id"] for row in listed.json()["results"]] == [mailed["id"], first.json()["id"]]
    assert "/seller/open/" not in listed.content.decode()
    revoked = call(secret, f"seller-links/{mailed['id']}/revoke", {})
    assert (revoked.status_code, revoked.json()["state"]) == (200, "closed")
    assert call(secret, f"seller-links/{mailed['id']}").json()["state"] == "closed"


def test_an_answer_is_passed_on_with_the_token_and_says_by_whom(flag: Flag, moderator_a: User, manager_a: User) -> None:
    given, secret = handed_over(flag, moderator_a), key_of(manager_a)
    path = f"/api/v1/flags/{flag.pk}/seller-answers"
    label = SimpleUploadedFile("label.txt", b"HL-300")
    fields = {"token": given.token, "act": "contest", "text": "It is the HL-300.", "name": "Zoe", "attachments": label}
    answer = Client(HTTP_AUTHORIZATION=f"Bearer {secret}").post(path, fields)
    assert answer.status_code == 201, answer.content
    assert answer.json()["seller"]["act"] == "contest"
    assert answer.json()["seller"]["passed_on_by"].startswith("Feed (")
    message = Message.objects.get()
    assert "handed over, passed on by Feed (" in message.actor_label
    assert AuditEvent.objects.get(action="message.posted").actor_kind == "api"
    assert (Appeal.objects.get().origin, message.attachments.get().name) == ("link", "label.txt")
    shown = call(secret, f"flags/{flag.pk}/messages").json()["results"][0]
    assert shown["seller"] == {"link": given.link.pk, "act": "contest", "name": "Zoe",
                               "passed_on_by": answer.json()["seller"]["passed_on_by"]}  # fmt: skip


def test_without_the_links_token_nothing_is_said_as_the_seller(
    flag: Flag, moderator_a: User, manager_a: User, regulator: Organisation, platform_a: Organisation
) -> None:
    secret, other = key_of(manager_a), flag_at(platform_a, "26002", "Another heater", regulator)
    before, path = state(), f"flags/{flag.pk}/seller-answers"
    answer = {"act": "answer", "text": "I am the seller."}
    for token in ({}, {"token": ""}, {"token": f"1-{'0' * 64}"}, {"token": handed_over(other, moderator_a).token}):
        refused = call(secret, path, answer | token)
        assert (refused.status_code, "token" in refused.content.decode()) == (422, True), token
    assert state() == before


def test_an_appeal_for_the_seller_without_a_link_says_that_it_was_passed_on(flag: Flag, manager_a: User) -> None:
    answer = call(key_of(manager_a), f"takedowns/{flag.pk}/appeal", {"side": "seller", "text": "They say it is not."})
    assert answer.status_code == 201
    appeal = answer.json()["appeals"][0]
    assert (appeal["side"], appeal["origin"]) == ("seller", "passed_on")
    assert appeal["made_by"].startswith("Feed (")
    assert AuditEvent.objects.get(action="appeal.made").after["origin"] == "passed_on"


def test_a_key_writes_the_question_and_its_note_stays_inside(flag: Flag, manager_a: User) -> None:
    body = {"kind": "ask_seller", "question": "Which lot is it?", "note": "third time", "seen": "open:0"}
    assert call(key_of(manager_a), f"flags/{flag.pk}/decide", body).status_code == 200
    decision = Decision.objects.get()
    assert (decision.question, decision.note) == ("Which lot is it?", "third time")


def test_a_key_of_another_platform_finds_no_link_and_passes_nothing_on(
    flag: Flag, moderator_a: User, platform_b: Organisation
) -> None:
    given = handed_over(flag, moderator_a)
    secret = key_of(UserFactory(role="platform_manager", organisation=platform_b))
    before = state()
    answer = {"token": given.token, "act": "answer", "text": "I am the seller."}
    for path, data in (
        (f"flags/{flag.pk}/seller-links", None), (f"flags/{flag.pk}/seller-links", {}), (f"seller-links/{given.link.pk}", None),
        (f"seller-links/{given.link.pk}/revoke", {}), (f"flags/{flag.pk}/seller-answers", answer),
    ):  # fmt: skip
        assert call(secret, path, data).status_code == 404, path
    assert state() == before
    assert SellerLink.objects.get().closed_at is None


def test_many_flags_are_asked_about_at_once_and_the_note_is_no_question(flag: Flag, manager_a: User) -> None:
    body = {"kind": "ask_seller", "note": "INTERNAL", "flags": [{"flag": flag.pk, "seen": "open:0"}]}
    answer = call(key_of(manager_a), "flags/bulk/decide", body)
    assert [row["result"] for row in answer.json()["results"]] == ["done"]
    decision = Decision.objects.get()
    assert (decision.note, "INTERNAL" in decision.question, "label" in decision.question) == ("INTERNAL", False, True)


def test_a_regulators_key_speaks_for_no_seller_even_with_the_token(
    flag: Flag, moderator_a: User, officer: User
) -> None:
    given = handed_over(flag, moderator_a)
    _, secret = api_keys.create_key(
        organisation=officer.organisation, name="Desk", scopes=["oversight:write"], days=1, actor=Actor.person(officer)
    )
    before = state()
    answer = {"token": given.token, "act": "contest", "text": "I am the seller."}
    assert call(secret, f"flags/{flag.pk}/seller-answers", answer).status_code == 403
    assert call(secret, f"flags/{flag.pk}/seller-links", {}).status_code == 403
    assert call(secret, f"seller-links/{given.link.pk}/revoke", {}).status_code == 403
    assert state() == before
    assert call(secret, f"seller-links/{given.link.pk}").json()["state"] == "handed_over"
    made = call(secret, f"takedowns/{flag.pk}/appeal", {"side": "seller", "text": "The seller told us."})
    assert (made.status_code, made.json()["appeals"][0]["origin"]) == (201, "passed_on")
    assert Appeal.objects.get().made_by_user_id == officer.pk


def test_messages_since_a_time_are_listed_with_whose_they_are(flag: Flag, moderator_a: User, manager_a: User) -> None:
    given, secret = handed_over(flag, moderator_a), key_of(manager_a)
    sent = {"token": given.token, "act": "answer", "text": "It is lot 7."}
    assert call(secret, f"flags/{flag.pk}/seller-answers", sent).status_code == 201
    path = f"flags/{flag.pk}/messages?updated_since="
    assert [row["seller"]["act"] for row in call(secret, f"{path}2020-01-01T00:00:00Z").json()["results"]] == ["answer"]
    assert call(secret, f"{path}2999-01-01T00:00:00Z").json()["results"] == []
