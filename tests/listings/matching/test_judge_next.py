"""What a person should judge next: undecided pairs, of many recalls and with many reasons."""

import json
from pathlib import Path

import pytest

from listings.matching import ListingText, RecallIndex
from listings.matching.judge_next import Candidate, judged_pairs, main, most_informative
from listings.recall_files import read_recalls
from tests.listings.matching.build import recall

INDEX = RecallIndex(
    [
        recall("Ostrivo Merla strollers", brand="Ostrivo", number="24-001", models=("MS-3300", "MS-3400")),
        recall("Culbrin Tavo blenders", brand="Culbrin", number="24-002", models=("TB-2200", "TB-2300")),
    ]
)
ROWS = [
    ListingText("sure", "Ostrivo Merla stroller MS-3300"),
    ListingText("other", "Garden chair"),
    ListingText("stroller", "Ostrivo stroller"),
    ListingText("pushchair", "Ostrivo pushchair"),
    ListingText("line", "Ostrivo Merla stroller navy oat"),
    ListingText("blender", "Culbrin blender black"),
]


def chosen(count: int, judged: frozenset[tuple[str, str]] = frozenset()) -> list[Candidate]:
    return most_informative(INDEX, ROWS, count, judged)


def test_sure_pairs_are_left_to_the_engine_and_another_recall_comes_before_the_same_again() -> None:
    found = chosen(10)
    assert {each.listing.id for each in found} == {"stroller", "pushchair", "line", "blender"}
    assert {each.match.recall_number for each in found[:2]} == {"24-001", "24-002"}
    assert len(chosen(1)) == 1


def test_pairs_that_were_judged_are_not_asked_again(tmp_path: Path) -> None:
    labelled = tmp_path / "judged.jsonl"
    labelled.write_text(json.dumps({"id": "blender", "recall": "24-002", "label": 0}) + "\n", encoding="utf-8")
    assert judged_pairs([labelled]) == {("blender", "24002")}
    assert "blender" not in {each.listing.id for each in chosen(10, frozenset({("blender", "24-002")}))}


def test_rows_have_the_form_of_the_labelled_sets_and_their_reasons() -> None:
    row = chosen(1)[0].as_row()
    assert (row["label"], row["kind"]) == (None, "judged")
    assert {"recall", "id", "title", "description", "brand", "gtin", "mpn", "score"} <= row.keys()
    assert any("brand" in reason.lower() for reason in row["reasons"])


def test_a_file_that_is_no_labelled_set_is_said_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"title": "x"}\n', encoding="utf-8")
    output = tmp_path / "next.jsonl"
    arguments = ["--recalls", str(bad), "--listings", str(bad), "--judged", str(bad), "--output", str(output)]
    assert main(arguments, read_recalls) == 2
    assert f'{bad}, line 1: a row with "id" and "recall" was expected' in capsys.readouterr().err
    assert not output.exists()
