"""How a recall is read: shown with its places, corrected before it is published, and the corrections win."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from listings import services
from listings.matching_texts import reading_of
from listings.models import Flag, ReadingCorrection
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from recalls import services as recalls
from recalls.models import Recall
from tests.factories import ListingFactory, NoticeFactory, RecallFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(regulator: Organisation) -> Recall:
    recall = RecallFactory(
        regulator=regulator,
        number="26001",
        title="Hearthline Recalls Space Heaters Due to Fire Hazard",
        status="draft",
        published_at=None,
    )
    version = recall.current
    version.description = "The recall involves model numbers HL-200R and HL-250R. Model HL-400R is not included."
    version.published_at = None
    version.save()
    product = version.products.get()
    product.name, product.brand, product.model_numbers, product.gtins = "Hearthline space heaters", "Hearthline", [], []
    product.save()
    return recall


def facts(recall: Recall) -> dict[str, list[str]]:
    return services.facts_of(services.read_version(recall.current))


def test_what_was_read_is_shown_as_it_stands_in_the_text(draft: Recall) -> None:
    assert facts(draft) == {
        "brands": ["hearthline"],
        "models": ["HL-200R", "HL-250R"],
        "excluded": ["HL-400R"],
        "gtins": [],
    }


def test_a_correction_adds_and_drops_and_wins_over_the_text(draft: Recall, officer: User) -> None:
    wanted = {
        "brands": ["Hearthline", "Sunburst Living"],
        "models": ["HL-200R", "HL-300R"],
        "excluded": [],
        "gtins": ["012345678905"],
    }
    services.correct_reading(version=draft.current, facts=wanted, actor=Actor.person(officer))
    read = services.read_version(draft.current)
    assert set(read.models) == {"h1200r", "h1300r"}
    assert not read.excluded
    assert set(read.gtins) == {"00012345678905"}
    assert frozenset({"sunburst", "living"}) in read.brand_names
    content = ReadingCorrection.objects.get().content
    assert content["models"] == {"add": ["HL-300R"], "drop": ["HL-250R"]}
    assert AuditEvent.objects.filter(action="reading.corrected").count() == 1


def test_matching_uses_the_corrections(draft: Recall, officer: User, platform_a: Organisation) -> None:
    wanted = facts(draft) | {"models": ["HL-200R", "HL-300R"]}
    services.correct_reading(version=draft.current, facts=wanted, actor=Actor.person(officer))
    draft.current.published_at = draft.created_at
    draft.current.save()
    Recall.objects.filter(pk=draft.pk).update(status="published")
    NoticeFactory(recall=draft, version=draft.current, platform=platform_a)
    assert "h1300r" in reading_of(draft.current).models
    for number in ("HL-300R", "HL-250R"):
        ListingFactory(platform=platform_a, external_id=number, title=f"Hearthline heater {number}", match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    assert [flag.listing.external_id for flag in Flag.objects.filter(band="flag")] == ["HL-300R"]


def test_a_later_version_inherits_the_corrections(draft: Recall, officer: User) -> None:
    services.correct_reading(
        version=draft.current, facts=facts(draft) | {"models": ["HL-300R"]}, actor=Actor.person(officer)
    )
    draft.current.published_at = draft.created_at
    draft.current.save()
    Recall.objects.filter(pk=draft.pk).update(status="published")
    draft.refresh_from_db()
    revision = recalls.revise_recall(recall=draft, actor=Actor.person(officer))
    assert set(services.read_version(revision).models) == {"h1300r"}


def test_what_is_no_fact_is_refused_and_nothing_is_kept(draft: Recall, officer: User) -> None:
    for name, given, detail in (
        ("gtins", ["012345678900"], "not a GTIN"),
        ("models", ["-"], "not a model number"),
        ("brands", ["x"] * 501, "at most 500"),
    ):
        with pytest.raises(ValidationError, match=detail):
            services.correct_reading(
                version=draft.current, facts=facts(draft) | {name: given}, actor=Actor.person(officer)
            )
    assert not ReadingCorrection.objects.exists()


def test_a_published_version_and_a_platform_cannot_correct(
    draft: Recall, officer: User, moderator_a: User, client: Client
) -> None:
    with pytest.raises(PermissionDenied):
        services.correct_reading(version=draft.current, facts=facts(draft), actor=Actor.person(moderator_a))
    draft.current.published_at = draft.created_at
    draft.current.save()
    with pytest.raises(ValidationError, match="revise the recall"):
        services.correct_reading(version=draft.current, facts=facts(draft), actor=Actor.person(officer))
    assert not ReadingCorrection.objects.exists()
    client.force_login(moderator_a)
    assert client.get(reverse("listings:reading", args=[draft.pk])).status_code == 403


def test_the_page_marks_the_places_and_says_how_rare_the_facts_are(
    draft: Recall, officer: User, client: Client, platform_a: Organisation
) -> None:
    ListingFactory(platform=platform_a, title="Hearthline heater HL-200R", match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    client.force_login(officer)
    address = reverse("listings:reading", args=[draft.pk])
    page = client.get(address).content.decode()
    assert "<mark>HL-200R</mark>" in page
    assert "h1200r" in page
    assert client.post(address, {"brands": "Hearthline", "models": "HL-300R", "gtins": "123"}).status_code == 422
    assert client.post(address, {"brands": "Hearthline", "models": "HL-300R"}).status_code == 302
    assert "HL-300R" in client.get(address).content.decode()


WRITTEN = {
    "number": "26-900",
    "title": "Sunburst Kettles Recalled",
    "description": "Sunburst kettles, model number KTL-4711D, UPC 012345678905. Another box says 012345678906.",
    "priority": "normal",
    "products-TOTAL_FORMS": "1",
    "products-INITIAL_FORMS": "0",
    "products-0-name": "Sunburst steam kettles",
    "products-0-brand": "Sunburst",
    "products-0-gtins": "123",
}


def test_the_editor_shows_how_the_text_is_read_while_it_is_written(officer: User, client: Client) -> None:
    client.force_login(officer)
    page = client.post(reverse("listings:reading_preview"), WRITTEN, headers={"HX-Request": "true"}).content.decode()
    for found in ("KTL-4711D", "Sunburst", "012345678905", "Findability 49 of 100", "Add the GTIN"):
        assert found in page, found
    assert "123 has 3 digits" in page, "a line that is no GTIN is said"
    assert "The text has 012345678906 with a wrong check digit" in page
    assert "<h1>" not in page, "beside the form is a fragment"
    assert not Recall.objects.exists()


def test_without_a_script_the_editor_comes_back_with_the_reading_and_what_was_entered(
    draft: Recall, officer: User, client: Client
) -> None:
    services.correct_reading(
        version=draft.current, facts=facts(draft) | {"models": ["HL-300R"]}, actor=Actor.person(officer)
    )
    client.force_login(officer)
    answer = client.post(reverse("listings:reading_preview"), {**WRITTEN, "recall": draft.pk, "title": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    for kept in ("Sunburst steam kettles", f'action="{reverse("recalls:edit", args=[draft.pk])}"', "KTL-4711D"):
        assert kept in page, kept
    assert "HL-300R" in page, "what was corrected of the version wins here, too"
    assert "usa-form-group--error" not in page, "nobody asked to save yet"
    draft.refresh_from_db()
    assert draft.title == "Hearthline Recalls Space Heaters Due to Fire Hazard"


def test_nobody_reads_a_draft_of_others_in_the_editor(draft: Recall, moderator_a: User, client: Client) -> None:
    address = reverse("listings:reading_preview")
    client.force_login(moderator_a)
    assert client.post(address, {**WRITTEN, "recall": draft.pk}).status_code == 403
    client.force_login(UserFactory(role="regulator_staff", organisation__kind="regulator"))
    for other in (draft.pk, "x", "9" * 30):
        assert client.post(address, {**WRITTEN, "recall": other}).status_code == 404
