"""What shops say in each language of the lexicon, both senses side by side: ended or removed, and out of stock.

The table `shop_phrases.tsv` has a line for each language: the EU's 24 and those of the large marketplaces.
"""

import csv
from pathlib import Path

import pytest

from enforcement.rules.verdict import Answer, judge
from enforcement.rules.verdict.lexicon import languages

TITLE, ID, URL = "Frostholm ice shaver ISH-77", "AA-55102", "https://bazaar.example/goods/AA-55102"
OTHERS = "<a href='/'>Bazaar</a><aside><h3>Better Toaster 9</h3><button>Add to cart</button></aside>"
with (Path(__file__).parent / "shop_phrases.tsv").open(encoding="utf-8") as lines:
    TABLE = {row.pop("language"): row for row in csv.DictReader(lines, delimiter="\t")}
OF_THE_EU = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
]


def page(body: str, title: str = "Bazaar") -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


def product(body: str) -> str:
    return page(f"<nav><a href='/cart'>0</a></nav><main><h1>{TITLE}</h1>{body}</main>", f"{TITLE} | Bazaar")


def verdict(html: str, status: int = 200) -> str:
    return judge(Answer(status, URL, URL, {}, html), listing_id=ID, title=TITLE).verdict


def said(language: str, column: str) -> list[str]:
    return TABLE[language][column].split("; ")


def test_the_table_has_every_language_of_the_lexicon_and_every_official_one_of_the_eu() -> None:
    assert set(TABLE) == {language.code for language in languages()}
    assert set(OF_THE_EU) <= set(TABLE)
    assert all(cell and " " not in (cell[0], cell[-1]) for row in TABLE.values() for cell in row.values())


@pytest.mark.parametrize("language", TABLE)
def test_a_listing_that_was_ended_or_removed_is_gone(language: str) -> None:
    for sentence in said(language, "ended or removed"):
        assert verdict(product(f"<p>{sentence}</p>")) == "gone", sentence
        assert verdict(page(f"<h1>{sentence}</h1>{OTHERS}"), 404) == "gone", sentence


@pytest.mark.parametrize("language", TABLE)
def test_a_listing_that_is_out_of_stock_is_live(language: str) -> None:
    for sentence in said(language, "out of stock or unavailable"):
        assert verdict(product(f"<div id='availability'>{sentence}.</div>")) == "live", sentence
        assert verdict(product(f"<p>29,90 €</p><p>{sentence}</p>")) == "live", sentence
        assert verdict(page(f"<p>{sentence}</p>")) == "unknown", sentence


@pytest.mark.parametrize("language", TABLE)
def test_a_page_that_was_not_found_is_gone_and_one_that_is_not_sold_here_is_restricted(language: str) -> None:
    for sentence in said(language, "not found"):
        assert verdict(page(f"<h1>{sentence}</h1>", sentence), 404) == "gone", sentence
        assert verdict(page(f"<h1>{sentence}</h1>{OTHERS}", sentence)) == "gone", sentence
    for sentence in said(language, "not for sale here"):
        assert verdict(product(f"<p>{sentence}.</p>")) == "restricted", sentence


@pytest.mark.parametrize("language", TABLE)
def test_walls_and_outages_are_unknown_whatever_their_status(language: str) -> None:
    for sentence in (*said(language, "bot wall"), *said(language, "out of order")):
        for status in (200, 404, 410):
            assert verdict(page(f"<h1>{sentence}</h1>", "Bazaar"), status) == "unknown", sentence
