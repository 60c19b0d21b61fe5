"""Reading a file by the columns that a person chose, in every format; and what a file shows of itself for choosing."""

import io
import json
from collections.abc import Collection, Iterator

import pytest

from listings.ingest.columns import MAX_COLUMNS, plan_for
from listings.ingest.outcome import BrokeOff, Chosen, Complaint, Report, UnreadableFeed
from listings.ingest.readers import read_feed
from listings.ingest.rows import ListingRow, parse_row
from listings.ingest.samples import begun
from tests.listings.feeds import packed, parquet, workbook

CHOSEN: Chosen = (("external_id", "Foo"), ("title", "Bar"), ("price", "Baz"))
ROWS = [["Foo", "Bar", "Baz", "Brand"], ["A-1", "Lamp", "9.50", "Acme"], ["A-2", "Bed", "120.00", ""]]
CSV = "\n".join(",".join(row) for row in ROWS).encode()
OBJECTS = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
XML = "".join(
    "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in row.items()) + "</item>" for row in OBJECTS
)


def read(content: bytes, chosen: Chosen = CHOSEN) -> tuple[list[ListingRow], Report]:
    def choose(_columns: Collection[str]) -> Chosen:
        return chosen

    feed = read_feed(io.BytesIO(content), len(content), choose)
    found = [parse_row(line, row, decimal=feed.decimal)[0] for line, row in feed if not isinstance(row, Complaint)]
    return [row for row in found if row], feed.report


@pytest.mark.parametrize(
    "content",
    [
        CSV, CSV.replace(b",", b"\t"), CSV.decode().encode("utf-16"), packed(CSV), b"Catalogue of May\n\n" + CSV,
        workbook(*ROWS), workbook(["Catalogue", "of May"], *ROWS),
        parquet({name: [row[place] for row in ROWS[1:]] for place, name in enumerate(ROWS[0])}),
        json.dumps(OBJECTS).encode(), "\n".join(map(json.dumps, OBJECTS)).encode(), f"<root>{XML}</root>".encode(),
    ],
    ids=["CSV", "TSV", "UTF-16", "gzip", "CSV below a title", "XLSX", "XLSX below a title", "Parquet", "JSON", "JSONL", "XML"],
)  # fmt: skip
def test_chosen_columns_are_read_in_every_format_and_no_other(content: bytes) -> None:
    rows, report = read(content)
    assert [(row.external_id, row.title, str(row.price), row.brand) for row in rows] == [
        ("A-1", "Lamp", "9.50", ""),
        ("A-2", "Bed", "120.00", ""),
    ]
    assert report.columns == ROWS[0]
    assert report.chosen == CHOSEN
    assert report.used == {"external_id": ["Foo"], "title": ["Bar"], "price": ["Baz"]}
    assert report.unused == ["Brand"]
    assert [row for _, row in report.sample] == [{k: v for k, v in row.items() if v} for row in OBJECTS]


@pytest.mark.parametrize(
    "content",
    [CSV, workbook(*ROWS), parquet({name: ["x", "y"] for name in ROWS[0]})],
    ids=["CSV", "XLSX", "Parquet"],
)
def test_a_file_whose_columns_are_not_recognised_still_shows_them(content: bytes) -> None:
    feed = read_feed(io.BytesIO(content), len(content))
    with pytest.raises(UnreadableFeed, match=r"No column was recognised .* choose the columns"):
        list(feed)
    assert feed.report.columns == ROWS[0]
    assert len(feed.report.sample) == 2


def test_the_sample_is_ten_rows_of_printable_short_texts() -> None:
    rows = [
        {"Foo": f"A-{n}", "Bar\u0000\ud800": "x" * 5_000, "Baz": {"a": 1}, "eans": ["1\u0000", "2"]} for n in range(30)
    ]
    _, report = read("\n".join(map(json.dumps, rows)).encode())
    assert len(report.sample) == 10
    assert report.columns == ["Foo", "Bar", "eans"]
    first = report.sample[0][1]
    assert first["eans"] == "1"
    assert len(first["Bar"]) <= 300
    assert json.dumps(report.sample).isascii()
    assert "\\u0000" not in json.dumps(report.sample)


def test_many_keys_cost_a_report_of_limited_size() -> None:
    rows = [{f"key {n} of {m}": "x" * 1_000 for n in range(250)} | {"id": str(m), "title": "Lamp"} for m in range(12)]
    _, report = read("\n".join(map(json.dumps, rows)).encode(), ())
    assert len(report.columns) == MAX_COLUMNS
    assert len(json.dumps(report.sample)) < 500_000


def test_a_chosen_column_that_was_known_keeps_those_that_help_it_out() -> None:
    names = ("id", "title", "ean", "upc", "price", "sale price")
    usual = plan_for(names)
    kept = plan_for(names, chosen=(("external_id", "id"), ("title", "title"), ("gtin", "ean")))
    assert kept.fields["gtin"] == usual.fields["gtin"] == ("ean", "upc")
    other = plan_for(names, chosen=(("external_id", "upc"), ("title", "title"), ("gtin", "ean")))
    assert other.fields["gtin"] == ("ean",)
    assert "price" not in other.fields
    assert set(other.unused) == {"id", "price", "sale price"}


def test_a_column_with_a_long_or_strange_name_can_be_chosen() -> None:
    rows, report = read(b"#," + b"n" * 90 + b"\nA-1,Lamp\n", (("external_id", "#"), ("title", "n" * 60)))
    assert [(row.external_id, row.title) for row in rows] == [("A-1", "Lamp")]
    assert report.columns == ["#", "n" * 60]


def test_rows_of_a_shop_system_still_belong_together_with_chosen_columns() -> None:
    feed = (
        b"Handle,Title,Vendor,Variant SKU,Variant Price,Variant Barcode,My name\n"
        b"lamp,Lamp,Acme,S-1,9.50,4006381333931,Desk lamp\nlamp,,,S-2,9.90,4006381333948,\n"
    )
    rows, report = read(feed, (("external_id", "Handle"), ("title", "My name"), ("gtin", "Variant Barcode")))
    assert [(row.external_id, row.title, row.gtin) for row in rows] == [
        ("lamp", "Desk lamp", "4006381333931, 4006381333948")
    ]
    assert report.format.startswith("Shopify CSV")


def test_rows_before_an_early_break_are_kept() -> None:
    def breaking() -> Iterator[tuple[int, dict[str, str]]]:
        yield 1, OBJECTS[0]
        yield 2, OBJECTS[1]
        raise BrokeOff("cut off")

    report = Report()
    rows = begun(breaking(), report)
    assert [next(rows)[0], next(rows)[0]] == [1, 2]
    assert report.columns == ROWS[0]
    with pytest.raises(BrokeOff):
        next(rows)
