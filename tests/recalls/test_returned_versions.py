"""A version that its reviewer returns comes back with the reason and who returned it, until it is submitted again."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from portal import audit
from portal.identity.actors import Actor
from portal.models import Notification, Organisation, User
from portal.transitions import IllegalTransition
from recalls import services
from recalls.models import Recall, RecallVersion
from recalls.services.content import content_of
from tests.factories import FlagFactory, NoticeFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
WHY = "The model number of the fan is missing."


@pytest.fixture
def recall(regulator: Organisation) -> Recall:
    return RecallFactory(regulator=regulator, number="26-9")


@pytest.fixture
def version(recall: Recall, officer: User) -> RecallVersion:
    """The next version of the recall, submitted by Ada."""
    actor = Actor.person(officer)
    begun = services.revise_recall(recall=recall, actor=actor)
    begun = services.edit_version(version=begun, content=replace(content_of(begun), hazard="Burns"), actor=actor)
    return services.submit_version(version=begun, actor=actor)


def test_the_author_sees_who_returned_it_and_why_in_inbox_list_and_editor(
    recall: Recall, version: RecallVersion, officer: User, second_officer: User, client: Client
) -> None:
    client.force_login(second_officer)
    assert "Return with a reason" in tight(client.get(reverse("recalls:versions", args=[recall.pk])).content.decode())
    address = reverse("recalls:version_return", args=[recall.pk])
    assert client.post(address, {"reason": " "}).status_code == 422
    client.post(address, {"reason": WHY})
    version.refresh_from_db()
    assert version.submitted_at is None
    event = audit.events_about(recall).get(action="recall.version_returned")
    assert (event.reason, event.after["version"]) == (WHY, 2)
    told = Notification.objects.get(person=officer, subject__contains="was returned")
    assert WHY in told.body
    client.force_login(officer)
    pages = ("recalls:edit", "recalls:versions", "recalls:detail")
    for page in (*(reverse(name, args=[recall.pk]) for name in pages), reverse("recalls:list")):
        shown = tight(client.get(page).content.decode())
        assert WHY in shown, page
        assert second_officer.name in shown, page
    services.submit_version(version=version, actor=Actor.person(officer))
    version.refresh_from_db()
    assert services.returned(version) is None
    assert "Returned by" not in tight(client.get(reverse("recalls:list")).content.decode())


def test_a_draft_that_was_returned_says_so_too(
    regulator: Organisation, officer: User, second_officer: User, client: Client
) -> None:
    recall = RecallFactory(regulator=regulator, status="draft", number="26-10")
    recall.current.writers.add(officer)
    services.move_recall(recall=recall, to="in_review", actor=Actor.person(officer))
    services.move_recall(recall=recall, to="draft", reason=WHY, actor=Actor.person(second_officer))
    client.force_login(officer)
    assert WHY in tight(client.get(reverse("recalls:edit", args=[recall.pk])).content.decode())


def test_only_what_is_in_review_is_returned_with_a_reason_by_who_may_review(
    version: RecallVersion, officer: User, second_officer: User, moderator_a: User
) -> None:
    with pytest.raises(ValidationError):
        services.return_version(version=version, reason=" ", actor=Actor.person(second_officer))
    with pytest.raises(PermissionDenied):
        services.return_version(version=version, reason=WHY, actor=Actor.person(moderator_a))
    version.refresh_from_db()
    assert version.submitted_at is not None
    services.return_version(version=version, reason=WHY, actor=Actor.person(second_officer))
    with pytest.raises(IllegalTransition):
        services.return_version(version=version, reason=WHY, actor=Actor.person(second_officer))
    assert audit.events_about(version.recall).filter(action="recall.version_returned").count() == 1


def test_a_new_version_says_so_on_the_flag_and_in_the_queue_and_to_no_platform(
    recall: Recall, version: RecallVersion, platform_a: Organisation, officer: User, moderator_a: User, client: Client
) -> None:
    flag = FlagFactory(notice=NoticeFactory(recall=recall, platform=platform_a), due_at=recall.published_at)
    pages = (reverse("listings:flag", args=[flag.pk]), f"{reverse('listings:queue')}?view=all")
    client.force_login(officer)
    for page in pages:
        assert "A new version of this recall waits for review." in tight(client.get(page).content.decode())
    assert "New version waits for review" in tight(client.get(pages[1]).content.decode())
    RecallVersion.objects.filter(pk=version.pk).update(submitted_at=None)
    assert "A new version of this recall is being written." in tight(client.get(pages[0]).content.decode())
    client.force_login(moderator_a)
    for page in pages:
        assert "new version" not in tight(client.get(page).content.decode()).lower()
