"""Sentences that services store in English are shown in the reader's language; the next one that is not is found here."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone, translation

from portal.http import stored_texts
from portal.templatetags.offshelf import due

# Sentences


@pytest.mark.parametrize(
    ("stored", "german"),
    [
        ("Same GTIN 04006381333931.", "Gleiche GTIN 04006381333931."),
        ("Same model number HL-200R.", "Gleiche Modellnummer HL-200R."),
        ("Same model number HL-200R, written HL 200 R.", "Gleiche Modellnummer HL-200R, geschrieben HL 200 R."),
        (
            "The recall is limited to certain models, which the listing does not mention. Ask the seller.",
            "Der Rückruf ist auf bestimmte Modelle beschränkt; das Angebot erwähnt nichts davon. Fragen Sie den Verkäufer.",
        ),
        (
            "In a browser: The page says “Sold, out”, but it still offers the listing.",
            "Im Browser: Die Seite sagt „Sold, out“, aber das Angebot steht dort weiterhin zum Kauf.",
        ),
        (
            "2 matching checks at least 1 hour apart: The page says “Ended”.",
            "2 übereinstimmende Prüfungen im Abstand von mindestens 1 Stunde: Die Seite sagt „Ended“.",
        ),
        (
            "imported without its price: 12,5x is not a price; write it like 12.50 USD",
            "ohne Preis importiert: 12,5x ist kein Preis; schreiben Sie ihn wie 12.50 USD",
        ),
        ("Late: Reminder to moderators: Heater", "Verspätet: Erinnerung an die Moderation: Heater"),
        (
            (
                "Overdue removal checks: 3, the oldest since 06 Mar 2026 21:00:00 UTC. "
                "Failed mail: 2. See the failed jobs."
            ),
            (
                "Überfällige Entfernungsprüfungen: 3, die älteste seit 6. März 2026 22:00 CET. "
                "Fehlgeschlagene E-Mails: 2. Siehe die fehlgeschlagenen Aufträge."
            ),
        ),
        ("Flag 7: Not the product", "Verdachtsfall 7: Nicht das Produkt"),
    ],
)
def test_a_stored_sentence_is_shown_with_its_values(stored: str, german: str) -> None:
    with translation.override("de"), timezone.override("Europe/Berlin"):
        said = stored_texts.in_readers_language(stored)
    assert said == german


def test_a_time_in_a_stored_sentence_is_in_the_readers_zone_in_english_too() -> None:
    with translation.override("en"), timezone.override("America/New_York"):
        said = stored_texts.in_readers_language("The seller had until 06 Mar 2026 21:00:00 UTC to reply.")
    assert said == "The seller had until 06 Mar 2026, 16:00 EST to reply."


def test_a_deadline_at_midnight_is_the_end_of_the_day_before_in_a_stored_sentence_as_on_pages() -> None:
    midnight = datetime(2026, 3, 5, 23, 0, tzinfo=UTC)
    stored = f"Listing A-1 on Bazaarly, recall 26-1. Deadline: {midnight:%d %b %Y %H:%M} UTC. Status: open."
    with translation.override("en"), timezone.override("Europe/Berlin"):
        assert stored_texts.in_readers_language(stored) == (
            "Listing A-1 on Bazaarly, recall 26-1. Deadline: end of Thu 5 Mar 2026 CET. Status: open."
        )
        assert ">end of Thu 5 Mar 2026 CET</time>" in due(midnight)
    with translation.override("en"), timezone.override("Europe/London"):
        assert "Deadline: 05 Mar 2026, 23:00 GMT." in str(stored_texts.in_readers_language(stored))


def test_an_unknown_sentence_stays_and_is_marked_as_english() -> None:
    with translation.override("de"):
        assert (
            stored_texts.stored("Nobody wrote <this>.") == '<span lang="en" dir="ltr">Nobody wrote &lt;this&gt;.</span>'
        )
        assert stored_texts.stored("") == ""


def test_what_a_stranger_wrote_is_a_value_and_never_a_text_of_ours() -> None:
    stored = "The listing says “Same GTIN 1.”."
    with translation.override("de"):
        assert stored_texts.stored(stored) == "Im Angebot steht „Same GTIN 1.“."
        assert "&lt;script&gt;%(words)s" in stored_texts.stored("The listing says “<script>%(words)s”.")


@pytest.mark.parametrize(
    "hostile",
    [
        "The page says “" + "”, but " * 250,
        "The listing says " + "; the recall says " * 100,
        "Late: " * 300,
        "In a browser: " * 130,
        "x; " * 600,
        ", ".join(["once"] * 19),
        "imported, but " * 140,
    ],
)
def test_no_words_of_a_stranger_make_the_search_long(hostile: str) -> None:
    stored_texts._sentences.cache_clear()
    stored_texts._search.cache_clear()
    stored_texts._sentences(hostile)
    assert stored_texts._search.cache_info().misses < 1_000


# Where sentences are written

VALUE = "\0"
WRITERS = (
    "listings/matching/rules",
    "listings/matching/contested.py",
    "listings/matching/gtins.py",
    "listings/past_removals.py",
    "listings/relisting.py",
    "listings/ingest",
    "recalls/importers",
    "recalls/services/import_judging.py",
    "enforcement/rules/verdict",
    "enforcement/rules/destinations.py",
    "enforcement/checks/services",
    "enforcement/checks/fetch.py",
    "enforcement/oversight/services/deadline_monitor.py",
    "portal/http/addresses.py",
)
"""Modules whose sentences pages show."""
OF_OTHER_WORDS = {
    "lexicon.py", "synonyms.py", "countries.py", "shapes.py", "adapters.py", "walk.py", "opss.py", "health_canada.py",
    "safety_gate.py", "__main__.py", "bot_walls.py", "addresses.py",
}  # fmt: skip
"""Modules of words that are looked for in files and pages, and of programs."""
PIECES = {
    "The product name has the model \0", "; the listing says \0.", ", which the listing does not mention.",  # one sentence
    "a wrong check digit", "GTIN \0 has \0: imported as given; compare it with the label",
    "\0 could be \0 or \0.\0: write it like \0.00", ", separated by \0",
    "The file is packed twice. Upload only the \0.", "The XML is cut off: \0> is missing at its end.",
    "line \0 has \0", "\0 fields, NHTSA's layout has \0: the layout changed or the row is cut off; download the file again",
    "is missing or empty", "is longer than \0 characters", "numero_fiche \0: give the notice's number",
    "This is a web page\0, not a file of recalls: download the publisher's data file.", " Its fields are \0.", " The newest one: \0",
    "This is the list of weekly reports, without alerts: download one of the reports in it.\0",
    "The file is JSON, but not from a known publisher. Upload a file from \0, or a table.\0",
    "the notification names no product: add a name, brand, model or barcode\0",
    "line \0: \0: \0: correct one of both", "deaths are stated, so the worst severity is fatal", "fatal, but no deaths",
    "The page says “\0”, but ", "The page has the markup of an ended listing, but ",
    "The page says “\0”, but about another product.", "The page says “\0”, but also offers the listing.",
    "The shop puts us off (header \0: \0).", "The shop \0: \0. Its answers cannot confirm a removal.",
    "answers both the same way", "says of both that they are not there", "\0 matching checks at least \0 apart",
    " The latest: \0 \0, \0.", "Rows were skipped with an error (\0). See the failed jobs.\0",
    "\0 not matched yet: \0, the oldest since \0.", "Failed \0: \0. See the failed jobs.",
    "the publisher withdrew this notice\0\0. If the recall is published here, withdraw it on its page",
    "control check \0 of \0: \0 impossible \0 sha256 \0; on sale \0 sha256 \0",  # of the audit log alone
    "every zero byte is in an \0 place",
    "line \0: \0 is missing or empty: give the recall's title or its product",
    "feeds to look at",  # of the log
    "a \0 that is nested too deeply to be shown",  # of the kept record
}  # fmt: skip
"""Pieces that are put together to sentences which are registered as a whole, and what no page shows."""


def _as_one(text: str) -> str:
    return re.sub(f"{VALUE}+", VALUE, text.replace(f"{VALUE} UTC", VALUE))


def written_in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed |= {id(each) for each in ast.walk(node) if each is not node}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))  # a docstring
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {
            "gettext", "gettext_noop", "ngettext", "compile", "exception", "warning", "as_system", "system", "sweep",
        }:  # fmt: skip
            passed |= {id(each) for each in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield _as_one("".join(str(each.value) if isinstance(each, ast.Constant) else VALUE for each in node.values))


def is_a_sentence(text: str) -> bool:
    """Four words or more in small letters, and none of the marks that only programs read."""
    words = re.findall(r"(?<![\w.])[a-z][a-z’']*(?=[ .,:;%…]|$)", text)
    return len(words) >= 4 and not re.search(r"[\\<*{=\[|]|\(\?:|\w/\w+,|\bSELECT\b|\bUPDATE\b|%s", text)


@pytest.mark.parametrize("writer", WRITERS)
def test_every_sentence_of_a_writer_can_be_shown_in_other_languages(writer: str) -> None:
    known = {_as_one(VALUE.join(text.literals)) for text in stored_texts._WITH_VALUES} | stored_texts._WHOLE | PIECES
    place = Path(settings.BASE_DIR) / writer
    paths = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    sentences = {
        text
        for path in paths
        if path.name not in OF_OTHER_WORDS or len(paths) == 1
        for text in written_in(path)
        if is_a_sentence(text)
    }
    missing = sorted(text.replace(VALUE, "…") for text in sentences - known)
    assert missing == [], "register each in the module of texts of its app (portal/http/stored_texts.py)"


def test_each_registered_text_is_found_again() -> None:
    for text in stored_texts._WITH_VALUES:
        values = {name: _sample(name) for name in text.names}
        sentence = text.message % values
        assert stored_texts.is_known(sentence), text.message


def _sample(name: str) -> str:
    if name.startswith(("moment", "deadline")):
        return "06 Mar 2026 21:00:00 UTC"
    return "once" if name.startswith("our_") else "12"
