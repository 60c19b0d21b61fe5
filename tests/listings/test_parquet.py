"""Parquet catalogues: read as meant, in bounded memory, whatever they declare about themselves."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tests.listings.feeds import outcome, parquet

EAN = "4006381333931"


def test_columns_and_numbers_are_read_as_in_other_tables() -> None:
    found = outcome(
        parquet(
            {
                "Artikelnummer": [1, 2, 3],
                "Bezeichnung": ["Lampe", "Bett", "Tisch"],
                "EAN": [float(EAN), float("nan"), None],
                "Preis": [12.5, 99.9, None],
                "Zustand": [datetime(2026, 11, 29), None, None],  # noqa: DTZ001  as dataframes have them
            }
        )
    )
    rows = [(row.external_id, row.title, row.gtin, str(row.price)) for row in found.listings.values()]
    assert rows == [("1", "Lampe", EAN, "12.50"), ("2", "Bett", "", "99.90"), ("3", "Tisch", "", "None")]
    assert (found.report.format, found.report.unused, found.refused, found.warned) == ("Parquet", ["Zustand"], [], [])


def test_nested_columns_are_read_as_json_is() -> None:
    found = outcome(
        parquet(
            {
                "id": ["1"],
                "name": ["Lamp"],
                "brand": [{"name": "Acme"}],
                "variants": [[{"gtin": EAN, "price": "12.50"}, {"gtin": "0051141405278", "price": None}]],
                "images": [["https://c.example/a.jpg", "https://c.example/b.jpg"]],
            }
        )
    )
    row = found.listings["1"]
    assert (row.brand, row.gtin, row.image_link) == ("Acme", f"{EAN}, 0051141405278", "https://c.example/a.jpg")


def test_a_bad_row_costs_only_itself() -> None:
    found = outcome(parquet({"id": ["1", "2", "", "9"], "title": ["a", "x" * 2_100_000, "b", "c"]}))
    assert list(found.listings) == ["1", "9"]
    assert found.refused == [(2, "too long"), (3, "missing id")]


def test_a_damaged_row_group_gives_the_rows_before_it_and_says_so() -> None:
    content = bytearray(
        parquet(
            {"id": [str(n) for n in range(2_000)], "title": [f"Lamp {n}" for n in range(2_000)]},
            row_group_size=1_000,
            use_dictionary=False,
            compression="none",
        )
    )
    second = content.index(b"Lamp 1000")
    content[second - 60 : second] = b"\xff" * 60
    found = outcome(bytes(content))
    assert len(found.listings) == 1_000
    assert "cannot be read after row 1,000" in found.report.broke_off


_READ = """
import io, resource, sys
from listings.ingest import parquet
from listings.ingest.outcome import UnreadableFeed
from portal import parquet as reading
reading.MAX_MEMORY, parquet.SMALL = 64_000_000, 10**12  # as if the file had lied about its size
before = resource.getrlimit(resource.RLIMIT_AS)
with open(sys.argv[1], "rb") as source:
    try:
        next(parquet.read_parquet(source, 10**6, parquet.Report()))
    except UnreadableFeed as error:
        print(error)
assert resource.getrlimit(resource.RLIMIT_AS) == before
"""


def test_a_page_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    """In a process of its own, whose memory holds nothing that could be used again."""
    file = tmp_path / "bomb.parquet"
    file.write_bytes(parquet({"id": ["1"], "title": ["a" * 150_000_000]}, use_dictionary=False))
    command = [sys.executable, "-c", _READ, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own program
    assert done.stdout == "The Parquet file unpacks to far more than a catalogue has. Upload a smaller file.\n"


def test_a_file_of_many_row_groups_is_read_within_the_limit() -> None:
    """In the real limit, with the threads that the library starts at the first batch."""
    rows = 20_000
    columns = {"id": [str(n) for n in range(rows)], "title": [f"Lamp {n}" for n in range(rows)]}
    content = parquet(columns, row_group_size=5_000)
    assert len(outcome(content).listings) == rows
