"""python -m listings.matching on files, as a platform runs it."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from listings.matching import RecallIndex, read_recall
from listings.matching.cache import unpack
from listings.matching.files import UnreadableRecord, listing_lines, parse_listing
from listings.recall_files import read_recalls

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "portal" / "demo" / "data"
RECALLS = SAMPLE / "sample_recalls.json"
CATALOGUE = SAMPLE / "sample_catalogue_bazaarly.jsonl"


def run(*arguments: object, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    keep = ["--cache", str(cache)] if cache else ["--no-cache"]
    command = [sys.executable, "-m", "listings.matching", *map(str, arguments), *keep]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603  our own


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_file_run_gives_the_same_matches_as_the_engine_in_memory(tmp_path: Path) -> None:
    output = tmp_path / "matches.jsonl"
    done = run("--recalls", RECALLS, "--listings", CATALOGUE, "--output", output, "--bands", "flag+ask")
    assert done.returncode == 0, done.stderr
    index = RecallIndex(read_recall(row) for row in read_recalls(RECALLS) if not isinstance(row, UnreadableRecord))
    expected = [
        json.loads(json.dumps(match.as_dict()))
        for _, line in listing_lines(CATALOGUE)
        for match in index.match(parse_listing(line)[0])
    ]
    assert lines(output) == expected
    assert len(expected) > 10


def test_a_second_run_uses_what_the_first_read_of_the_recalls_and_writes_the_same(tmp_path: Path) -> None:
    kept, one, two = tmp_path / "kept", tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    recalls = tmp_path / "recalls.json"
    recalls.write_text(json.dumps([*json.loads(RECALLS.read_text(encoding="utf-8")), {"RecallNumber": 5}]))
    first = run("--recalls", recalls, "--listings", CATALOGUE, "--output", one, cache=kept)
    assert [each.stat().st_mode & 0o777 for each in (kept, *kept.iterdir())] == [0o700, 0o600]
    (file,) = kept.iterdir()
    os.utime(file, (1, 1))
    second = run("--recalls", recalls, "--listings", CATALOGUE, "--output", two, cache=kept)
    assert file.stat().st_mtime > 1, "it was used"
    assert one.read_bytes() == two.read_bytes() != b""
    assert "record 16" in first.stderr
    assert "record 16" in second.stderr


def test_a_damaged_reading_is_noted_and_the_recalls_are_read_again(tmp_path: Path) -> None:
    kept, output = tmp_path / "kept", tmp_path / "matches.jsonl"
    run("--recalls", RECALLS, "--listings", CATALOGUE, "--output", output, cache=kept)
    expected = output.read_bytes()
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    done = run("--recalls", RECALLS, "--listings", CATALOGUE, "--output", output, cache=kept)
    assert "is not used: it is damaged" in done.stderr
    assert done.returncode == 0
    assert output.read_bytes() == expected
    assert len(unpack(file.read_bytes()).recalls.numbers) == 15, "a good one is in its place"


def test_a_folder_that_others_can_write_to_is_neither_read_nor_written(tmp_path: Path) -> None:
    kept, output = tmp_path / "kept", tmp_path / "matches.jsonl"
    kept.mkdir()
    kept.chmod(0o777)
    done = run("--recalls", RECALLS, "--listings", CATALOGUE, "--output", output, cache=kept)
    assert done.returncode == 0
    assert "others may write to" in done.stderr
    assert list(kept.iterdir()) == []
    assert lines(output)


def test_the_last_line_says_how_much_was_done_and_how_fast(tmp_path: Path) -> None:
    done = run("--recalls", RECALLS, "--listings", CATALOGUE, "--output", tmp_path / "matches.jsonl")
    count = sum(1 for _ in listing_lines(CATALOGUE))
    assert re.fullmatch(rf"{count} listings x 15 recalls in \d+\.\d s, \d+ listings/s", done.stdout.splitlines()[-1])


def test_bad_lines_are_named_with_their_numbers_and_stop_nothing(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl.gz"
    good = {"id": "A", "title": "Baseus magnetic wireless power bank PPCXM06", "brand": "Baseus"}
    with gzip.open(feed, "wt", encoding="utf-8") as out:
        out.write(
            f'{json.dumps(good)}\n{{"id": "B", "title": \n\n["C"]\n{{"id": "D"}}\n{json.dumps({**good, "id": "E"})}\n'
            f"{json.dumps({**good, 'id': 'F', 'price': 10**308 * 10})}\n"
        )
    output = tmp_path / "matches.jsonl"
    done = run("--recalls", RECALLS, "--listings", feed, "--output", output)
    assert done.returncode == 0
    assert [row["listing_id"] for row in lines(output)] == ["A", "E"]
    for number, detail in ((2, "not JSON"), (4, "an object"), (5, "an object"), (7, "the price")):
        assert re.search(rf"feed\.jsonl\.gz, line {number}: .*{detail}", done.stderr), done.stderr
    assert "4 lines could not be read" in done.stderr
    assert done.stdout.startswith("2 listings")


def test_a_half_file_keeps_what_was_read_and_says_so(tmp_path: Path) -> None:
    whole, half = gzip.compress(CATALOGUE.read_bytes() * 50), tmp_path / "half.jsonl.gz"
    half.write_bytes(whole[: len(whole) // 2])
    done = run("--recalls", RECALLS, "--listings", half, "--output", tmp_path / "matches.jsonl")
    assert done.returncode == 2
    assert "could not be read completely" in done.stderr
    assert "Traceback" not in done.stderr


def test_strange_text_is_written_as_valid_json(tmp_path: Path) -> None:
    feed, output = tmp_path / "feed.jsonl", tmp_path / "matches.jsonl"
    strange = (
        '{"id": "A\\ud800", "title": "Baseus magnetic wireless power bank PPCXM06 \\ud83d \\u0000", "brand": "Baseus"}'
    )
    feed.write_text(f"{strange}\n{'[' * 100_000}\n", encoding="utf-8")
    done = run("--recalls", RECALLS, "--listings", feed, "--output", output)
    assert done.returncode == 0, done.stderr
    assert [str(match["recall_number"]) for match in lines(output)] == ["24287"]
    assert "line 2: not a listing: nested too deeply" in done.stderr


def test_pairs_scores_the_named_pair_and_no_other(tmp_path: Path) -> None:
    feed, output = tmp_path / "pairs.jsonl", tmp_path / "matches.jsonl"
    row = {"id": "A", "title": "Baseus magnetic wireless power bank PPCXM06", "brand": "Baseus"}
    feed.write_text("\n".join(json.dumps({**row, "recall": number}) for number in ("24287", "25351", "none")))
    done = run("--recalls", RECALLS, "--listings", feed, "--output", output, "--pairs")
    assert done.returncode == 0
    assert [match["recall_number"] for match in lines(output)] == ["24287"]


def test_bands_say_how_unsure_a_match_may_be_to_be_written(tmp_path: Path) -> None:
    feed, recalls = tmp_path / "feed.jsonl", tmp_path / "recalls.json"
    said = "This recall involves Hearthline heaters, models HL-200R and HL-400R. Model HL-400R is not included."
    hearthline = {
        "RecallNumber": "99001",
        "RecallDate": "2024-01-05T00:00:00",
        "Title": "Hearthline Recalls Space Heaters Due to Fire Hazard",
        "Description": said,
        "Products": [{"Name": "Hearthline Space Heaters"}],
    }
    recalls.write_text(json.dumps([*json.loads(RECALLS.read_text(encoding="utf-8")), hearthline]))
    titles = ("Hearthline space heater HL-200R", "Hearthline space heater HL-400R", "GIKPAL dresser")
    feed.write_text("\n".join(json.dumps({"id": title, "title": title}) for title in titles))
    written = []
    for bands in (["--bands", "flag"], ["--bands", "flag+ask"], ["--all-bands"]):
        run("--recalls", recalls, "--listings", feed, "--output", tmp_path / "matches.jsonl", *bands)
        written.append({str(match["band"]) for match in lines(tmp_path / "matches.jsonl")})
    assert written[:2] == [{"flag"}, {"flag", "ask"}]
    assert written[2] >= written[1]


@pytest.mark.parametrize("missing", ["recalls", "listings"])
def test_a_file_that_is_not_there_is_one_sentence_and_status_2(tmp_path: Path, missing: str) -> None:
    files = {"recalls": RECALLS, "listings": CATALOGUE, missing: tmp_path / "nowhere.json"}
    done = run("--recalls", files["recalls"], "--listings", files["listings"], "--output", tmp_path / "matches.jsonl")
    assert done.returncode == 2
    assert "nowhere.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_and_two_processes_write_the_same_file(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    run("--recalls", RECALLS, "--listings", CATALOGUE, CATALOGUE, "--output", one, "--processes", 1)
    run("--recalls", RECALLS, "--listings", CATALOGUE, CATALOGUE, "--output", two, "--processes", 2)
    assert one.read_bytes() == two.read_bytes()


def test_the_help_says_what_goes_in_and_what_comes_out() -> None:
    said = run("--help").stdout
    for word in ("--recalls", "--listings", "--pairs", "--bands", "listing_id", "score"):
        assert word in said


def test_the_engine_runs_without_django_and_without_the_formats_of_recalls() -> None:
    code = "import sys, listings.matching.command; sys.exit(any(name.startswith(('django', 'recalls')) for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0  # noqa: S603  our own
