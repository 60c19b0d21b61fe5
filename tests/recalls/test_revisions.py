"""A correction on its way to its second person: submitted, seen wherever a reviewer looks, and taken back by a change."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from listings.models import DryRun, ReadingCorrection
from listings.services import cancel_dry_run, start_dry_run
from portal.identity.actors import Actor
from portal.models import AuditEvent, LegalHold, Notification, Organisation, User
from portal.transitions import IllegalTransition
from recalls import services
from recalls.models import Product, Recall, RecallFile, RecallVersion
from recalls.services.content import content_of
from tests.factories import NoticeFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
RECALLS, BULK = reverse("recalls:list"), reverse("recalls:bulk")


@pytest.fixture
def version(regulator: Organisation, officer: User) -> RecallVersion:
    """Version 2 of a published recall, with another hazard, written by the officer."""
    recall = RecallFactory(regulator=regulator, number="26-9")
    begun = services.revise_recall(recall=recall, actor=Actor.person(officer))
    return services.edit_version(
        version=begun, content=replace(content_of(begun), hazard="Fire and shock"), actor=Actor.person(officer)
    )


def page_for(client: Client, person: User, address: str) -> str:
    client.force_login(person)
    return tight(client.get(address).content.decode())


def test_a_submitted_version_is_said_in_inbox_list_and_page_to_who_can_approve_it(
    version: RecallVersion, officer: User, second_officer: User, client: Client
) -> None:
    detail = reverse("recalls:detail", args=[version.recall_id])
    client.force_login(officer)
    assert "Submit for review" in page_for(client, officer, detail)
    client.post(reverse("recalls:version_submit", args=[version.recall_id]))
    note = Notification.objects.get()
    assert (note.person, note.link) == (second_officer, reverse("recalls:versions", args=[version.recall_id]))
    assert "Version 2 of recall 26-9 waits for your review" in note.subject
    assert "1 new version waits for your review" in page_for(client, second_officer, RECALLS)
    assert "waits for your review" not in page_for(client, officer, RECALLS), "who wrote it cannot approve it"
    for person in (officer, second_officer):
        assert "Version 2 is in review." in page_for(client, person, f"{RECALLS}?revision=in_review")
        assert "Version 2 has been in review since" in page_for(client, person, detail)
    for person, link in ((officer, "View changes"), (second_officer, "Review and publish changes")):
        assert link in page_for(client, person, detail)
    assert "26-9" not in page_for(client, officer, f"{RECALLS}?revision=draft")
    event = AuditEvent.objects.get(action="recall.version_submitted")
    assert (event.subject_id, event.after) == (str(version.recall_id), {"version": 2})


def test_the_way_on_with_a_correction_comes_before_the_older_versions(
    version: RecallVersion, officer: User, second_officer: User, client: Client
) -> None:
    NoticeFactory(recall=version.recall, version=version.recall.current)
    address = reverse("recalls:versions", args=[version.recall_id])

    def in_order(page: str, *words: str) -> list[int]:
        return [page.index(each) for each in words]

    page = page_for(client, officer, address)
    found = in_order(page, "From version 1 to version 2", "Submit for review", "<caption", "Compare two versions")
    assert found == sorted(found), "what changes, the way on, and only then the list and the choice of two versions"
    assert page.count("From version 1 to version 2") == 1
    client.post(reverse("recalls:version_submit", args=[version.recall_id]))
    page = page_for(client, second_officer, address)
    found = in_order(page, "From version 1 to version 2", "Publish this version", "<caption")
    assert found == sorted(found)
    assert "No flag opens or closes." in page
    assert "0 flags" not in page
    services.publish_version(version=version, change_note="", actor=Actor.person(second_officer))
    page = page_for(client, officer, f"{address}?before=1&after=2")
    found = in_order(page, "<caption", "Compare two versions", "From version 1 to version 2")
    assert found == sorted(found), "without a correction in work, the versions come first"


def test_the_author_reads_who_can_publish_and_the_second_person_who_is_told(
    version: RecallVersion, officer: User, second_officer: User, client: Client
) -> None:
    NoticeFactory(recall=version.recall, version=version.recall.current)
    versions = reverse("recalls:versions", args=[version.recall_id])
    client.force_login(officer)
    client.post(reverse("recalls:version_submit", args=[version.recall_id]))
    page = page_for(client, officer, versions)
    assert "another person must approve it. These people can approve it: Tomas Berg." in page
    assert "Publish version 2" not in page, "not to who cannot"
    client.force_login(second_officer)
    form = client.get(versions).context["form"]
    done = client.post(versions, {"change_note": "One more model.", "seen": form["seen"].value()}, follow=True)
    assert done.redirect_chain == [(versions, 302)]
    said = tight(done.content.decode())
    assert "Version 2 is in force. 1 notice changes to this version, which names nothing new." in said


@pytest.mark.parametrize(
    ("notices", "said"),
    [
        (0, "The recall has no active notice, so no platform is notified."),
        (2, "2 platforms are notified, and their catalogues are matched again."),
    ],
)
def test_publishing_a_version_that_widens_says_how_many_platforms_are_told(
    notices: int, said: str, regulator: Organisation, officer: User, second_officer: User, client: Client
) -> None:
    recall = RecallFactory(regulator=regulator, number="26-9")
    for _ in range(notices):
        NoticeFactory(recall=recall, version=recall.current)
    begun = services.revise_recall(recall=recall, actor=Actor.person(officer))
    product = replace(content_of(begun).products[0], model_numbers=("HL-200R", "HL-250R"))
    services.edit_version(
        version=begun, content=replace(content_of(begun), products=(product,)), actor=Actor.person(officer)
    )
    client.force_login(second_officer)
    versions = reverse("recalls:versions", args=[recall.pk])
    form = client.get(versions).context["form"]
    done = client.post(versions, {"change_note": "One more model.", "seen": form["seen"].value()}, follow=True)
    assert f"Version 2 is in force. {said}" in tight(done.content.decode())
    assert AuditEvent.objects.filter(action="notice.version_widened").count() == notices


def test_the_author_suggests_the_change_note_and_the_second_person_publishes_it_as_it_stands_or_changed(
    version: RecallVersion, officer: User, second_officer: User, client: Client
) -> None:
    versions = reverse("recalls:versions", args=[version.recall_id])
    assert "What changed and why" in page_for(client, officer, versions)
    submit = reverse("recalls:version_submit", args=[version.recall_id])
    refused = client.post(submit, {"change_note": "x" * 10_001}, follow=True).content.decode()
    version.refresh_from_db()
    assert (version.submitted_at, version.change_note) == (None, "")
    assert "at most 10000 characters" in refused
    client.post(submit, {"change_note": "The hazard includes shock."})
    client.force_login(second_officer)
    form = client.get(versions).context["form"]
    suggested = form["change_note"].value()
    assert suggested == "The hazard includes shock."
    client.post(versions, {"change_note": f"{suggested} Found in tests.", "seen": form["seen"].value()})
    version.refresh_from_db()
    assert version.published_at
    assert version.change_note == "The hazard includes shock. Found in tests."


def test_a_change_takes_the_version_back_to_draft(version: RecallVersion, officer: User) -> None:
    actor = Actor.person(officer)
    services.submit_version(version=version, actor=actor)
    with pytest.raises(IllegalTransition, match="already in review"):
        services.submit_version(version=version, actor=actor)
    services.edit_version(version=version, content=replace(content_of(version), hazard="Shock"), actor=actor)
    version.refresh_from_db()
    assert version.submitted_at is None
    services.submit_version(version=version, actor=actor)
    assert Notification.objects.count() == 0, "nobody else works here"


def test_what_changes_nothing_or_is_another_sides_is_not_submitted(
    version: RecallVersion, officer: User, moderator_a: User, client: Client
) -> None:
    same = services.revise_recall(recall=RecallFactory(regulator=officer.organisation), actor=Actor.person(officer))
    with pytest.raises(IllegalTransition, match="changes nothing"):
        services.submit_version(version=same, actor=Actor.person(officer))
    NoticeFactory(recall=version.recall, platform=moderator_a.organisation)
    with pytest.raises(PermissionDenied):
        services.submit_version(version=version, actor=Actor.person(moderator_a))
    client.force_login(moderator_a)
    assert client.post(reverse("recalls:version_submit", args=[version.recall_id])).status_code == 403
    assert "in review" not in page_for(client, moderator_a, f"{RECALLS}?revision=in_review")
    assert not RecallVersion.objects.exclude(submitted_at=None).exists()


def test_several_are_submitted_at_once_and_each_has_its_own_outcome(
    version: RecallVersion, regulator: Organisation, officer: User, client: Client
) -> None:
    draft = RecallFactory(regulator=regulator, number="26-1", status="draft", published_at=None)
    plain = RecallFactory(regulator=regulator, number="26-2")
    foreign = RecallFactory(number="X-1", status="draft", published_at=None)
    chosen = {"recall": [draft.pk, plain.pk, version.recall_id, foreign.pk]}
    client.force_login(officer)
    asked = tight(client.get(BULK, chosen).content.decode())
    assert "Submit 3 recalls for review" in asked
    assert Recall.objects.get(pk=draft.pk).status == "draft", "nothing happens before it is confirmed"
    done = tight(client.post(BULK, chosen).content.decode())
    assert "2 recalls are submitted for review." in done
    assert "There is no new version to submit. Correct the recall first." in done
    assert "1 selected recall is left out" in done
    assert [Recall.objects.get(pk=row.pk).status for row in (draft, plain, foreign)] == [
        "in_review",
        "published",
        "draft",
    ]
    assert RecallVersion.objects.get(pk=version.pk).submitted_at is not None
    again = tight(client.post(BULK, chosen).content.decode())
    assert "0 recalls are submitted" in again


def test_a_number_that_is_none_is_a_bad_request(officer: User, client: Client) -> None:
    client.force_login(officer)
    assert client.get(BULK, {"recall": "²"}).status_code == 400


def moved(version: RecallVersion) -> tuple[object, ...]:
    """What a refused discard must leave as it is."""
    return (
        list(RecallVersion.objects.filter(recall=version.recall_id).order_by("pk").values()),
        list(Product.objects.filter(version__recall=version.recall_id).order_by("pk").values()),
        AuditEvent.objects.count(),
        Notification.objects.count(),
    )


def test_a_new_version_is_discarded_after_a_confirmation_and_the_one_in_force_stays(
    version: RecallVersion, officer: User, second_officer: User, client: Client
) -> None:
    recall, why = version.recall, "The first version was right."
    services.submit_version(version=version, actor=Actor.person(officer))
    detail, discard = (reverse(f"recalls:{name}", args=[recall.pk]) for name in ("detail", "version_discard"))
    for name in ("detail", "versions", "edit"):
        assert f'href="{discard}"' in page_for(client, second_officer, reverse(f"recalls:{name}", args=[recall.pk])), (
            name
        )
    before = moved(version)
    assert "Discard version 2 of recall 26-9" in page_for(client, second_officer, discard)
    assert client.post(discard, {"reason": " "}).status_code == 422
    assert moved(version) == before
    page = client.post(discard, {"reason": why}, follow=True)
    assert page.redirect_chain == [(detail, 302)]
    assert "Version 2 is discarded." in tight(page.content.decode())
    assert "Correct this recall" in tight(page.content.decode())
    assert [(row.version, row.hazard) for row in recall.versions.all()] == [(1, recall.current.hazard)]
    event = AuditEvent.objects.get(action="recall.version_discarded")
    assert (event.reason, event.before["version"], event.before["hazard"]) == (why, 2, "Fire and shock")
    assert (event.after["version"], event.after["hazard"]) == (1, recall.current.hazard)
    told = Notification.objects.get(subject__contains="was discarded")
    assert (told.person, why in told.body) == (officer, True)


def test_the_correction_after_a_discarded_one_says_nothing_of_how_that_was_returned(
    version: RecallVersion, officer: User, second_officer: User
) -> None:
    services.submit_version(version=version, actor=Actor.person(officer))
    services.return_version(version=version, reason="One word.", actor=Actor.person(second_officer))
    assert services.returned(version) is not None
    services.discard_version(version=version, reason="Not needed.", actor=Actor.person(officer))
    again = services.revise_recall(recall=version.recall, actor=Actor.person(officer))
    assert (again.version, again.hazard) == (2, version.recall.current.hazard)
    assert services.returned(again) is None


def test_nobody_else_discards_it_and_no_version_that_is_or_was_in_force(
    version: RecallVersion, officer: User, moderator_a: User, client: Client
) -> None:
    draft = RecallFactory(regulator=version.recall.regulator, status="draft")
    before = moved(version)
    with pytest.raises(PermissionDenied):
        services.discard_version(version=version, reason="No.", actor=Actor.person(moderator_a))
    with pytest.raises(ValidationError):
        services.discard_version(version=version, reason=" ", actor=Actor.person(officer))
    for other in (version.recall.current, draft.current):
        with pytest.raises(IllegalTransition):
            services.discard_version(version=other, reason="No.", actor=Actor.person(officer))
    client.force_login(moderator_a)
    address = reverse("recalls:version_discard", args=[version.recall_id])
    assert client.post(address, {"reason": "No."}).status_code == 403
    assert moved(version) == before


def test_a_legal_hold_keeps_a_version_and_the_files_of_its_recall(
    version: RecallVersion, officer: User, second_officer: User
) -> None:
    file = services.add_file(
        recall=version.recall, file=ContentFile(b"Recall 26-9", name="notice.txt"), kind="notice", title="The notice",
        actor=Actor.person(officer),
    )  # fmt: skip
    LegalHold.objects.create(
        subject_type="recalls.recall", subject_id=version.recall_id, reason="A lawsuit", placed_by=second_officer
    )
    before = moved(version)
    with pytest.raises(IllegalTransition, match="legal hold"):
        services.discard_version(version=version, reason="No.", actor=Actor.person(officer))
    with pytest.raises(IllegalTransition, match="legal hold"):
        services.remove_file(file=file, actor=Actor.person(officer))
    assert moved(version) == before
    assert services.file_content(RecallFile.objects.get(pk=file.pk)) == b"Recall 26-9"
    LegalHold.objects.update(released_at=timezone.now())
    services.remove_file(file=file, actor=Actor.person(officer))
    services.discard_version(version=version, reason="Not needed.", actor=Actor.person(officer))
    assert not RecallFile.objects.exists()
    assert version.recall.versions.count() == 1


def test_a_discarded_version_takes_its_dry_runs_and_corrected_facts_along_unless_one_is_under_way(
    version: RecallVersion, officer: User, platform_a: Organisation
) -> None:
    actor = Actor.person(officer)
    run = start_dry_run(version=version, actor=actor)
    ReadingCorrection.objects.create(version=version, content={}, made_by="Ada")
    before = moved(version)
    with pytest.raises(IllegalTransition, match="under way"):
        services.discard_version(version=version, reason="Not needed.", actor=actor)
    assert moved(version) == before
    assert DryRun.objects.filter(pk=run.pk).exists()
    cancel_dry_run(run=run, actor=actor)
    services.discard_version(version=version, reason="Not needed.", actor=actor)
    assert not DryRun.objects.exists()
    assert not ReadingCorrection.objects.exists()
