"""However a title is dressed up, it is matched as the name that a person reads off the screen."""

import time
from collections.abc import Callable

import pytest

from listings.matching import RecallIndex, listing_keys, quick_read, recall_keys
from listings.matching.disguises import undisguised
from listings.matching.normalise import decode, texts_of, words
from listings.matching.texts import ListingText, ProductText
from tests.listings.matching.build import recall_of

NAME = "Hearthline HL-200R ceramic tower heater 1500 W"
SMALL_CAPITALS = dict(zip("abcdefghijklmnopqrtuvwyz", "ᴀʙᴄᴅᴇғɢʜɪᴊᴋʟᴍɴᴏᴘǫʀᴛᴜᴠᴡʏᴢ", strict=True))
TURNED = dict(zip("abcdefghijklmnopqrtuvwy", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹʇnʌʍʎ", strict=True))


def each(change: Callable[[str], str]) -> str:
    return "".join(change(character) for character in NAME)


DRESSED_UP = {
    "right-to-left override": f"\u202e{NAME[::-1]}",
    "override of a part": f"\u202e{'Hearthline HL-200R'[::-1]}\u202c ceramic tower heater",
    "small capitals": each(lambda c: SMALL_CAPITALS.get(c.lower(), c)),
    "regional indicators": each(lambda c: chr(0x1F1E6 + ord(c.lower()) - 97) if c.isalpha() else c),
    "negative squares": each(lambda c: chr(0x1F170 + ord(c.upper()) - 65) if c.isalpha() else c),
    "upside down": each(lambda c: TURNED.get(c.lower(), c))[::-1],
    "fillers between letters": "\u3164".join(NAME),
    "variation selectors": "\ufe0f".join(NAME),
    "tag characters": "\U000e0041".join(NAME),
    "combining joiners": "\u034f".join(NAME),
    "letters apart": " ".join(NAME),
    "pictures between letters": "\U0001f525".join(NAME),
    "markup inside words": NAME.replace("e", "e<b></b>"),
    "digits for letters": "H34rthl1n3 HL-200R c3r4m1c tower h34t3r",
    "one digit for a letter": "Hearthl1ne HL-200R cerami<b></b>c t0wer heater",
    "signs for letters": "He@rthline HL-200R cer@mic tower heater",
    "a star for a letter": "He*rthline HL-200R ceramic tower heater".replace("He*", "H*"),
    "Cherokee letters": NAME.replace("H", "Ꮋ").replace("L", "Ꮮ").replace("R", "Ꭱ"),
    "Lisu letters": NAME.replace("H", "ꓧ").replace("L", "ꓡ").replace("R", "ꓣ"),
    "mathematical letters": each(lambda c: chr(0x1D5EE + ord(c) - 97) if "a" <= c <= "z" else c),
    "more than one star": "H*arthline HL-200R cer*mic t*wer heat*r",
    "emblems of letters, kept apart": each(
        lambda c: f"{chr(0x1F1E6 + ord(c.lower()) - 97)}\u200c" if c.isalpha() else c
    ),
    "digits on keys": "".join(f"{c}\ufe0f\u20e3" if c.isdigit() else c for c in NAME),
    "letters in brackets": each(lambda c: chr(0x249C + ord(c) - 97) if "a" <= c <= "z" else c),
    "letters in circles that combine": "".join(f"{c}\u20dd" if c.isalnum() else c for c in NAME),
    "small Cherokee letters": NAME.replace("H", chr(0xAB8B)).replace("R", chr(0xABB1)),
    "letters of phoneticians": NAME.replace("a", "ɑ").replace("t", "ƫ").replace("i", "ɨ"),
    "letters of other alphabets": NAME.replace("l", "ł").replace("o", "ø").replace("t", "ŧ"),
    "entities of entities of entities": "".join(f"&amp;amp;#{ord(c)};" for c in NAME),
    "escapes of programs": "".join(f"\\u{ord(c):04x}" for c in NAME),
    "escapes of addresses": "".join(f"%{ord(c):02X}" for c in NAME),
    "blanks of addresses": NAME.replace(" ", "%20"),
    "markup of forums": NAME.replace("e", "e[b][/b]"),
    "stars for bold": "".join(f"**{word[0]}**{word[1:]} " for word in NAME.split()),
    "remarks inside words": NAME.replace("e", "e<!-- -->"),
    "letters apart, and words further apart": "   ".join(" ".join(word) for word in NAME.split()),
    "points between letters, also of short words": " ".join("·".join(word) for word in NAME.split()),
    "words run together": "#HearthlineCeramicTowerHeater HL-200R",
    "Arabic digits": NAME.translate(str.maketrans("0125", "٠١٢٥")),
}


@pytest.mark.parametrize("how", DRESSED_UP)
def test_a_dressed_up_title_is_flagged_by_the_keys_and_by_the_pair(how: str) -> None:
    recall = recall_of(ProductText(name="Hearthline Ceramic Tower Heaters", brand="Hearthline", models=("HL-200R",)))
    text = ListingText(id="L-1", title=DRESSED_UP[how])
    assert recall_keys(recall) & listing_keys(quick_read(text)), "it would never be looked at"
    assert [match.band for match in RecallIndex([recall]).match(text)] == ["flag"]


@pytest.mark.parametrize("how", DRESSED_UP)
def test_the_quick_read_finds_the_words_of_the_whole_read(how: str) -> None:
    text = decode(DRESSED_UP[how])
    assert {word.text for word in words(text)} <= set(texts_of(text))


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        "Vitamin A B C D drops",
        "Flagge 🇺🇸 USA 🇩🇪",
        "Size S M L XL",
        "T-shirt < 5 years > 3",
        "Model WA1O5GML",
        "المدفأة",
        "kettle (1.7 l) - 2-pack",
        "ən ɪnˈglɪʃ wɜːd",
    ],
)
def test_what_is_not_dressed_up_stays_as_it_is(text: str) -> None:
    assert undisguised(text) == text


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("c00ler", "cooler"),
        ("1gl00", "igloo"),
        ("H0verboard", "hoverboard"),
        ("STR0LLER", "stroller"),
        ("b1ender", "blender"),
    ],
)
def test_a_known_word_is_read_under_its_digits(written: str, word: str) -> None:
    assert texts_of(written) == [word]
    assert [each.disguised for each in words(written)] == [True]


@pytest.mark.parametrize(
    "number", ["KX100", "CRF450R", "A1000", "WA1O5GML", "50cal", "4K", "1000s", "TM000046", "HL1300X"]
)
def test_a_model_number_is_no_word_under_digits(number: str) -> None:
    assert texts_of(number) == [number.lower().removesuffix("s")]


@pytest.mark.parametrize(
    "text", ["shop@mail.example", "Price 5 $ each", "3*5 rug", "Cotton*Polyester", "C# book", "Size S*M*L"]
)
def test_signs_that_hide_no_letter_stay(text: str) -> None:
    assert undisguised(text) == text


@pytest.mark.parametrize(
    ("written", "name"),
    [("Хонда", "honda"), ("Филипс", "philip"), ("кавасаки", "kawasaki"), ("Тошиба", "toshiba"), ("икеа", "ikea")],
)
def test_a_name_in_cyrillic_letters_is_read_as_the_maker_writes_it(written: str, name: str) -> None:
    assert name in texts_of(written)
    assert name in {word.text for word in words(written)}
    assert not any(word.disguised for word in words(written) if word.text == name)


@pytest.mark.parametrize("word", ["коляска", "детскии", "новыи", "пеленка", "стульчик"])
def test_an_ordinary_word_in_cyrillic_letters_is_no_name(word: str) -> None:
    assert texts_of(word) == [word]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("100% cotton 50%20 off", ["100", "cotton", "50", "20", "off"]),
        ("Black*White lamp", ["black", "white", "lamp"]),
        ("Router [A]", ["router", "a"]),
        ("C:\\users", ["c", "user"]),
        ("KitchenAid SodaStream iCarPlay CoCaLo", ["kitchenaid", "sodastream", "icarplay", "cocalo"]),
        ("A · B  C D kettle", ["a", "b", "c", "d", "kettle"]),
        ("🇺🇸 flag", ["flag"]),
    ],
)
def test_signs_and_capitals_of_honest_titles_change_no_word(written: str, folded: list[str]) -> None:
    assert [word for word in texts_of(decode(written)) if not word.startswith("\U0001f1e6")] == folded


@pytest.mark.parametrize(("written", "latin"), [("Røde", "rode"), ("Łucznik", "lucznik"), ("Đak", "dak")])
def test_a_letter_that_an_alphabet_has_stays_beside_its_latin_shape_and_hides_nothing(written: str, latin: str) -> None:
    own, shape = words(written)
    assert (own.text, shape.text) == (written.lower(), latin)
    assert not shape.disguised


def test_a_long_hostile_text_costs_little() -> None:
    for text in ("a " * 50_000, "<a" * 50_000, "<!--" * 30_000, "\u202e" * 100_000, "a🔥" * 50_000, "ɐ" * 100_000):
        began = time.thread_time()
        undisguised(text[:20_000])
        assert time.thread_time() - began < 0.5, text[:4]  # a hundredth of that is usual


@pytest.mark.parametrize("written", ["НL-200R", "HL−200R", "HL–200R", "HL‐200R", "ΗL-200R", "HL-2ООR"])
def test_a_model_number_in_letters_and_dashes_that_look_alike_is_the_number(written: str) -> None:
    recall = recall_of(ProductText(name="Hearthline Ceramic Tower Heaters", brand="Hearthline", models=("HL-200R",)))
    (match,) = RecallIndex([recall]).match(ListingText(id="L-1", title=f"Hearthline heater {written}"))
    assert match.band == "flag"
    assert "same_model_and_brand" in {item.signal for item in match.evidence}


@pytest.mark.parametrize(
    "text",
    ["Обогреватель 220В 1500Вт НЛ-20", "USB-кабель2", "Насос ВВН1-3", "Lampe – 20 cm", "100–150", "HL-100–HL-150"],
)
def test_a_number_that_looks_like_no_latin_one_stays(text: str) -> None:
    assert undisguised(text) == text


@pytest.mark.parametrize("escaped", ["\\u0000", "\\ud800", "%00", "%1b", "%ed%a0%80", "&#0;", "&#xd800;"])
def test_no_escape_brings_in_what_a_database_refuses(escaped: str) -> None:
    text = decode(f"%48%65arthline heater {escaped}HL-200R {escaped}")
    assert not any(letter < " " or "\ud800" <= letter < "\ue000" for letter in text)


@pytest.mark.parametrize(
    "text",
    ["Ab" * 50_000, "Abc" * 30_000 + "1", "**a " * 20_000, "[b" * 30_000, "%41" * 30_000, "a*b " * 20_000, "НL-2" * 20_000,
     "a·" * 40_000, "\\u0041" * 15_000, "a b  " * 20_000, "&amp;" * 20_000, "\U0001f1e6\u200b" * 30_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_a_text_of_one_trick_alone_costs_little(text: str) -> None:
    started = time.process_time()
    undisguised(text[:1_500])
    assert time.process_time() - started < 0.05
    undisguised(text)
    assert time.process_time() - started < 3
