"""The comparison shows what was read and where: a verdict never stands beside a side that states nothing."""

import json
from collections import Counter
from types import SimpleNamespace
from typing import cast

import pytest
from django.test import Client
from django.urls import reverse

from listings import services
from listings.comparison import FIELD, Row, as_data, compare_rows
from listings.matching import ListingText, ProductText, RecallText, compare, read_listing, read_recall
from listings.models import Flag
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.listings.matching.minimal import RECALLS, ROWS
from tests.reading import tight

COMPARES = {"same", "similar", "differs"}


def judged(recall: RecallText, listing: ListingText) -> Flag | None:
    """What a flag of this pair would be, as far as the comparison reads it; None without evidence for a match."""
    match = compare(read_recall(recall), read_listing(listing))
    if match is None:
        return None
    product = recall.products[match.product_index]
    named = SimpleNamespace(
        name=product.name, brand=product.brand, model_numbers=list(product.models), gtins=list(product.gtins)
    )
    version = SimpleNamespace(title=recall.title, description=recall.description)
    shown = {name: getattr(listing, name) for name in ("title", "description", "brand", "gtin", "mpn", "seller")}
    evidence = [item.as_dict() for item in match.evidence]
    row = SimpleNamespace(
        evidence=evidence, listing_as_flagged=shown, product=named, notice=SimpleNamespace(version=version)
    )
    return cast("Flag", row)


def by_name(rows: list[Row]) -> dict[str, Row]:
    return {row.name: row for row in rows}


def test_a_model_that_only_the_description_names_is_shown_with_its_place() -> None:
    recall = RecallText("24001", "Powerworks Pressure Washers Recalled", "Model PWB1071 is recalled.", (ProductText(
        "Powerworks Pressure Washers", "Powerworks"
    ),))  # fmt: skip
    listing = ListingText("1", "Powerworks pressure washer", "Strong. The model is PWB1071, hardly used.")
    flag = judged(recall, listing)
    assert flag is not None
    rows = by_name(compare_rows(flag))
    assert rows["model"].listing_words == "PWB1071 (from the description)"
    assert rows["model"].recall_words == "PWB1071 (from the description)"
    assert rows["model"].verdict == "Same"
    stated = rows["description"].listing[0]
    assert "PWB1071" in [stated.text[start:end] for start, end in stated.marks]


def test_of_real_pairs_none_has_a_verdict_beside_a_side_that_states_nothing() -> None:
    """And each value that a row's evidence was read from is shown, marked in the text that has it."""
    results: Counter[str] = Counter()
    for pair in ROWS:
        flag = judged(RECALLS[pair.recall], pair.listing)
        if flag is None:
            continue
        rows = by_name(compare_rows(flag))
        for row in rows.values():
            results[row.result] += 1
            assert row.recall or row.listing
            if row.result in COMPARES:
                assert row.recall, row
                assert row.listing, row
            for value in (*row.recall, *row.listing):
                assert value.text
                assert all(0 <= start < end <= len(value.text) for start, end in value.marks), value
        for item in flag.evidence:
            span = item["listing_span"]
            if span and span["field"] in {"title", "description"}:
                name = "product" if span["field"] == "title" else "description"
                text = rows[name].listing[0]
                marked = [text.text[start:end] for start, end in text.marks]
                assert any(span["text"].casefold() in each.casefold() for each in marked), (item, marked)
    assert results["same"] > 20
    assert results["differs"] > 20
    assert results["not_stated"] > 20


@pytest.mark.django_db
@pytest.mark.parametrize("signal", ["same_model", "other_model", "model_variant"])
def test_evidence_without_a_place_gives_no_verdict_where_a_side_is_silent(regulator: Organisation, signal: str) -> None:
    flag = FlagFactory(
        notice=NoticeFactory(recall=RecallFactory(regulator=regulator)),
        evidence=[{"signal": signal, "weight": 2.0, "recall_span": None, "listing_span": None, "says": "."}],
    )
    flag.listing_as_flagged = {**flag.listing_as_flagged, "mpn": ""}
    row = by_name(compare_rows(flag))["model"]
    assert (row.result, row.listing) == ("not_stated", ())


@pytest.mark.django_db
def test_what_a_later_version_no_longer_says_is_neither_shown_nor_judged(regulator: Organisation) -> None:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator, product={"model_numbers": []}))
    span = {"field": "recall description", "start": 10, "end": 17, "text": "HL-200R"}
    here = {"field": "title", "start": 0, "end": 7, "text": "HL-200R"}
    flag = FlagFactory(
        notice=notice,
        evidence=[{"signal": "same_model", "weight": 2.0, "recall_span": span, "listing_span": here, "says": "."}],
    )
    flag.listing_as_flagged = {"title": "HL-200R heater"}
    assert "model" not in by_name(compare_rows(flag))
    flag.notice.version.description = "Only the HL-200R is recalled."
    assert by_name(compare_rows(flag))["model"].result == "same"


@pytest.mark.django_db
def test_page_and_api_show_the_same_values_with_their_places(
    regulator: Organisation, platform_a: Organisation, moderator_a: User, manager_a: User, client: Client
) -> None:
    recall = RecallFactory(regulator=regulator, product={"model_numbers": [], "gtins": []})
    recall.current.description = "The heaters have model number HL-200R on a label."
    recall.current.save()
    notice = NoticeFactory(recall=recall, platform=platform_a)
    ListingFactory(
        platform=platform_a, title="Hearthline ceramic tower heater", description="Label: HL-200R.", brand="", mpn="",
        match_due=True,
    )  # fmt: skip
    services.match_listings_due(platform_id=platform_a.pk)
    services.match_notices_due()
    flag = Flag.objects.get(notice=notice)
    client.force_login(moderator_a)
    page = tight(client.get(reverse("listings:flag", args=[flag.pk])).content.decode())
    assert '<mark>HL-200R</mark><span class="wb-muted">(from the description)</span>' in page
    assert "Same</span>" in page
    _, secret = api_keys.create_key(
        organisation=platform_a, name="Desk", scopes=["flags"], days=5, actor=Actor.person(manager_a)
    )
    answer = client.get(f"/api/v1/flags/{flag.pk}", headers={"Authorization": f"Bearer {secret}"}).json()
    model = next(row for row in answer["comparison"] if row["fact"] == "model")
    assert model == {
        "fact": "model",
        "recall": [{"value": "HL-200R", "place": "description"}],
        "listing": [{"value": "HL-200R", "place": "description"}],
        "result": "same",
    }
    assert answer["comparison"] == json.loads(json.dumps(as_data(compare_rows(flag))))


def test_a_mark_behind_the_shown_part_of_a_long_text_is_shown_with_its_surroundings() -> None:
    recall = RecallText("24001", "Voltera Heaters Recalled", f"{'Long story. ' * 300}Model QX7741 is recalled. {'x ' * 400}", (
        ProductText("Voltera Heaters", "Voltera"),
    ))  # fmt: skip
    flag = judged(recall, ListingText("1", "Voltera QX7741 heater"))
    assert flag is not None
    text = by_name(compare_rows(flag))["description"].recall[0]
    assert len(text.text) < 2_500
    assert "QX7741" in [text.text[start:end] for start, end in text.marks]


def test_a_stated_field_says_that_it_is_one() -> None:
    recall = RecallText(
        "24001", "Voltera Heaters Recalled", "", (ProductText("Voltera Heaters", "Voltera", ("QX7741",)),)
    )
    flag = judged(recall, ListingText("1", "Voltera heater", mpn="QX-7741"))
    assert flag is not None
    row = by_name(compare_rows(flag))["model"]
    assert [(value.text, value.place) for value in (*row.recall, *row.listing)] == [
        ("QX7741", FIELD),
        ("QX-7741", FIELD),
    ]
