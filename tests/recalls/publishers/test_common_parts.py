"""What the importers of all publishers share: levels, measures, barcodes, lots, codes, words, envelopes. The records are invented."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from recalls.importers import opss, safety_gate
from recalls.importers.barcodes import labelled_barcodes, read_barcodes
from recalls.importers.codes import codes_in, lots_in
from recalls.importers.safety import measure_kind, risk_level_in
from recalls.importers.text import brand, plain
from tests.recalls.publishers.reading import read
from tests.recalls.publishers.test_safety_gate import alert


@pytest.mark.parametrize(
    ("words", "level"),
    [("Serious risk", "serious"), ("HIGH", "high"), ("low-risk", "low"), ("Other risk level", ""), ("For information", ""),
     ("Type II", ""), ("high to serious", ""), ("not-provided", ""), ("", "")],
)  # fmt: skip
def test_only_a_level_that_is_named_is_read(words: str, level: str) -> None:
    assert risk_level_in(words) == level


def test_the_measures_of_publishers_are_in_the_vocabulary() -> None:
    kinds = {words: measure_kind(words) for words in (*safety_gate.MEASURES.values(), *opss.MEASURES.values())}
    assert {words for words, kind in kinds.items() if not kind} == {
        "Other",
        "Making the marketing of the product subject to prior conditions",
    }
    assert kinds["Removal of the listing by the online marketplace"] == "listing_removal"
    assert kinds["Temporary ban on the supply, offer to supply and display of the product"] == "stop_sale"


@pytest.mark.parametrize(
    ("text", "found", "notes"),
    [
        ("87185463409328718546348440", 2, 0), ("8718546340932 8718546348440", 2, 0), ("8718546340932, 8718546348440", 2, 0),
        ("8 718546 340932", 1, 0), ("EAN: 8718546340932", 1, 0), ("87185463409328718546348441", 0, 1), ("000000000", 0, 0), ("00000000 00000000", 0, 0),
        ("n/a", 0, 0), ("", 0, 0), ("='8718546340932", 0, 1), ('="0051141405278"', 1, 0), ("'0051141405278", 1, 0), ("51141405278.0", 1, 0),
        ("8.7185E+12", 0, 1), ("1234567890123", 0, 1), ("8718546340932\n8718546348440", 2, 0),
    ],
)  # fmt: skip
def test_barcodes_in_any_format(text: str, found: int, notes: int) -> None:
    left_out: list[str] = []
    assert (len(read_barcodes(text, left_out)), len(left_out)) == (found, notes)


@pytest.mark.parametrize(
    ("text", "found", "left_out"),
    [
        ("UPCs: (2 lb): 650655244825, (4 lb): 650655496873. Other", 2, 0), ("UPC code 7 84762 03730 5. The label", 1, 0),
        ("UPC code 7 84762 03730 3.", 0, 1), ("UPC 1 00001 00029 7 and more", 1, 0),
        ("UDI-DI: 00802526559044, 00802526578014, Serial Number: 760500 100707", 2, 0), ("Item 650655244825", 0, 0), ("UPC 650655244826", 0, 1),
    ],
)  # fmt: skip
def test_barcodes_named_in_running_text(text: str, found: int, left_out: int) -> None:
    notes: list[str] = []
    assert (len(labelled_barcodes(text, notes)), len(notes)) == (found, left_out)


@dataclass
class Case:
    text: str
    lots: tuple[str, ...]
    scope: str


@pytest.mark.parametrize(
    "case",
    [
        Case("tous les lots", (), "all lots"), Case("", (), "all lots"), Case("n° lot : 73728848", ("73728848",), "listed lots"),
        Case("26265 et 26266", ("26265", "26266"), "listed lots"), Case("200/300/350/400ah", (), "unknown"),
        Case("p l26/2194", ("p l26/2194",), "listed lots"),
        Case("siehe bei meiner produktliste", (), "unknown"), Case("Lot A1; lot B2", ("A1", "B2"), "listed lots"),
    ],
    ids=lambda case: case.text,
)  # fmt: skip
def test_only_lots_are_read_as_lots(case: Case) -> None:
    assert lots_in(case.text) == (case.lots, case.scope)


@pytest.mark.parametrize(
    ("text", "codes"),
    [("mzbg156 108209", ("mzbg156", "108209")), ("haché de veau 2x100g", ()), ("batteries, capacité 200/300 ah.", ()),
     ("pafuluo x20", ("x20",)), ("Modèle 52502HPA3 taille 12", ("52502HPA3",))],
)  # fmt: skip
def test_codes_are_distinguished_from_measures(text: str, codes: tuple[str, ...]) -> None:
    assert codes_in(text) == codes


def test_html_and_quotes_around_words() -> None:
    assert plain("<p>One</p><ul><li>Two</li><li>Three &amp; four</li></ul>") == "One\nTwo\nThree & four"
    assert plain("a < b and c > d") == "a < b and c > d"
    assert (brand('"Acme"'), brand(" nincs "), brand(None)) == ("Acme", "", "")


@pytest.mark.parametrize(
    "envelope",
    [
        lambda rows: {"total_count": 5_101, "results": rows},
        lambda rows: {"success": {"total": 5_101, "results": rows}},
        lambda rows: {"meta": {"results": {"total": 5_101, "limit": 1}}, "results": rows},
        lambda rows: {"totalElements": 5_101, "content": rows},
    ],
)
def test_one_page_of_a_publishers_answer_says_that_it_is_not_the_whole(envelope: Callable[[Any], Any]) -> None:
    assert any("1 of 5,101 records" in remark for remark in read(envelope([alert()])).report.remarks)
    assert read([alert()]).report.remarks == read({"total": 1, "content": [alert()]}).report.remarks == []
