"""Whether two notices are about one product: the evidence, and who is worth comparing. No database."""

from datetime import date, timedelta
from typing import Any

import pytest

from recalls.importers.records import ImportedRecall
from recalls.linking import LinkIndex, NoticeReading, compare
from recalls.linking.notice import NoticeText, ProductText
from recalls.linking.published import notice_of

DAY = date(2026, 3, 2)


def notice(
    name: str, brand: str = "", models: tuple[str, ...] = (), gtins: tuple[str, ...] = (), **more: Any
) -> NoticeReading:
    fields = {"number": "25-100", "country": "US", "title": name} | more
    return NoticeReading(NoticeText(products=(ProductText(name, brand, models, gtins),), **fields))


HEATER = notice("Hearthline Ceramic Tower Heaters", "Hearthline", ("HL-200R",), ("00012345678905",), on=DAY)


def signals(one: NoticeReading, other: NoticeReading) -> dict[str, float]:
    return {each.signal: each.weight for each in compare(one, other).evidence}


@pytest.mark.parametrize(
    "other",
    [
        notice("Chauffage d'appoint", gtins=("00012345678905",), country="FR"),
        notice("Tower heater", "Hearthline", ("HL 200 R",), country="GB"),
        notice("Hearthline HL200R heater", country="CA", on=DAY),
        notice("Hearthline heater", country="CA", on=DAY, joint="Joint recall with Health Canada, the US CPSC"),
        notice("Appliance", number="77184", country="CA", text="See also CPSC recall number 25-100 for this product."),
    ],
    ids=["gtin", "brand and model", "model in the name", "joint recall of these days", "number named"],
)
def test_one_product_is_a_lead(other: NoticeReading) -> None:
    assert compare(HEATER, other).is_lead


@pytest.mark.parametrize(
    "other",
    [
        notice("Hearthline Ceramic Vases", "Hearthline", ("V-9001",), country="GB", on=DAY),
        notice("Warmwell Tower Heaters", "Warmwell", ("WW-41X",), country="GB", on=DAY),
        notice("Ceramic tower heater", country="GB", on=DAY),
        notice("Baby stroller", "Hearthline", country="CA", on=DAY, joint="Joint recall with the US CPSC"),
    ],
    ids=["same brand, other product", "same kind, other brand", "same kind, no brand", "joint, other kind"],
)
def test_a_near_miss_is_none(other: NoticeReading) -> None:
    assert not compare(HEATER, other).is_lead


def test_which_notice_comes_first_changes_nothing() -> None:
    other = notice(
        "Hearthline HL200R heater", number="77184", country="CA", on=DAY + timedelta(days=3), text="CPSC recall 25-100"
    )
    assert compare(HEATER, other).score == compare(other, HEATER).score


def test_the_evidence_names_what_is_meant() -> None:
    found = {
        each.signal: each.values
        for each in compare(HEATER, notice("Heater", "Hearthline", ("HL-200R",), country="GB")).evidence
    }
    assert found["same_model"] == ("HL200R",)
    assert found["same_brand"] == ("hearthline",)


def test_the_day_of_an_update_says_less_against_one_product() -> None:
    late = DAY + timedelta(days=2_000)
    plain = signals(HEATER, notice("Heater", country="CA", on=late))["years_apart"]
    assert plain < signals(HEATER, notice("Heater", country="CA", on=late, is_update=True))["years_apart"] < 0


def test_a_model_number_like_the_others_notice_number_names_no_notice() -> None:
    other = notice("Mirror", number="75104", country="CA")
    assert "notice_named" not in signals(notice("Mirror", text="Only model number 75104 is affected."), other)
    assert "notice_named" in signals(notice("Mirror", text="See recall no. 75104 of Health Canada."), other)


def test_a_named_address_is_the_others_notice_only_where_it_is_the_same_page() -> None:
    page = "https://recalls-rappels.canada.ca/en/alert-recall/hearthline-heater"
    named = notice("Heater", addresses=(page,))
    assert "notice_named" in signals(named, notice("Other", number="77184", country="CA", url=f"{page}/"))
    assert "notice_named" not in signals(named, notice("Other", number="77184", country="CA", url=f"{page}-2"))


def test_candidates_are_of_other_regulators() -> None:
    index: LinkIndex[str] = LinkIndex()
    for key, regulator in (("mine", "psa"), ("also mine", "psa"), ("theirs", "other")):
        index.add(key, regulator, HEATER)
    assert list(index.candidates("mine")) == ["theirs"]


def test_a_word_that_all_notices_have_finds_nobody() -> None:
    index: LinkIndex[int] = LinkIndex()
    for number in range(2_000):
        index.add(number, number % 2, notice("Heater", number=str(number)))
    assert list(index.candidates(0)) == []


def test_a_notice_of_the_safety_gate_counts_as_the_eus_whoever_notified() -> None:
    def read(**facts: str) -> NoticeText:
        recall = ImportedRecall(record=1, number="SR/02645/26", title="Sandals", facts=dict(facts))
        return notice_of(recall, number=recall.number, country="DE", on=None, products=())

    found = read(publisher="safety-gate", country="FR", updated="2026-10-02")
    assert (found.country, found.on, found.is_update) == ("EU", date(2026, 10, 2), True)
    assert read(country="FR").country == "FR"
    assert read(updated="soon").on is None


def test_a_regulator_with_hundreds_of_notices_of_one_number_hides_nobody_elses() -> None:
    index: LinkIndex[str] = LinkIndex()
    index.add("ours", "US", HEATER)
    index.add("theirs", "CA", notice("Tower heater", "Hearthline", ("HL-200R",), country="CA", number="77184"))
    for number in range(300):
        copy = notice(
            "Hearthline Ceramic Tower Heaters", "Hearthline", ("HL-200R",), ("00012345678905",), number=f"C-{number}"
        )
        index.add(f"copy {number}", "XX", copy)
    assert "theirs" in list(index.candidates("ours"))
