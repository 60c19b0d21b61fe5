"""What a second person approves is what they read: a text that changed after its page was opened is approved by nobody."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.transitions import LostRace
from recalls import services
from recalls.models import Recall, RecallReject, RecallVersion
from recalls.services import ProductContent, RecallContent
from recalls.services.content import content_of, write_content
from tests.factories import RecallFactory
from tests.recalls.publishers.test_cpsc import record

pytestmark = pytest.mark.django_db
CONTENT = RecallContent(
    title="Heaters Recalled", products=(ProductContent("Tower heaters", "Hearthline", ("HL-200R",)),)
)
COMPETITORS = replace(CONTENT, products=(ProductContent("Desk fan", "Competitor", ("CF-1",)),))


@pytest.fixture
def submitted(regulator: Organisation, officer: User) -> Recall:
    """Written and submitted by the officer; the second officer can approve it."""
    recall = services.create_recall(regulator=regulator, number="26-1", content=CONTENT, actor=Actor.person(officer))
    return services.move_recall(recall=recall, to="in_review", actor=Actor.person(officer))


def swapped(recall: Recall, officer: User, content: RecallContent = COMPETITORS) -> None:
    """Its author takes it back, writes something else into it and submits it again."""
    recall.refresh_from_db()
    actor = Actor.person(officer)
    services.move_recall(recall=recall, to="draft", actor=actor, reason="A typing error.")
    services.edit_version(version=recall.versions.get(), content=content, actor=actor)
    services.move_recall(recall=recall, to="in_review", actor=actor)


def seen_in(page: str) -> str:
    """Which text a page says that it shows."""
    found = re.search(r'name="seen"\s+value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("to", ["published", "embargoed"])
def test_a_text_that_its_author_swapped_after_the_reviewer_opened_it_is_not_approved(
    submitted: Recall, officer: User, second_officer: User, sign_in: Callable[[User], Client], to: str
) -> None:
    reviewer, move = sign_in(second_officer), reverse("recalls:move", args=[submitted.pk, to])
    until = timezone.localtime(timezone=second_officer.zone) + timedelta(days=2)
    read = seen_in(reviewer.get(reverse("recalls:detail", args=[submitted.pk])).content.decode())
    asked = reviewer.get(move, {"seen": read}).content.decode()
    assert seen_in(asked) == read, "the page that asks carries on which text was read"
    swapped(submitted, officer)
    answer = {"seen": read, "publish_at": f"{until:%Y-%m-%dT%H:%M}"}
    refused = reviewer.post(move, answer)
    assert refused.status_code == 409
    assert "Recall 26-1 was changed after you opened it" in refused.content.decode()
    submitted.refresh_from_db()
    assert (submitted.status, submitted.versions.get().published_at) == ("in_review", None)
    again = seen_in(reviewer.get(reverse("recalls:detail", args=[submitted.pk])).content.decode())
    assert reviewer.post(move, {**answer, "seen": again}).status_code == 302
    submitted.refresh_from_db()
    assert submitted.status == to


def test_nothing_is_approved_by_who_was_shown_nothing(
    submitted: Recall, second_officer: User, sign_in: Callable[[User], Client]
) -> None:
    reviewer, move = sign_in(second_officer), reverse("recalls:move", args=[submitted.pk, "published"])
    detail = reverse("recalls:detail", args=[submitted.pk])
    assert reviewer.get(move)["Location"] == detail, "it is read first"
    assert reviewer.post(move, {"reason": ""}).status_code == 409
    submitted.refresh_from_db()
    assert submitted.status == "in_review"


def test_of_two_who_approve_it_at_once_the_second_is_told_so(submitted: Recall, second_officer: User) -> None:
    actor, until = Actor.person(second_officer), timezone.now() + timedelta(days=2)
    services.move_recall(recall=Recall.objects.get(), to="published", actor=actor)
    for approve in (
        lambda: services.move_recall(recall=submitted, to="published", actor=actor),
        lambda: services.embargo_recall(recall=submitted, until=until, actor=actor),
    ):
        with pytest.raises(LostRace, match="is no longer in review"):
            approve()
        submitted.status = "in_review"  # as their page remembers it
    assert Recall.objects.get().status == "published"


def test_what_matching_does_not_read_is_part_of_what_was_read(submitted: Recall) -> None:
    version = submitted.versions.get()
    texts = {services.seen_text(version)}
    for changes in ({"url": "https://agency.example/1"}, {"pictures": (("https://agency.example/1.png", "Label"),)}):
        write_content(version, replace(content_of(version), **changes))
        texts.add(services.seen_text(RecallVersion.objects.get(pk=version.pk)))
    assert len(texts) == 3


def test_a_correction_that_changed_after_its_reviewer_opened_it_is_not_put_in_force(
    regulator: Organisation, officer: User, second_officer: User, sign_in: Callable[[User], Client]
) -> None:
    recall, actor = RecallFactory(regulator=regulator, number="26-9"), Actor.person(officer)
    version = services.revise_recall(recall=recall, actor=actor)
    services.edit_version(version=version, content=replace(content_of(version), hazard="Shock"), actor=actor)
    services.submit_version(version=version, actor=actor)
    reviewer, versions = sign_in(second_officer), reverse("recalls:versions", args=[recall.pk])
    read = seen_in(reviewer.get(versions).content.decode())
    version = RecallVersion.objects.get(pk=version.pk)
    services.edit_version(version=version, content=replace(content_of(version), hazard="None"), actor=actor)
    for seen in (read, ""):
        refused = reviewer.post(versions, {"change_note": "The hazard.", "seen": seen})
        assert refused.status_code == 409
    version.refresh_from_db()
    assert version.published_at is None
    again = seen_in(reviewer.get(versions).content.decode())
    assert reviewer.post(versions, {"change_note": "The hazard.", "seen": again}).status_code == 302
    version.refresh_from_db()
    assert version.published_at is not None


def test_an_approved_import_publishes_nothing_that_was_changed_after_it_was_submitted(
    regulator: Organisation, officer: User, second_officer: User
) -> None:
    actor, records = Actor.person(officer), [record(RecallNumber="1"), record(RecallNumber="2")]
    file = ContentFile(json.dumps(records).encode(), "r.json")
    job = services.start_recall_import(regulator=regulator, file=file, filename="r.json", actor=actor)
    job = services.run_recall_import(job)
    services.confirm_recall_import(job=job, publish=True, actor=actor)
    job = services.run_recall_import(job)
    assert job.status == "review"
    swapped(Recall.objects.get(number="1"), officer, COMPETITORS)
    services.approve_recall_import(job=job, actor=Actor.person(second_officer))
    services.run_recall_import(job)
    assert dict(Recall.objects.values_list("number", "status")) == {"1": "in_review", "2": "published"}
    assert "changed after the import was submitted" in RecallReject.objects.get(job=job, number="1").reason
