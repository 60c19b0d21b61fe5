"""What changed between two versions: words, lists, products; and the page that compares any two."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from portal.differences import KEPT, Part, items, words
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls import services
from recalls.models import Recall
from recalls.services import ProductContent, RecallContent
from recalls.services.content import content_of
from recalls.services.differences import differences
from tests.factories import RecallFactory

HEATER = ProductContent("Tower heaters", "Hearthline", ("HL-200R",), ("00012345678905",), units="About 900")
FAN = ProductContent("Desk fans", "Hearthline", ("FN-1",))
RECALL = RecallContent(title="Heaters recalled", description="They can overheat.", products=(HEATER, FAN))


def test_words_that_changed_are_marked_in_reading_order() -> None:
    assert words("Stop using the heaters now.", "Stop using the lamps now.") == [
        Part("same", "Stop using the "),
        Part("removed", "heaters "),
        Part("added", "lamps "),
        Part("same", "now."),
    ]
    assert words("Model A-1.", "Model A-1, B/2.") == [
        Part("same", "Model A-1"),
        Part("added", ", B/2"),
        Part("same", "."),
    ], "what stands after a word is no part of it"
    assert words("", "New text") == [Part("added", "New text")]
    assert words("one two", "one\ntwo") == [Part("same", "one\ntwo")], "a line break is no change of words"


def test_what_is_the_same_for_long_is_left_out() -> None:
    shown = words("word " * 500 + "old", "word " * 500 + "new")
    assert [part.kind for part in shown] == ["same", "removed", "added"]
    assert len(shown[0].text) == 2 * KEPT + 3


def test_a_list_says_what_came_and_what_went() -> None:
    assert [(part.kind, part.text) for part in items(["a", "b"], ["b", "c"]) if part.text != ", "] == [
        ("same", "b"),
        ("added", "c"),
        ("removed", "a"),
    ]


def test_products_are_added_removed_and_changed_and_their_order_is_nothing() -> None:
    assert not differences(RECALL, replace(RECALL, products=(FAN, HEATER), recalled_on=None))
    renamed = replace(HEATER, name="Ceramic heaters", model_numbers=("HL-200R", "HL-300R"))
    kettle = ProductContent("Kettles")
    found = differences(RECALL, replace(RECALL, title="Heaters recalled again", products=(kettle, renamed)))
    assert [change.label for change in found.fields] == ["Title"]
    assert [(product.kind, product.name) for product in found.products] == [
        ("added", "Kettles"),
        ("changed", "Ceramic heaters"),
        ("removed", "Desk fans"),
    ]
    assert [change.label for change in found.products[1].changes] == ["Name", "Model numbers"]
    assert Part("added", "HL-300R") in found.products[1].changes[1].parts


@pytest.mark.django_db
def test_any_two_versions_are_compared_on_their_page(
    regulator: Organisation,
    officer: User,
    second_officer: User,
    as_actor: Callable[[User], Actor],
    sign_in: Callable[[User], Client],
) -> None:
    recall: Recall = RecallFactory(regulator=regulator)
    for hazard in ("It can <burn>.", "It can shock."):
        version = services.revise_recall(recall=recall, actor=as_actor(officer))
        version = services.edit_version(
            version=version, content=replace(content_of(version), hazard=hazard), actor=as_actor(officer)
        )
        services.publish_version(version=version, change_note=hazard, actor=as_actor(second_officer))
        recall.refresh_from_db()
    client, address = sign_in(officer), reverse("recalls:versions", args=[recall.pk])
    newest = client.get(address).content.decode()
    assert "From version 2 to version 3" in newest
    assert '<ins class="wb-ins"><span class="usa-sr-only">added: </span>shock</ins>' in newest
    assert "removed: </span>&lt;burn&gt; </del>" in newest
    assert "From version 1 to version 3" in client.get(f"{address}?before=1&after=3").content.decode()
    assert "There are no differences" in client.get(f"{address}?before=2&after=2").content.decode()
    assert client.get(f"{address}?before=x&after=99").status_code == 200
