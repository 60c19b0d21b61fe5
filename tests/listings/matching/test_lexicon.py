import json
import re
from pathlib import Path

import pytest

from listings.matching import lexicon
from listings.matching.lexicon import PHRASES, PRODUCT_TYPES, is_name, phrase_pattern, product_types_in, rarity
from listings.matching.rules import RULES
from listings.matching.rules.base import WEIGHTS

FOLDER = Path(lexicon.__file__).parent
LANGUAGES = {"en", "de", "es", "fr", "it", "pt", "nl", "pl", "tr", "ru", "zh", "ja", "ko", "ar"}


def test_every_product_type_has_a_name_in_every_language() -> None:
    product_types = json.loads((FOLDER / "product_types.json").read_text(encoding="utf-8"))
    assert len(product_types) > 100
    for product_type, names in product_types.items():
        assert names.keys() - {"also"} == LANGUAGES, product_type
        assert all(name.strip() for each in names.values() for name in each), product_type


@pytest.mark.parametrize("name", ["accessory", "accessory_description", "not_affected", "replacement", "media"])
def test_every_phrase_is_a_pattern(name: str) -> None:
    for phrase in PHRASES[name]:
        re.compile(phrase)
    assert phrase_pattern(name).pattern


def test_components_and_broad_product_types_are_in_the_lexicon() -> None:
    product_types = json.loads((FOLDER / "product_types.json").read_text(encoding="utf-8")).keys()
    assert product_types >= lexicon.COMPONENTS
    assert product_types >= lexicon.BROAD_PRODUCT_TYPES
    assert product_types >= lexicon.WIDER.keys() | set(lexicon.WIDER.values())


def test_an_english_word_is_not_taken_for_a_foreign_one_spelt_alike() -> None:
    for word in ("four", "but", "step", "pop", "top", "store", "collar"):
        assert word not in PRODUCT_TYPES, word


def test_the_longest_name_of_a_thing_wins() -> None:
    assert [product_type for product_type, _, _ in product_types_in(["high", "chair"])] == ["high chair"]


def test_common_words_are_weaker_evidence_than_rare_ones() -> None:
    assert rarity("zelprio") == 1.0
    assert rarity("zelprio") > rarity("lenovo") > rarity("stroller") > rarity("the") == 0.0


def test_ordinary_words_are_no_names() -> None:
    assert is_name("zelprio")
    assert not is_name("handle")


def test_every_weight_belongs_to_a_rule_and_says_for_or_against() -> None:
    assert {signal for rule in RULES for signal in rule.signals} == WEIGHTS.keys() - {"prior"}
    assert all(weight != 0 for weight in WEIGHTS.values())
    assert WEIGHTS["prior"] < 0


@pytest.mark.parametrize(
    ("word", "product_type"),
    [
        ("stroler", "stroller"),
        ("matress", "mattress"),
        ("kettel", "kettle"),
        ("dehumidifer", "dehumidifier"),
        ("trampolene", "trampoline"),
    ],
)
def test_a_slip_of_the_pen_names_the_kind(word: str, product_type: str) -> None:
    assert product_types_in([word]) == [(product_type, 0, 1)]


@pytest.mark.parametrize("word", ["bender", "cleanser", "hummer", "splicer", "charter", "theater", "tumble"])
def test_another_word_that_is_nearly_a_kind_is_none(word: str) -> None:
    assert product_types_in([word]) == []


@pytest.mark.parametrize("word", ["massivholz", "cajon", "tiroir", "acciaio", "gaveta", "schublade"])
def test_ordinary_words_of_other_languages_say_nothing_of_what_a_product_is(word: str) -> None:
    assert rarity(word) == 0.0


@pytest.mark.parametrize(
    ("word", "product_type"),
    [("blechbecher", "cup"), ("bodenstaubsauger", "vacuum"), ("einbaubackofen", "oven"), ("damenrasierer", "shaver")],
)
def test_a_german_compound_is_of_the_kind_at_its_end_whatever_stands_before_it(word: str, product_type: str) -> None:
    assert product_types_in([word]) == [(product_type, 0, 1)]


@pytest.mark.parametrize("word", ["plush", "glider"])
def test_what_goods_are_made_of_and_seats_of_their_own_kind_name_no_wider_kind(word: str) -> None:
    assert product_types_in([word]) == []
