"""A recall is found by a number that only its description states, as publishers write them."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls import services
from recalls.services.content import numbers_in
from tests.factories import RecallFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Models include the M 9000, XF9000 Cross Trek and ZR 9000.", ["XF9000", "ZR 9000"]),
        ("model numbers FS 120 and FS 200. The augers have model number BT 120C", ["FS 120", "FS 200", "120C"]),
        ("amber (SKU 2717349), clear (SKU 2717351)", ["2717349", "2717351"]),
        ("in blue (BWTOTCOTBU), sold from May 2002 through August 15, 2004 for $59.99", []),
        ("three numbers: 16060, 16061 and HL-200R, HL-200R", ["16060", "16061", "HL-200R"]),
    ],
)
def test_numbers_of_a_text_are_those_that_people_search_by(text: str, numbers: list[str]) -> None:
    assert set(numbers) <= set(numbers_in(text))
    assert not any("2002" in number or "15" in number or "59" in number for number in numbers_in(text))


def test_a_recall_is_found_by_a_number_of_its_description_once_it_is_written(
    sign_in: Callable[[User], Client], officer: User, regulator: Organisation
) -> None:
    said = "This recall involves Hearthline brush cutters with model number FS 120, sold in May 2002."
    content = services.RecallContent(
        title="Hearthline Recalls Brush Cutters",
        description=said,
        products=(services.ProductContent("Brush cutters", "Hearthline"),),
    )
    services.create_recall(regulator=regulator, number="26-31", content=content, actor=Actor.person(officer))
    client = sign_in(officer)
    for typed in ("FS 120", "fs 120"):
        assert "26-31" in client.get(reverse("recalls:list"), {"q": typed}).content.decode()
    assert "26-31" not in client.get(reverse("recalls:list"), {"q": "FS 200"}).content.decode()


def test_recalls_of_before_are_found_by_them_after_the_migration(regulator: Organisation) -> None:
    row = RecallFactory(regulator=regulator, number="26-32")
    row.current.description = "Model number FS 120."
    row.current.save()
    add_numbers = import_module("recalls.migrations.0013_search_by_numbers_of_descriptions").add_numbers
    for _ in range(2):
        add_numbers(apps, None)
        row.refresh_from_db()
        assert row.search.endswith("due to fire hazard fs 120")
