"""However a title is dressed up, it is matched as the name that a person reads off the screen."""

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


def test_a_long_hostile_text_costs_little() -> None:
    for text in ("a " * 50_000, "<a" * 50_000, "<!--" * 30_000, "\u202e" * 100_000, "a🔥" * 50_000, "ɐ" * 100_000):
        undisguised(text[:20_000])
