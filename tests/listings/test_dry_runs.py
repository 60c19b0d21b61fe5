"""A recall against the catalogues before it is sent: counted, shown to the regulator alone, and nothing flagged."""

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from listings import services
from listings.models import DryRun, Flag
from listings.services import dry_runs
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, Organisation, User
from portal.transitions import IllegalTransition, LostRace
from recalls import services as recalls
from recalls.models import Recall
from recalls.services.content import content_of
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(regulator: Organisation) -> Recall:
    return RecallFactory(regulator=regulator, number="26-7", status="draft", published_at=None)


@pytest.fixture
def catalogues(platform_a: Organisation, platform_b: Organisation) -> None:
    """Twelve of the heaters at Bazaarly, one of another kind; at Market One none, and one that waits to be matched."""
    for number in range(12):
        ListingFactory(platform=platform_a, external_id=f"H-{number}", match_due=True)
    ListingFactory(platform=platform_a, title="Hearthline HL-900 fan", match_due=True)
    while services.match_listings_due(platform_id=platform_a.pk):
        pass
    ListingFactory(platform=platform_b, match_due=True)


def start(recall: Recall, person: User) -> DryRun:
    assert recall.current is not None
    return services.start_dry_run(version=recall.current, actor=Actor.person(person))


@pytest.mark.usefixtures("catalogues")
def test_a_draft_is_counted_against_every_catalogue_and_nothing_is_flagged(
    draft: Recall, officer: User, platform_a: Organisation, platform_b: Organisation
) -> None:
    run = services.run_dry_run(start(draft, officer))
    here, there = run.results.get(platform=platform_a), run.results.get(platform=platform_b)
    assert (run.status, run.progress) == ("done", 100)
    assert (here.to_flag, here.already, here.excluded, len(here.samples)) == (12, 0, 0, dry_runs.SAMPLES)
    assert here.compared >= 12
    assert (there.to_flag, there.to_ask, there.not_matched_yet, there.samples) == (0, 0, 1, [])
    sample = here.samples[0]
    assert sample["title"] == "Hearthline HL-200R ceramic tower heater 1500 W"
    assert any("HL-200R" in item["says"] for item in sample["evidence"])
    assert not Flag.objects.exists()
    assert not Notification.objects.exists()
    assert not Mail.objects.exists()
    events = AuditEvent.objects.order_by("id").values_list("action", "organisation")
    assert list(events) == [("dry_run.queued", None), ("dry_run.started", None), ("dry_run.done", None)]


@pytest.mark.usefixtures("catalogues")
def test_what_is_flagged_already_and_what_is_excluded_is_told_apart(
    regulator: Organisation, officer: User, platform_a: Organisation
) -> None:
    recall = RecallFactory(regulator=regulator)
    notice = NoticeFactory(recall=recall, platform=platform_a)
    first, second = platform_a.listings.filter(external_id__in=["H-1", "H-2"]).order_by("external_id")
    FlagFactory(notice=notice, listing=first)
    with patch.object(dry_runs, "weigh", wraps=dry_runs.weigh) as weigh:
        weigh.side_effect = lambda **given: None if given["listing"] == second else given["match"]
        run = services.run_dry_run(start(recall, officer))
    result = run.results.get(platform=platform_a)
    assert (result.to_flag, result.already, result.excluded) == (11, 1, 1)
    assert Flag.objects.count() == 1


def test_the_samples_are_the_strongest_and_the_weakest_matches(draft: Recall) -> None:
    found = dry_runs._Found()
    for number in (*range(30, 60), *range(30)):
        match = dry_runs.Match("26-7", "x", 0, number / 100, "flag", ())
        found.add(dry_runs._Hit(ListingFactory.build(pk=number, platform=None), match, already=False))
    assert [hit.listing.pk for hit in found.strongest] == [59, 58, 57, 56, 55]
    assert [hit.listing.pk for hit in found.weakest] == [4, 3, 2, 1, 0]
    assert found.counts["to_flag"] == 60


def test_one_run_of_a_version_is_under_way_at_a_time(draft: Recall, officer: User) -> None:
    run = start(draft, officer)
    assert start(draft, officer) == run
    services.run_dry_run(run)
    assert start(draft, officer) != run


@pytest.mark.usefixtures("catalogues")
def test_a_run_that_broke_off_is_taken_up_and_one_that_is_cancelled_stops(
    draft: Recall, officer: User, platform_a: Organisation
) -> None:
    run = start(draft, officer)
    with patch.object(dry_runs, "read_version", side_effect=MemoryError), pytest.raises(MemoryError):
        services.run_dry_run(run)
    run.refresh_from_db()
    assert run.status == "running"

    def cancel(*_given: object) -> list[int]:
        services.cancel_dry_run(run=DryRun.objects.get(pk=run.pk), actor=Actor.person(officer))
        return []

    with patch.object(dry_runs, "ids_sharing_a_key", side_effect=cancel), pytest.raises(LostRace):
        services.run_dry_run(run)
    run.refresh_from_db()
    assert (run.status, run.results.filter(done_at=None).count()) == ("cancelled", 2)
    assert services.run_dry_run(run).status == "cancelled", "what is over is not taken up"


def test_a_run_stops_when_the_text_was_edited_since(draft: Recall, officer: User, platform_a: Organisation) -> None:
    run = start(draft, officer)
    assert draft.current is not None
    content = replace(content_of(draft.current), hazard="Another hazard")
    recalls.edit_version(version=draft.current, content=content, actor=Actor.person(officer))
    assert services.run_dry_run(run).status == "failed"
    assert "edited since the dry run started" in run.error


def test_only_the_recalls_own_regulator_makes_dry_runs(
    draft: Recall, officer: User, admin: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    stranger = UserFactory(role="regulator_staff", organisation__kind="regulator")
    for person in (admin, moderator_a, stranger):
        with pytest.raises(PermissionDenied):
            start(draft, person)
    assert not DryRun.objects.exists()
    run = start(draft, officer)
    addresses = [reverse("listings:dry_runs", args=[draft.pk])]
    addresses += [reverse(f"listings:dry_run{name}", args=[run.pk]) for name in ("", "_progress", "_cancel")]
    for person, status in ((admin, 403), (moderator_a, 403), (stranger, 404)):
        client = sign_in(person)
        assert [client.post(address).status_code for address in addresses] == [status] * 4, person
    assert not DryRun.objects.visible_to(Actor.person(moderator_a)).exists()
    run.refresh_from_db()
    assert run.status == "queued"
    Recall.objects.filter(pk=draft.pk).update(status="withdrawn")
    draft.refresh_from_db()
    with pytest.raises(IllegalTransition, match="withdrawn"):
        start(draft, officer)


@pytest.mark.usefixtures("catalogues")
def test_the_pages_start_a_run_follow_it_and_show_what_it_found(
    draft: Recall, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(officer), reverse("listings:dry_runs", args=[draft.pk])
    assert address in client.get(reverse("recalls:detail", args=[draft.pk])).content.decode()
    assert "No dry runs yet" in client.get(address).content.decode()
    page = client.post(address)["Location"]
    waiting = tight(client.get(page).content.decode())
    assert "You can leave this page" in waiting
    assert "0 of 2 platforms searched. 0 listings found." in waiting
    assert client.get(f"{page}progress/").status_code == 200
    services.run_dry_run(DryRun.objects.get())
    assert client.get(f"{page}progress/").status_code == 286, "it is over, so the page stops asking"
    shown = tight(client.get(page).content.decode())
    assert "2 of 2 platforms searched. 12 listings found." in shown
    assert "Bazaarly: 10 of 12" in shown
    assert "were left out" in shown
    assert client.post(f"{page}cancel/").status_code == 409
