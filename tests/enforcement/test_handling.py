"""Handling escalations: acknowledge, comment, hand over, resolve; none of this stops the escalation ladder."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.models import Escalation, Takedown
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def escalation(regulator: Organisation, platform_a: Organisation) -> Escalation:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now())
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=timezone.now())
    takedown = services.start_clock(flag=flag)
    Takedown.objects.update(next_step_at=timezone.now())
    services.sweep_escalations()
    return Escalation.objects.get(takedown=takedown)


def test_an_escalation_is_acknowledged_commented_handed_over_and_resolved(
    escalation: Escalation, officer: User, admin: User
) -> None:
    before = Takedown.objects.values("status", "next_step", "next_step_at").get()
    services.acknowledge_escalation(escalation=escalation, note="Mine.", actor=Actor.person(officer))
    escalation.refresh_from_db()
    assert escalation.assigned_to == officer
    services.comment_escalation(escalation=escalation, text="They promised noon.", actor=Actor.person(admin))
    assert Notification.objects.filter(person=officer, body="They promised noon.").exists()
    services.hand_over_escalation(escalation=escalation, to=admin, note="I am away.", actor=Actor.person(officer))
    assert Notification.objects.filter(person=admin, body="I am away.").exists()
    services.resolve_escalation(escalation=escalation, note="Taken down.", actor=Actor.person(admin))
    escalation.refresh_from_db()
    assert (escalation.assigned_to, escalation.resolved_by) == (admin, "Ines Duarte, Product Safety Authority")
    assert list(AuditEvent.objects.filter(subject_type="enforcement.escalation").order_by("pk").values_list("action", flat=True)) == [
        "escalation.raised", "escalation.acknowledged", "escalation.commented", "escalation.handed_over", "escalation.resolved",
    ]  # fmt: skip
    assert Takedown.objects.values("status", "next_step", "next_step_at").get() == before


def test_six_equal_comments_at_once_are_one(escalation: Escalation, officer: User, admin: User) -> None:
    for person in (officer, admin):
        for _press in range(6):
            services.comment_escalation(escalation=escalation, text="They promised noon.", actor=Actor.person(person))
    services.comment_escalation(escalation=escalation, text="They promised one.", actor=Actor.person(officer))
    comments = AuditEvent.objects.filter(action="escalation.commented").order_by("pk")
    assert list(comments.values_list("user", "reason")) == [
        (officer.pk, "They promised noon."), (admin.pk, "They promised noon."), (officer.pk, "They promised one."),
    ]  # fmt: skip


def test_an_impossible_step_is_refused_and_nothing_moves(
    escalation: Escalation, officer: User, moderator_a: User, regulator: Organisation
) -> None:
    before = (Escalation.objects.values().get(), AuditEvent.objects.count(), Notification.objects.count())
    actor = Actor.person(officer)
    stranger = UserFactory(role="regulator_staff", organisation__kind="regulator")
    gone = UserFactory(role="regulator_staff", organisation=regulator, is_active=False)
    for person in (moderator_a, stranger, gone):
        with pytest.raises(ValidationError):
            services.hand_over_escalation(escalation=escalation, to=person, note="", actor=actor)
    with pytest.raises(ValidationError):
        services.comment_escalation(escalation=escalation, text=" ", actor=actor)
    with pytest.raises(ValidationError):
        services.resolve_escalation(escalation=escalation, note=" ", actor=actor)
    with pytest.raises(PermissionDenied):
        services.resolve_escalation(escalation=escalation, note="Done.", actor=Actor.person(moderator_a))
    assert (Escalation.objects.values().get(), AuditEvent.objects.count(), Notification.objects.count()) == before
    services.resolve_escalation(escalation=escalation, note="Done.", actor=actor)
    with pytest.raises(ValidationError, match="already"):
        services.resolve_escalation(escalation=escalation, note="Done again.", actor=actor)


def test_the_page_shows_and_makes_each_step(
    escalation: Escalation, officer: User, admin: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    at = {
        name: reverse(f"enforcement:{name}", args=[escalation.pk])
        for name in ("escalation", "escalation_acknowledge", "escalation_hand_over", "escalation_resolve")
    }
    client = sign_in(officer)
    assert sign_in(moderator_a).post(at["escalation"], {"text": "Me."}).status_code == 200
    assert not AuditEvent.objects.filter(action="escalation.commented").exists()
    assert client.post(at["escalation"], {"text": ""}).status_code == 422
    assert client.post(at["escalation"], {"text": "They promised noon."}).status_code == 302
    assert client.post(at["escalation_acknowledge"], {"note": "Mine."}).status_code == 302
    refused = client.post(at["escalation_hand_over"], {"to": officer.pk})
    assert refused.status_code == 422
    assert "already assigned to Ada Lindqvist" in refused.content.decode()
    assert client.post(at["escalation_hand_over"], {"to": admin.pk}).status_code == 302
    assert client.post(at["escalation_resolve"], {"note": "Taken down."}).status_code == 302
    page = client.get(at["escalation"]).content.decode()
    for words in ("They promised noon.", "Assigned to Ines Duarte", "Resolved by Ada Lindqvist"):
        assert words in page
    assert "Resolved by" in client.get(reverse("enforcement:escalations")).content.decode()


def test_an_escalation_handed_over_to_nobody_stays_and_the_form_keeps_its_text(
    escalation: Escalation, officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    address = reverse("enforcement:escalation_hand_over", args=[escalation.pk])
    before = (Escalation.objects.values().get(), AuditEvent.objects.count(), Notification.objects.count())
    for to in ("", str(moderator_a.pk), "nobody"):
        refused = sign_in(officer).post(address, {"to": to, "note": "They <promised> noon."})
        assert refused.status_code == 422
        page = tight(refused.content.decode())
        assert '<div class="usa-alert usa-alert--error usa-alert--slim" role="alert"' in page
        assert '<a href="#id_to">Assign to: ' in page
        assert "They &lt;promised&gt; noon.</textarea>" in page
    assert (Escalation.objects.values().get(), AuditEvent.objects.count(), Notification.objects.count()) == before
