import json
import re
from pathlib import Path

import pytest

from listings.matching import lexicon
from listings.matching.lexicon import PHRASES, THINGS, is_name, phrase_pattern, rarity, things_in
from listings.matching.rules import RULES
from listings.matching.rules.base import WEIGHTS

FOLDER = Path(lexicon.__file__).parent
LANGUAGES = {"en", "de", "es", "fr", "it", "pt", "nl", "pl", "tr", "ru", "zh", "ja"}


def test_every_thing_has_a_name_in_every_language() -> None:
    things = json.loads((FOLDER / "things.json").read_text(encoding="utf-8"))
    assert len(things) > 100
    for thing, names in things.items():
        assert names.keys() - {"also"} == LANGUAGES, thing
        assert all(name.strip() for each in names.values() for name in each), thing


@pytest.mark.parametrize("name", ["accessory", "accessory_description", "not_affected", "replacement", "media"])
def test_every_phrase_is_a_pattern(name: str) -> None:
    for phrase in PHRASES[name]:
        re.compile(phrase)
    assert phrase_pattern(name).pattern


def test_components_and_broad_things_are_things_of_the_lexicon() -> None:
    things = json.loads((FOLDER / "things.json").read_text(encoding="utf-8")).keys()
    assert things >= lexicon.COMPONENTS
    assert things >= lexicon.BROAD_THINGS
    assert things >= lexicon.WIDER.keys() | set(lexicon.WIDER.values())


def test_an_english_word_is_not_taken_for_a_foreign_one_spelt_alike() -> None:
    for word in ("four", "but", "step", "pop", "top", "store", "collar"):
        assert word not in THINGS, word


def test_the_longest_name_of_a_thing_wins() -> None:
    assert [thing for thing, _, _ in things_in(["high", "chair"])] == ["high chair"]


def test_common_words_tell_less_than_rare_ones() -> None:
    assert rarity("zelprio") == 1.0
    assert rarity("zelprio") > rarity("lenovo") > rarity("stroller") > rarity("the") == 0.0


def test_ordinary_words_are_no_names() -> None:
    assert is_name("zelprio")
    assert not is_name("handle")


def test_every_weight_belongs_to_a_rule_and_says_for_or_against() -> None:
    assert {signal for rule in RULES for signal in rule.signals} == WEIGHTS.keys() - {"prior"}
    assert all(weight != 0 for weight in WEIGHTS.values())
    assert WEIGHTS["prior"] < 0
