import pytest

from listings.matching import ListingText, RecallIndex
from listings.matching.normalise import canonical_model, decode, fold, stem, words, words_of
from tests.listings.matching import build


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("cafÃ© crÃ¨me", "café crème"),
        ("plain text", "plain text"),
        ("AT&T", "AT&T"),
    ],
)
def test_entities_and_mojibake_are_undone_once(written: str, read: str) -> None:
    assert decode(written) == read


@pytest.mark.parametrize(
    ("disguised", "word"),
    [
        ("Неаrthline", "hearthline"),
        ("Hearth\u200bline", "hearthline"),
        ("Ｈearthline", "hearthline"),
        ("Héarthlïne", "hearthline"),
        ("Ηearthline", "hearthline"),
        ("Махtrаdе's", "maxtrade"),
    ],
)
def test_a_word_in_disguise_is_read_as_the_word(disguised: str, word: str) -> None:
    assert word in words_of(disguised)


def test_letters_of_another_script_and_invisible_ones_are_shown_as_disguise() -> None:
    assert [word.disguised for word in words("Неаrthline heater")] == [True, False]
    assert [word.disguised for word in words("Hearth\u200bline heater")] == [True, False]
    assert not any(word.disguised for word in words("Héarthlïne heater"))


def test_a_russian_word_stays_a_russian_word() -> None:
    read = words("Коляска прогулочная")
    assert [word.text for word in read] == ["коляска", "прогулочная"]
    assert not any(word.disguised for word in read)


def test_places_point_into_the_text_as_it_was_written() -> None:
    text = "ＡＢ\u200bＣ Ünïcode ㎏ straße heater"
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
    last = words(text)[-1]
    assert text[last.start : last.end] == "heater"


def test_folding_is_the_identity_of_places_for_ascii_and_plain_accents() -> None:
    assert fold("Cafe 12") == ("cafe 12", None)
    assert fold("Café 12") == ("cafe 12", None)
    folded, places = fold("a\u200bb")
    assert (folded, places) == ("ab", [0, 2])


def test_chinese_runs_are_also_read_in_pairs_so_that_two_character_words_are_found() -> None:
    read = {word.text: word for word in words("婴儿推车 Maclaren")}
    assert {"婴儿推车", "婴儿", "推车", "maclaren"} <= read.keys()
    assert (read["推车"].start, read["推车"].end) == (2, 4)


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("heaters", "heater"),
        ("batteries", "battery"),
        ("knives", "knife"),
        ("dresses", "dress"),
        ("glass", "glass"),
        ("gas", "gas"),
    ],
)
def test_plurals_are_read_as_singulars(plural: str, singular: str) -> None:
    assert stem(plural) == singular


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("Grey aluminium organisers", ["gray", "aluminum", "organizer"]),
        ("personalised pyjamas", ["personalized", "pajama"]),
        ("Moulded tyres in five colours", ["molded", "tire", "in", "five", "color"]),
        ("a steriliser for humidity", ["a", "sterilizer", "for", "humidity"]),
    ],
)
def test_british_spellings_are_read_as_american_ones(british: str, american: list[str]) -> None:
    assert words_of(british) == american


def test_words_that_only_look_british_stay() -> None:
    assert words_of("our exercise promise: wise armchair hour") == [
        "our",
        "exercise",
        "promise",
        "wise",
        "armchair",
        "hour",
    ]


def test_abbreviations_with_points_and_possessives_are_one_word() -> None:
    assert words_of("B.O.B.® strollers") == ["bob", "stroller"]
    assert words_of("Children's robes, P.J. Salvage") == ["child", "robe", "pj", "salvage"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("HL-200R", "hl200r"), ("PPCXM 06", "PPCXM06"), ("NTSAW23O2O", "NTSAW23020"), ("L-283-MB", "I283MB")],
)
def test_a_model_number_is_the_same_however_it_is_spaced_or_misread(one: str, other: str) -> None:
    assert canonical_model(one) == canonical_model(other)


def test_a_mark_behind_a_word_is_not_part_of_it() -> None:
    assert words_of("Nutrex pressure cookers™, Volo® strollers") == ["nutrex", "pressure", "cooker", "volo", "stroller"]


def test_letters_alone_are_never_read_as_digits() -> None:
    assert canonical_model("SOLO") == "solo"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quimbraß", "Quimbrass"),
        ("Quimbræl", "Quimbrael"),
        ("Œuvrel", "Oeuvrel"),
        ("Þorvik", "Thorvik"),
        ("Auðrel", "Audrel"),
    ],
)
def test_letters_that_are_written_out_name_the_same_maker_on_either_side(one: str, other: str) -> None:
    for recalled, sold in ((one, other), (other, one)):
        index = RecallIndex([build.recall(f"{recalled} desk lamps", title=f"{recalled} Recalls Desk Lamps")])
        assert [match.band for match in index.judged(ListingText("1", f"{sold} desk lamp"))] == ["flag"]
