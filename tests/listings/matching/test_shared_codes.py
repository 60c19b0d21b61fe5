"""GTINs that unrelated listings, brands or recalls carry: reported over a catalogue, and no proof in a pair."""

import json
from pathlib import Path

import pytest

from listings.matching import ListingText
from listings.matching.shared_codes import main, shared_codes
from listings.recall_files import read_recalls
from tests.listings.matching.build import found, listing, recall

CODE, OTHER = "4006381333931", "5901234123457"


def carried(title: str, number: int, **fields: str) -> ListingText:
    return ListingText(id=f"L-{number}", title=title, **{"gtin": CODE, **fields})


def test_a_code_of_two_brands_or_of_unrelated_titles_is_reported_with_examples() -> None:
    rows = [
        carried("Norvik oil heater", 1, brand="Norvik"),
        carried("Tavo blender", 2, brand="Culbrin"),
        carried("Merla stroller", 3, gtin=OTHER, brand="Ostrivo"),
        carried("Ostrivo Merla stroller, navy", 4, gtin=OTHER, brand="OSTRIVO"),
    ]
    report = shared_codes(rows)
    assert [(each.gtin, each.listings) for each in report] == [(f"0{CODE}", 2)]
    assert report[0].reasons == ("listings of different brands carry it", "listings of unrelated titles carry it")
    assert [each.id for each in report[0].examples] == ["L-1", "L-2"]


def test_a_code_that_recalls_of_different_brands_name_is_reported_without_any_listing() -> None:
    named = [
        recall("Norvik heaters", brand="Norvik", gtins=(CODE,), number="24-001"),
        recall("Culbrin blenders", brand="Culbrin", gtins=(CODE,), number="24-002"),
        recall("Norvik heaters", brand="Norvik", gtins=(OTHER,), number="24-003"),
        recall("Norvik fans", brand="Norvik", gtins=(OTHER,), number="24-004"),
    ]
    report = shared_codes([], named)
    assert [(each.gtin, each.recalls) for each in report] == [(f"0{CODE}", ("24-001", "24-002"))]
    assert report[0].reasons == ("recalls of different brands name it",)


def test_a_code_on_a_listing_that_mentions_nothing_of_the_recall_is_no_proof() -> None:
    recalled = recall("Norvik oil heaters", brand="Norvik", gtins=(CODE,))
    strange = found(recalled, listing("Velvet curtain rail Bordeaux", brand="Zelbar", gtin=CODE))
    assert "doubtful_gtin" in strange
    assert "same_gtin" not in strange
    assert "same_gtin" in found(recalled, listing("Radiador de aceite", brand="Norvik", gtin=CODE))
    assert "same_gtin" in found(recalled, listing("Обогреватель", brand="Zelbar", gtin=CODE))


def test_the_report_is_written_and_bad_lines_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue, output = tmp_path / "catalogue.jsonl", tmp_path / "codes.jsonl"
    rows = [
        {"id": "1", "title": "Norvik oil heater", "brand": "Norvik", "gtin": CODE},
        {"id": "2", "title": "Tavo blender", "brand": "Culbrin", "gtin": CODE},
    ]
    catalogue.write_text("".join(f"{json.dumps(row)}\n" for row in rows) + "{broken\n", encoding="utf-8")
    assert main(["--listings", str(catalogue), "--output", str(output)], read_recalls) == 0
    assert [json.loads(line)["gtin"] for line in output.read_text(encoding="utf-8").splitlines()] == [f"0{CODE}"]
    assert capsys.readouterr().err == "1 shared codes; 1 lines could not be read\n"


def test_a_missing_file_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--listings", str(tmp_path / "none.jsonl")], read_recalls) == 2
    assert "none.jsonl" in capsys.readouterr().err
