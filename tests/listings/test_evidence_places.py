"""Marks stand on the words of the evidence, or nowhere: never on other words of a text that has changed since."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from listings.evidence_places import place_of, placed_in
from listings.models import Flag
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls import services as recalls
from recalls.models import Recall
from recalls.services import ProductContent, RecallContent
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

SAID = "The dressers have model number WD-0630 on a label."
PRODUCTS = (ProductContent("Dressers", "Hearthline", ("WD-0630",)),)
WORDS = {"field": "recall description", "start": 31, "end": 38, "text": "WD-0630"}


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (SAID, "WD-0630"),
        (f"Since 2024, dressers were sold by two shops. {SAID}", "WD-0630"),
        ("Model wd-0630 only.", "wd-0630"),
        ("The dressers have model number WD-06301, and WD-0630-B is XWD-0630.", None),
        ("The dressers were sold by other shops.", None),
        ("", None),
    ],
)
def test_the_words_are_found_where_they_are_now_or_nothing_is(text: str, marked: str | None) -> None:
    place = place_of(WORDS, text)
    if marked == "WD-0630" or marked is None:
        assert (place and text[slice(*place)]) in {marked, "WD-0630"}
    else:
        assert place is not None
        assert text[slice(*place)] == marked


def test_of_several_places_the_nearest_is_taken_and_blanks_may_have_changed() -> None:
    text = f"WD-0630. {'x ' * 40} WD-0630"
    assert place_of({**WORDS, "start": 80, "end": 87}, text) == (len(text) - 7, len(text))
    assert place_of({**WORDS, "start": 9, "end": 16, "text": "tower heater"}, "A tower\n heater") == (2, 15)


def test_a_field_that_is_not_given_keeps_its_span() -> None:
    other: dict[str, Any] = {"field": "firm", "start": 0, "end": 3, "text": "GN9"}
    found = placed_in([{"recall_span": other, "listing_span": None, "signal": "x"}], recall={}, listing={})
    assert found == [{"recall_span": other, "listing_span": None, "signal": "x"}]


@pytest.fixture
def flag(platform_a: Organisation, regulator: Organisation) -> Flag:
    """Found on the words of version 1; the listing's title has changed since, too."""
    recall = RecallFactory(regulator=regulator, number="26001")
    assert recall.current is not None
    recall.current.description = SAID
    recall.current.save()
    notice = NoticeFactory(platform=platform_a, recall=recall)
    listing = ListingFactory(platform=platform_a, title="Now sold cheaply: dresser WD-0630")
    evidence = [
        {
            "signal": "same_model",
            "weight": 3.0,
            "says": "Same model.",
            "recall_span": WORDS,
            "listing_span": {"field": "title", "start": 8, "end": 15, "text": "WD-0630"},
        }
    ]
    return FlagFactory(
        notice=notice, listing=listing, evidence=evidence, listing_as_flagged={"title": "Dresser WD-0630 white"}
    )


def follow(recall: Recall, description: str, writer: User, second: User) -> None:
    """Publish a new version with another description; the notices of the recall follow it."""
    version = recalls.revise_recall(recall=recall, actor=Actor.person(writer))
    content = RecallContent(title=recall.title, description=description, products=PRODUCTS)
    recalls.edit_version(version=version, content=content, actor=Actor.person(writer))
    recalls.publish_version(version=version, change_note="Where it was sold", actor=Actor.person(second))


@pytest.mark.django_db
def test_after_a_new_version_the_page_marks_the_same_words_or_none(
    flag: Flag, officer: User, second_officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(moderator_a), reverse("listings:flag", args=[flag.pk])
    for description, marks in (
        (
            "Since 2024 the dressers were sold by two shops. Their model number is WD-0630.",
            4,
        ),  # in both texts, and as the model
        ("Since 2024 the dressers were sold by two shops, and online.", 1),
    ):
        follow(Recall.objects.get(pk=flag.recall_id), description, officer, second_officer)
        page = client.get(address).content.decode()
        assert description.split(".")[0] in page
        assert page.count("<mark>") == page.count("<mark>WD-0630</mark>") == marks


@pytest.mark.django_db
def test_the_api_answers_spans_of_the_texts_that_it_answers(
    flag: Flag, officer: User, second_officer: User, manager_a: User, client: Client
) -> None:
    _, secret = api_keys.create_key(
        organisation=flag.platform, name="Desk", scopes=["flags"], days=5, actor=Actor.person(manager_a)
    )
    headers = {"Authorization": f"Bearer {secret}"}

    def asked() -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"/api/v1/flags/{flag.pk}", headers=headers).json()
        return found

    before = asked()
    follow(Recall.objects.get(pk=flag.recall_id), "The dressers were sold by two shops.", officer, second_officer)
    after = asked()
    for found in (before, after):
        span = found["evidence"][0]["listing_span"]
        assert found["listing"]["title"][span["start"] : span["end"]] == "WD-0630" == span["text"]
    assert (before["evidence"][0]["recall_span"], after["evidence"][0]["recall_span"]) == (WORDS, None)
