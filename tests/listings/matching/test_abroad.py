"""Kinds of goods and ordinary words of other languages, out of a taxonomy that others maintain."""

from pathlib import Path

import pytest

from benchmarks.taxonomy_words import (
    aligned,
    ends_of_compounds,
    kind_in_english,
    ordinary_words,
    read,
    singulars,
)
from listings.matching import ListingText, ProductText, RecallText, compare, read_listing, read_recall
from listings.matching.lexicon import ABROAD, ORDINARY_ABROAD, abroad_tail, is_abroad_word, unsure_types_of
from listings.matching.normalise import words

CALCULATORS = read_recall(
    RecallText("1", "Zelprio Recalls Calculators Due to Fire Hazard", "", (ProductText("Zelprio calculators"),))
)


def signals(title: str) -> dict[str, float]:
    match = compare(CALCULATORS, read_listing(ListingText("1", title)))
    return {} if match is None else {item.signal: item.weight for item in match.evidence}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("calculatrice", "calculator"),
        ("taschenrechner", "calculator"),
        ("multimetro", "multimeter"),
        ("gwizdek", "whistle"),
    ],
)
def test_a_word_of_another_language_stands_for_a_kind(word: str, kind: str) -> None:
    assert ABROAD[word] == [kind]
    assert kind in unsure_types_of(word)


@pytest.mark.parametrize("title", ["Zelprio calculadora", "Taschenrechner Zelprio", "calcolatrice Zelprio"])
def test_a_recalled_kind_is_known_by_the_taxonomys_words(title: str) -> None:
    found = signals(title)
    assert found["same_product_type"] > 0
    assert "title_mentions_something_else" not in found


def test_words_of_other_kinds_are_not_the_recalled_one() -> None:
    assert "same_product_type" not in signals("Zelprio multimetro")


@pytest.mark.parametrize(
    ("word", "end"), [("luftdruckrakete", "rakete"), ("lawinensonde", "sonde"), ("surebonder", ""), ("rakete", "")]
)
def test_a_long_unknown_word_is_read_by_its_end(word: str, end: str) -> None:
    assert abroad_tail(word) == end


def test_ordinary_words_of_another_language_name_nothing_else_where_the_title_is_in_it() -> None:
    assert {"lungo", "compacta"} <= ORDINARY_ABROAD
    assert all(map(is_abroad_word, ("inalambrico", "compacta")))
    assert "title_mentions_something_else" not in signals("Zelprio calculadora compacta inalambrico")


def test_one_word_of_another_language_in_an_english_title_may_be_a_name() -> None:
    assert signals("Zelprio calculator Lungo").get("title_fits", 0.0) < signals("Zelprio calculator")["title_fits"]


def test_the_english_name_of_a_category_tells_its_kind() -> None:
    assert kind_in_english("Baby Strollers") == "stroller"
    assert kind_in_english("Crossbows") == "crossbow"
    assert kind_in_english("Strollers & Prams") == ""
    assert kind_in_english("Stroller Accessories") == ""


ENGLISH = {
    "sg-1": "Hunting Crossbows",
    "sg-2": "Sport Crossbows",
    "sg-3": "Hunting Bows",
    "sg-4": "Sport Boots",
    "sg-5": "Hunting Boots",
}


def test_a_word_names_a_kind_if_most_of_its_categories_are_of_that_kind_and_a_joined_one_if_its_only_one_is() -> None:
    german = {
        "sg-1": "Jagdzelpe",
        "sg-2": "Sport Zelpe",
        "sg-3": "Jagd Zelpe",
        "sg-4": "Sport Qwortstiefel",
        "sg-5": "Jagd Qwortstiefel",
    }
    assert aligned("de", ENGLISH, german) == {"jagdzelpe": {"crossbow"}, "qwortstiefel": {"shoe"}}


def test_ends_are_nouns_of_languages_that_join_words() -> None:
    names = {"de": {"1": "Qwortzelpe", "2": "Blauzelpe", "3": "Zelpe"}, "es": {"1": "zelpones", "2": "zelpones"}}
    assert ends_of_compounds(names) == ["zelpe"]


def test_names_and_words_of_recalls_are_no_ordinary_words() -> None:
    names = [{"1": "qworta honda", "2": "qworta verde", "3": "qworta stroller"}]
    assert ordinary_words(names, ["todavia", "honda"]) == ["qworta", "todavia"]


def test_a_file_of_the_taxonomy_is_read_line_by_line(tmp_path: Path) -> None:
    said = (
        "# This file is auto-generated.\n---\nde:\n  categories:\n    sg-1:\n      name: Arm\xadbrüste\n"
        "      context: Crossbows\n    so-1:\n      name: Software\n      context: Software\n"
    )
    (tmp_path / "de.yml").write_text(said, encoding="utf-8")
    assert read(tmp_path, "de") == {"sg-1": "Armbrüste"}


@pytest.mark.parametrize(
    ("language", "plural", "one"),
    [
        ("sv", "tröjor", "tröja"),
        ("nb", "sykler", "sykkel"),
        ("tr", "lambalari", "lambasi"),
        ("cs", "kocarky", "kocarek"),
        ("hu", "lampak", "lampa"),
        ("ro", "biciclete", "bicicleta"),
        ("el", "ποδηλατα", "ποδηλατο"),
        ("ru", "лампы", "лампа"),
        ("fi", "lammittimet", "lammitin"),
    ],
)
def test_the_singular_is_made_of_the_plural_that_categories_have(language: str, plural: str, one: str) -> None:
    assert one in set(singulars(language, plural))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("våningssäng", "bed"),
        ("hårtørker", "hair dryer"),
        ("hårføner", "hair dryer"),
        ("sykkel", "bicycle"),
        ("syöttötuoli", "high chair"),
        ("kočárek", "stroller"),
        ("hajszárító", "hair dryer"),
        ("ποδήλατο", "bicycle"),
        ("kerékpár", "bicycle"),
    ],
)
def test_kinds_of_northern_and_eastern_shops_are_known(word: str, kind: str) -> None:
    assert any(kind in unsure_types_of(each.text) for each in words(word))


@pytest.mark.parametrize("word", ["sininen", "niebieski", "gul", "kırmızı", "käytetty", "puuvilla"])
def test_colours_and_materials_of_other_languages_are_ordinary_words(word: str) -> None:
    assert any(is_abroad_word(each.text) for each in words(word))


def test_the_brand_does_not_make_a_title_an_english_one() -> None:
    bicycles = read_recall(
        RecallText(
            "1", "zelprio Bikes USA Recalls zelprio ORIGINAL Bicycles", "", (ProductText("zelprio ORIGINAL Bicycles"),)
        )
    )
    match = compare(bicycles, read_listing(ListingText("1", "zelprio original 5 børnecykel gul")))
    assert match is not None
    assert "title_mentions_something_else" not in {item.signal for item in match.evidence}


def test_a_stove_cooks_in_a_kitchen_or_in_a_camp() -> None:
    stoves = read_recall(
        RecallText(
            "1", "Zelprio Recalls Portable Stoves Due to Fire Hazard", "", (ProductText("Zelprio portable stoves"),)
        )
    )
    match = compare(stoves, read_listing(ListingText("1", "Zelprio Gaskocher")))
    assert match is not None
    assert {"same_product_type": 3.13}.items() <= {item.signal: item.weight for item in match.evidence}.items()
