"""Recalls, notices and imports: the moves, the versions, the three facts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation

from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Organisation, User
from portal.notifications.mail import send_mail_due
from portal.transitions import IllegalTransition
from recalls import services
from recalls.models import Notice, Recall, Sending
from recalls.presenters import shown_terms
from recalls.services import ProductContent, RecallContent
from recalls.services.content import content_of
from recalls.terms import terms_in_words
from tests.factories import TERMS, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
CONTENT = RecallContent(
    title="Heaters Recalled", products=(ProductContent("Tower heaters", "Hearthline", ("HL-200R",)),)
)


@pytest.fixture
def recall(regulator: Organisation) -> Recall:
    return RecallFactory(regulator=regulator)


def test_a_draft_becomes_public_only_through_review(
    regulator: Organisation, officer: User, second_officer: User, as_actor: Callable[[User], Actor]
) -> None:
    actor = as_actor(officer)
    draft = services.create_recall(regulator=regulator, number="26-001", content=CONTENT, actor=actor)
    with pytest.raises(IllegalTransition):
        services.move_recall(recall=draft, to="published", actor=actor)
    services.move_recall(recall=draft, to="in_review", actor=actor)
    services.move_recall(recall=draft, to="published", actor=as_actor(second_officer))
    draft.refresh_from_db()
    assert draft.status == "published"
    assert draft.current is not None
    assert draft.current.published_at is not None
    assert "26001" in draft.search


def test_a_number_is_used_once(recall: Recall, officer: User, as_actor: Callable[[User], Actor]) -> None:
    with pytest.raises(ValidationError, match="already"):
        services.create_recall(
            regulator=recall.regulator, number=recall.number, content=CONTENT, actor=as_actor(officer)
        )
    assert Recall.objects.count() == 1


def test_a_published_version_never_changes(recall: Recall, officer: User, as_actor: Callable[[User], Actor]) -> None:
    assert recall.current is not None
    before = content_of(recall.current)
    with pytest.raises(IllegalTransition, match="cannot change"):
        services.edit_version(version=recall.current, content=CONTENT, actor=as_actor(officer))
    recall.current.refresh_from_db()
    assert content_of(recall.current) == before


def test_a_revision_that_changes_nothing_is_not_published(
    recall: Recall, officer: User, second_officer: User, as_actor: Callable[[User], Actor]
) -> None:
    version = services.revise_recall(recall=recall, actor=as_actor(officer))
    assert services.revise_recall(recall=recall, actor=as_actor(officer)) == version, "there is one revision at a time"
    with pytest.raises(IllegalTransition, match="changes nothing"):
        services.publish_version(version=version, change_note="x", actor=as_actor(second_officer))


def test_a_platform_moderator_writes_no_recalls(
    recall: Recall, moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(PermissionDenied):
        services.revise_recall(recall=recall, actor=as_actor(moderator_a))
    assert recall.versions.count() == 1


def test_sending_names_what_was_left_out_and_why(
    recall: Recall, platform_a: Organisation, platform_b: Organisation, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    draft = RecallFactory(regulator=recall.regulator, status="draft", published_at=None)
    NoticeFactory(recall=recall, platform=platform_b)
    sending = services.send_notices(
        recalls=[recall, draft], platforms=[platform_a, platform_b], terms=dict(TERMS), actor=as_actor(officer)
    )
    assert [notice.platform for notice in sending.notices.all()] == [platform_a]
    assert [(each["platform"], each["why"]) for each in sending.left_out] == [
        ("Market One", f"Recall {recall.number} was already sent to Market One."),
        ("", f"Recall {draft.number} is draft. Publish it first."),
    ]
    event = AuditEvent.objects.get(action="sending.started")
    assert event.after == {"notices": 1, "left_out": 2, "policy": "Within hours"}
    before = Notice.objects.count(), Sending.objects.count()
    with pytest.raises(IllegalTransition, match="None of these"):
        services.send_notices(recalls=[recall], platforms=[platform_a], terms=dict(TERMS), actor=as_actor(officer))
    assert (Notice.objects.count(), Sending.objects.count()) == before


def test_too_many_notices_at_once_are_refused_before_the_first(
    recall: Recall,
    platform_a: Organisation,
    platform_b: Organisation,
    officer: User,
    as_actor: Callable[[User], Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recalls.services.sendings.MAX_NOTICES", 1)
    with pytest.raises(ValidationError, match=r"2 notices\. The maximum is 1"):
        services.send_notices(
            recalls=[recall], platforms=[platform_a, platform_b], terms=dict(TERMS), actor=as_actor(officer)
        )
    assert not Notice.objects.exists()
    assert not Sending.objects.exists()


def test_stopping_a_sending_withdraws_what_is_not_matched_yet(
    recall: Recall,
    platform_a: Organisation,
    platform_b: Organisation,
    officer: User,
    admin: User,
    as_actor: Callable[[User], Actor],
    system: Actor,
) -> None:
    sending = services.send_notices(
        recalls=[recall], platforms=[platform_a, platform_b], terms=dict(TERMS), actor=as_actor(officer)
    )
    matched = sending.notices.get(platform=platform_a)
    services.mark_matched(notice=matched, at=timezone.now(), read=7, flags=0, actor=system)
    with pytest.raises(PermissionDenied):
        services.stop_sending(sending=sending, reason="Wrong policy.", actor=as_actor(admin))
    assert sending.notices.active().count() == 2
    assert services.stop_sending(sending=sending, reason="Wrong policy.", actor=as_actor(officer)) == 1
    assert sending.notices.active().get() == matched
    assert AuditEvent.objects.get(action="notice.withdrawn").reason == "Wrong policy."
    assert services.stop_sending(sending=sending, reason="Again.", actor=as_actor(officer)) == 0


def test_sent_delivered_and_acknowledged_are_three_facts(
    recall: Recall, platform_a: Organisation, officer: User, moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    notice = services.send_notice(recall=recall, platform=platform_a, terms=dict(TERMS), actor=as_actor(officer))
    assert services.confirm_deliveries() == 0, "the mail has not left yet"
    assert send_mail_due() == 1
    assert services.confirm_deliveries() == 1
    notice.refresh_from_db()
    assert notice.delivered_at is not None
    assert notice.acknowledged_at is None
    for _ in range(2):
        services.acknowledge_notice(notice=notice, actor=as_actor(moderator_a))
    notice.refresh_from_db()
    assert notice.acknowledged_by == "Nia Adeyemi, Bazaarly"
    assert AuditEvent.objects.filter(action="notice.acknowledged").count() == 1
    assert Mail.objects.get().to == "safety@bazaarly.example"


def test_a_platform_without_an_address_has_its_notice_when_it_is_in_the_inbox(
    recall: Recall, platform_a: Organisation, officer: User, moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    Organisation.objects.filter(pk=platform_a.pk).update(contact_email="")
    platform_a.refresh_from_db()
    services.send_notice(recall=recall, platform=platform_a, terms=dict(TERMS), actor=as_actor(officer))
    assert services.confirm_deliveries() == 1


def test_withdrawing_a_recall_withdraws_its_notices(
    recall: Recall, platform_a: Organisation, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    notice = services.send_notice(recall=recall, platform=platform_a, terms=dict(TERMS), actor=as_actor(officer))
    with pytest.raises(ValueError, match="needs a reason"):
        services.move_recall(recall=recall, to="withdrawn", actor=as_actor(officer))
    recall.refresh_from_db()
    services.move_recall(recall=recall, to="withdrawn", actor=as_actor(officer), reason="wrong product")
    notice.refresh_from_db()
    assert notice.status == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "6 hours after the notice is sent"),
        ({"amount": 1}, "1 hour after the notice is sent"),
        (
            {"amount": 2, "unit": "working_days", "starts_on": "delivered"},
            (
                "2 working days (US, UTC) after the notice is delivered; "
                "the clock starts no later than 24 hours after sending"
            ),
        ),
        (
            {"begins": "next_working_day", "cut_off": "17:00"},
            (
                "6 hours after the notice is sent, starting on the next working day; "
                "times after 17:00 count as the next working day"
            ),
        ),
    ],
)
def test_terms_are_said_in_words(changes: dict[str, Any], words: str) -> None:
    assert terms_in_words({**TERMS, **changes}) == words
    assert shown_terms({**TERMS, **changes}) == words, "an English page says what the record says"


def test_a_page_in_another_language_says_the_terms_in_it() -> None:
    terms = {
        **TERMS,
        "unit": "working_days",
        "starts_on": "acknowledged",
        "begins": "next_working_day",
        "cut_off": "17:00",
    }
    english = terms_in_words(terms)
    for language in ("de", "es", "zh-hans"):
        with translation.override(language):
            words = shown_terms(terms)
        assert not {"after", "the", "working", "starting", "than"} & set(words.replace(";", " ").split()), words
        assert words != english


def test_findability_rises_with_what_identifies_and_says_what_is_missing() -> None:
    bare = RecallContent(title="Toy Recall", products=(ProductContent("Toy"),))
    full = replace(
        bare,
        products=(ProductContent("Hearthline ceramic tower heater", "Hearthline", ("HL-200R",), ("00012345678905",)),),
        pictures=(("https://x.example/1.jpg", ""),),
    )
    assert bare.findability.score < 20
    assert "listings may not be found" in bare.findability.advice[0]
    assert full.findability.score >= 90
