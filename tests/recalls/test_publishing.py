"""From a draft to what platforms see: the second person, the embargo, cancelling and withdrawing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings import services as listings
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from portal.transitions import IllegalTransition
from recalls import services
from recalls.models import Recall
from recalls.services import ProductContent, RecallContent, publishing
from tests.factories import TERMS, NoticeFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
CONTENT = RecallContent(
    title="Heaters Recalled", products=(ProductContent("Tower heaters", "Hearthline", ("HL-200R",)),)
)


@pytest.fixture
def submitted(regulator: Organisation, officer: User, second_officer: User) -> Recall:
    """Written and submitted by the officer; the second officer can approve it."""
    recall = services.create_recall(regulator=regulator, number="26-1", content=CONTENT, actor=Actor.person(officer))
    return services.move_recall(recall=recall, to="in_review", actor=Actor.person(officer))


def status_of(recall: Recall) -> tuple[str, bool, bool]:
    """Its state, whether its version is in force, and whether an embargo has an end."""
    recall.refresh_from_db()
    return recall.status, recall.versions.get().published_at is not None, recall.publish_at is not None


def test_who_wrote_it_cannot_approve_it(submitted: Recall, officer: User, second_officer: User, admin: User) -> None:
    for person in (officer, admin):
        with pytest.raises(PermissionDenied):
            services.move_recall(recall=submitted, to="published", actor=Actor.person(person))
        with pytest.raises(PermissionDenied):
            services.embargo_recall(
                recall=submitted, until=timezone.now() + timedelta(days=1), actor=Actor.person(person)
            )
    assert status_of(submitted) == ("in_review", False, False)
    assert [note.person for note in Notification.objects.all()] == [second_officer], "who can approve it is told"
    services.move_recall(recall=submitted, to="published", actor=Actor.person(second_officer))
    assert status_of(submitted) == ("published", True, False)


def test_who_changed_it_is_one_who_wrote_it(submitted: Recall, officer: User, second_officer: User) -> None:
    second = Actor.person(second_officer)
    services.move_recall(recall=submitted, to="draft", actor=second, reason="The model number is wrong.")
    services.edit_version(version=submitted.versions.get(), content=replace(CONTENT, hazard="Fire"), actor=second)
    services.move_recall(recall=submitted, to="in_review", actor=second)
    with pytest.raises(PermissionDenied, match="Someone who did not write"):
        services.move_recall(recall=submitted, to="published", actor=second)
    assert status_of(submitted) == ("in_review", False, False)


def test_a_corrected_reading_counts_as_writing(regulator: Organisation, officer: User, second_officer: User) -> None:
    recall = services.create_recall(regulator=regulator, number="26-2", content=CONTENT, actor=Actor.person(officer))
    version = recall.versions.get()
    facts = listings.facts_of(listings.read_version(version)) | {"models": ["HL-300R"]}
    listings.correct_reading(version=version, facts=facts, actor=Actor.person(second_officer))
    services.move_recall(recall=recall, to="in_review", actor=Actor.person(officer))
    with pytest.raises(PermissionDenied):
        services.move_recall(recall=recall, to="published", actor=Actor.person(second_officer))
    with pytest.raises(IllegalTransition, match="in review"):
        listings.correct_reading(version=version, facts=facts, actor=Actor.person(officer))


def test_what_is_reviewed_or_approved_does_not_change(submitted: Recall, officer: User, second_officer: User) -> None:
    version = submitted.versions.get()
    edited = replace(CONTENT, hazard="Fire")
    with pytest.raises(IllegalTransition, match="in review"):
        services.edit_version(version=version, content=edited, actor=Actor.person(officer))
    services.embargo_recall(
        recall=submitted, until=timezone.now() + timedelta(days=1), actor=Actor.person(second_officer)
    )
    with pytest.raises(IllegalTransition, match="embargoed"):
        services.edit_version(version=version, content=edited, actor=Actor.person(officer))
    version.refresh_from_db()
    assert version.hazard == ""


def test_a_revision_needs_a_second_person_too(submitted: Recall, officer: User, second_officer: User) -> None:
    services.move_recall(recall=submitted, to="published", actor=Actor.person(second_officer))
    version = services.revise_recall(recall=submitted, actor=Actor.person(officer))
    services.edit_version(version=version, content=replace(CONTENT, hazard="Fire"), actor=Actor.person(officer))
    with pytest.raises(PermissionDenied):
        services.publish_version(version=version, change_note="Hazard", actor=Actor.person(officer))
    services.publish_version(version=version, change_note="Hazard", actor=Actor.person(second_officer))
    submitted.refresh_from_db()
    assert submitted.current == version


def test_an_embargoed_recall_is_published_when_its_moment_comes_and_not_before(
    submitted: Recall, officer: User, second_officer: User, platform_a: Organisation, moderator_a: User
) -> None:
    until = timezone.now() + timedelta(hours=2)
    services.embargo_recall(recall=submitted, until=until, actor=Actor.person(second_officer))
    assert services.publish_embargoed_due() == 0
    NoticeFactory(recall=submitted, platform=platform_a)  # even if one stood on the list, no one there would see it
    assert not Recall.objects.visible_to(Actor.person(moderator_a)).exists()
    with pytest.raises(IllegalTransition, match="None of these"):
        services.send_notices(
            recalls=[submitted], platforms=[platform_a], terms=dict(TERMS), actor=Actor.person(officer)
        )
    assert status_of(submitted) == ("embargoed", False, True)
    Recall.objects.filter(pk=submitted.pk).update(publish_at=timezone.now())
    assert (services.publish_embargoed_due(), services.publish_embargoed_due()) == (1, 0)
    assert status_of(submitted) == ("published", True, False)
    assert Recall.objects.visible_to(Actor.person(moderator_a)).get() == submitted
    told = AuditEvent.objects.filter(subject_label="Recall 26-1").order_by("id").values_list("action", flat=True)
    assert list(told) == ["recall.created", "recall.submitted", "recall.embargoed", "recall.published"]
    assert "its embargo is over" in Notification.objects.filter(person=officer).latest("pk").subject


def test_a_recall_that_cannot_be_published_holds_up_no_other_and_its_page_says_why(
    submitted: Recall,
    regulator: Organisation,
    officer: User,
    second_officer: User,
    sign_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = services.create_recall(regulator=regulator, number="26-3", content=CONTENT, actor=Actor.person(officer))
    services.move_recall(recall=other, to="in_review", actor=Actor.person(officer))
    for minutes, recall in ((2, submitted), (1, other)):
        until = timezone.now() + timedelta(hours=1)
        services.embargo_recall(recall=recall, until=until, actor=Actor.person(second_officer))
        Recall.objects.filter(pk=recall.pk).update(publish_at=timezone.now() - timedelta(minutes=minutes))
    notify = publishing.notify

    def broken(**told: Any) -> None:
        if told["subject"].startswith("Recall 26-1 is published"):
            raise RuntimeError("The inbox is full.")
        notify(**told)

    monkeypatch.setattr(publishing, "notify", broken)
    assert (services.publish_embargoed_due(), services.publish_embargoed_due()) == (1, 0)
    assert status_of(other) == ("published", True, False)
    assert status_of(submitted) == ("embargoed", False, True), "nothing of it happened"
    assert "recall 26-1 could not be published; it is tried again" in caplog.text
    failures = AuditEvent.objects.filter(action="recall.publication_failed")
    assert [event.reason for event in failures] == ["RuntimeError: The inbox is full."], (
        "once, however often it is tried"
    )
    told = Notification.objects.filter(subject__startswith="Recall 26-1 could not be published")
    assert {note.person for note in told} == {officer, second_officer}
    page = sign_in(second_officer).get(reverse("recalls:detail", args=[submitted.pk])).content.decode()
    assert "The embargo has ended, but the recall could not be published." in page
    assert '<span lang="en" dir="ltr">RuntimeError: The inbox is full.</span>' in page
    monkeypatch.setattr(publishing, "notify", notify)
    assert services.publish_embargoed_due() == 1
    assert status_of(submitted) == ("published", True, False)
    page = sign_in(second_officer).get(reverse("recalls:detail", args=[submitted.pk])).content.decode()
    assert "Its embargo is over" not in page


def test_an_embargo_is_lifted_by_a_person_or_cancelled_with_a_reason(
    submitted: Recall, officer: User, second_officer: User
) -> None:
    second, until = Actor.person(second_officer), timezone.now() + timedelta(hours=2)
    services.embargo_recall(recall=submitted, until=until, actor=second)
    with pytest.raises(ValueError, match="needs a reason"):
        services.move_recall(recall=submitted, to="draft", actor=second)
    services.move_recall(recall=submitted, to="draft", actor=second, reason="The firm found more units.")
    assert status_of(submitted) == ("draft", False, False)
    assert services.publish_embargoed_due() == 0
    services.move_recall(recall=submitted, to="in_review", actor=Actor.person(officer))
    services.embargo_recall(recall=submitted, until=until, actor=second)
    services.move_recall(recall=submitted, to="published", actor=Actor.person(officer))
    assert status_of(submitted) == ("published", True, False)


def test_the_end_of_an_embargo_is_in_the_next_year(submitted: Recall, second_officer: User) -> None:
    for days, detail in ((-1, "has passed"), (400, "more than a year")):
        with pytest.raises(ValidationError, match=detail):
            services.embargo_recall(
                recall=submitted, until=timezone.now() + timedelta(days=days), actor=Actor.person(second_officer)
            )
    with pytest.raises(IllegalTransition, match="Enter when the embargo ends"):
        services.move_recall(recall=submitted, to="embargoed", actor=Actor.person(second_officer))
    assert status_of(submitted) == ("in_review", False, False)


def test_the_pages_say_who_approves_and_when_an_embargo_ends(
    submitted: Recall, officer: User, second_officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    detail = reverse("recalls:detail", args=[submitted.pk])
    embargo = reverse("recalls:move", args=[submitted.pk, "embargoed"])
    page = tight(sign_in(officer).get(detail).content.decode())
    assert (
        "You wrote part of this recall, so another person must approve it. These people can approve it: Tomas Berg."
        in page
    )
    assert "Approve under embargo" not in page
    assert sign_in(officer).post(embargo, {"publish_at": "2099-01-01T10:00"}).status_code == 422
    reviewer = sign_in(second_officer)
    assert "You can publish it or approve it under embargo" in reviewer.get(detail).content.decode()
    read = {"seen": services.seen_text(submitted.versions.get())}
    assert "In your time zone, America/New_York" in reviewer.get(embargo, read).content.decode()
    assert "has passed" in reviewer.post(embargo, {**read, "publish_at": "2020-01-01T10:00"}).content.decode()
    local = timezone.localtime(timezone=second_officer.zone) + timedelta(days=2)
    until = {**read, "publish_at": f"{local:%Y-%m-%dT%H:%M}"}
    assert sign_in(officer).post(embargo, until).status_code == 403
    assert reviewer.post(embargo, until).status_code == 302
    submitted.refresh_from_db()
    assert submitted.publish_at == local.replace(second=0, microsecond=0)
    page = reviewer.get(detail).content.decode()
    assert "(America/New_York)." in page
    for offered in ("Publish now", "Cancel embargo"):
        assert offered in page
    assert sign_in(moderator_a).get(detail).status_code == 404


def test_withdrawing_asks_for_a_reason_and_says_what_follows(
    submitted: Recall, second_officer: User, sign_in: Callable[[User], Client]
) -> None:
    services.move_recall(recall=submitted, to="published", actor=Actor.person(second_officer))
    client, address = sign_in(second_officer), reverse("recalls:move", args=[submitted.pk, "withdrawn"])
    assert "their clocks stop" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert status_of(submitted)[0] == "published"
    assert client.post(address, {"reason": "The wrong product."}).status_code == 302
    assert status_of(submitted)[0] == "withdrawn"
