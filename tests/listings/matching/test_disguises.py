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


def test_a_long_hostile_text_costs_little() -> None:
    for text in ("a " * 50_000, "<a" * 50_000, "<!--" * 30_000, "\u202e" * 100_000, "a🔥" * 50_000, "ɐ" * 100_000):
        began = time.thread_time()
        undisguised(text[:20_000])
        assert time.thread_time() - began < 0.5, text[:4]  # a hundredth of that is usual
