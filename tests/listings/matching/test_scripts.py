"""Makers and kinds in scripts without blanks, or that recalls do not use. The makers are real, as their names in other
scripts are data; whatever is said of their goods is invented."""

import pytest

from listings.matching import RecallIndex, quick_read
from listings.matching.keys import listing_keys, recall_keys
from listings.matching.lexicon import product_types_in
from listings.matching.normalise import texts_of, words
from tests.listings.matching.build import listing, recall

GENERATORS = recall("Honda portable generators", brand="Honda", models=("EB0001i",), number="24-007")


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("本田 发电机", ["honda"]),
        ("本田发电机 便携式", ["honda"]),
        ("ホンダ 発電機", ["honda"]),
        ("혼다 발전기", ["honda"]),
        ("هوندا مولد كهرباء", ["honda"]),
        ("ﾎﾝﾀﾞ 発電機", ["honda"]),
        ("黑色约翰迪尔拖拉机", ["john", "deere"]),
    ],
)
def test_a_makers_name_in_another_script_is_read_as_the_maker_writes_it(title: str, maker: list[str]) -> None:
    assert [word for word in texts_of(title) if word in {"honda", "john", "deere"}] == maker


@pytest.mark.parametrize(
    "title",
    [
        "博士豚 泳池",  # a dolphin, not 博士 (Bose)
        "好美的花瓶",  # "beautiful", not 美的 (Midea)
        "コマキタ 工具",  # a longer word with マキタ (Makita) in it
    ],
)
def test_an_ordinary_word_or_a_part_of_a_longer_one_is_no_maker(title: str) -> None:
    assert {"bose", "midea", "makita"}.isdisjoint(texts_of(title))


def test_a_kind_is_found_inside_a_run_of_characters() -> None:
    assert [kind for kind, _, _ in product_types_in(texts_of("可折叠婴儿推车遮阳"))][:1] == ["stroller"]
    assert "saw" in [kind for kind, _, _ in product_types_in(texts_of("プランジ丸ノコ本体"))]


def test_a_kind_in_front_of_another_says_what_that_is_for() -> None:
    assert [kind for kind, _, _ in product_types_in(texts_of("儿童自行车头盔"))] == ["helmet"]


def test_what_is_known_has_its_place_in_the_title() -> None:
    title = "全新 本田发电机"
    assert {word.text: title[word.start : word.end] for word in words(title)} == {
        "全新": "全新",
        "honda": "本田",
        "发电机": "发电机",
        "本田发电机": "本田发电机",
        "本田": "本田",
        "田发": "田发",
        "发电": "发电",
        "电机": "电机",
    }


def test_the_pieces_of_a_longer_name_of_a_kind_are_no_other_kind() -> None:
    assert {kind for kind, _, _ in product_types_in(texts_of("游戏围栏"))} == {"playard"}  # 游戏 alone is a game
    assert {kind for kind, _, _ in product_types_in(texts_of("游戏围栏折叠"))} == {"playard"}


def test_pieces_of_a_run_do_not_crowd_out_the_brand_among_the_keys() -> None:
    title = "Honda 山地多用途新款高品质静音家用便携式发电机"
    shown = quick_read(listing(title).text)
    assert "t:generator+honda" in listing_keys(shown)
    assert not recall_keys(GENERATORS).isdisjoint(listing_keys(shown))


def test_the_same_listing_is_flagged_in_every_script() -> None:
    index = RecallIndex([GENERATORS])
    for title in ("本田 EB0001i 发电机", "ホンダ 発電機 EB0001i", "혼다 발전기 EB0001i", "هوندا مولد EB0001i"):
        assert [match.band for match in index.match(listing(title).text)] == ["flag"], title
