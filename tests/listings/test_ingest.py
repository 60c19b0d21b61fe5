"""Feeds as they come: odd encodings, broken lines, wrong columns, bombs. Good rows are read, the others are listed with the reason."""

import gzip
import io
import json
import time
from decimal import Decimal

import pytest

from listings.ingest.addresses import first_address
from listings.ingest.outcome import Complaint, UnreadableFeed
from listings.ingest.readers import read_feed
from listings.ingest.rows import FIELDS, ListingRow, parse_row, read_price


def read(content: bytes) -> list[tuple[int, object]]:
    return list(read_feed(io.BytesIO(content), len(content)))


GOOD = '{"id": "1", "title": "Lamp"}\n'
CSV = "id,title,price\n1,Lamp,12.50 USD\n"


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(), b"\xef\xbb\xbf" + GOOD.encode(), GOOD.encode("utf-16"), gzip.compress(GOOD.encode()), b"\n\n" + GOOD.encode(),
        CSV.encode(), b"\xef\xbb\xbf" + CSV.encode(), CSV.encode("utf-16"), gzip.compress(CSV.encode()), CSV.replace(",", ";").encode(),
        CSV.replace(",", "\t").encode(), CSV.replace("\n", "\r\n").encode(),
    ],
    ids=["JSONL", "JSONL with a mark", "JSONL in UTF-16", "JSONL packed", "JSONL after blank lines", "CSV", "CSV with a mark", "CSV in UTF-16", "CSV packed",
         "CSV with semicolons", "CSV with tabs", "CSV from Windows"],
)  # fmt: skip
def test_every_usual_form_is_read(content: bytes) -> None:
    rows = [row for _, row in read(content)]
    assert len(rows) == 1
    listing, rejects = parse_row(1, rows[0])
    assert listing is not None
    assert (listing.external_id, listing.title, rejects) == ("1", "Lamp", [])


@pytest.mark.parametrize(
    ("encoding", "title"), [("cp1251", "Настольная лампа для детской комнаты"), ("cp1252", "Café lampe pour enfants")]
)
def test_older_code_pages_are_recognised(encoding: str, title: str) -> None:
    (_, row), *_ = read(f"id,title\n1,{title}\n".encode(encoding))
    assert isinstance(row, dict)
    assert row["title"] == title


def test_a_broken_line_stops_no_other() -> None:
    lines = GOOD + '{"id": "2", "title": \n' + '["no object"]\n' + GOOD.replace('"1"', '"3"') + '{"id": "4", "ti'
    found = read(lines.encode())
    assert [line for line, row in found if isinstance(row, dict)] == [1, 4]
    assert {line: str(row) for line, row in found if isinstance(row, Complaint)}.keys() == {2, 3, 5}


def test_a_repeated_header_costs_nothing_and_a_wrong_number_of_cells_its_row() -> None:
    found = read(b"id,title\n1,Lamp\nid,title\n2\n3,Chair,extra\n4,Table\n")
    assert [type(row).__name__ for _, row in found] == ["dict", "Complaint", "Complaint", "dict"]
    assert [line for line, _ in found] == [2, 4, 5, 6]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "empty"), (b"   \n", "empty"), (b"[1, 2]", "no list of objects"), (b"just text\n", "not JSON, XML, XLSX, Parquet or CSV"),
        (bytes(range(256)) * 400, "not text"), (gzip.compress(GOOD.encode() + b"a" * 80_000_000), "far more"),
        ((",".join(f"c{n}" for n in range(301)) + "\n").encode(), "301 columns"),
    ],
    ids=["empty", "blank", "one list", "text", "damaged gzip", "bomb", "301 columns"],
)  # fmt: skip
def test_a_feed_that_cannot_be_read_says_why(content: bytes, detail: str) -> None:
    with pytest.raises(UnreadableFeed, match=detail):
        read(content)


def test_an_endless_line_is_one_complaint() -> None:
    found = read(GOOD.encode() + b'{"id": "2", "title": "' + b"x" * 4_100_000 + b'"}\n' + GOOD.encode())
    assert [type(row).__name__ for _, row in found] == ["dict", "Complaint", "dict"]


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        ({"title": "Lamp"}, "the id is missing"),
        ({"id": "1"}, "the title is missing"),
        ({"id": "9" * 201, "title": "x"}, "the maximum is 200"),
    ],
)
def test_a_row_without_id_or_title_is_refused(row: dict[str, object], detail: str) -> None:
    listing, rejects = parse_row(3, row)
    assert listing is None
    assert detail in rejects[0].reason
    assert rejects[0].line == 3


def test_a_field_that_is_wrong_is_left_out_with_a_note_and_the_row_stays() -> None:
    row = {"id": "1", "title": "Lamp", "gtin": "6.93217E+12", "price": "ask us", "link": "javascript:alert(1)"}
    listing, rejects = parse_row(1, row)
    assert listing is not None
    assert (listing.gtin, listing.price, listing.link) == ("", None, "")
    assert len(rejects) == 3
    assert not any(reject.whole_row for reject in rejects)


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ({"g:gtin": "00012345678905"}, "gtin", "00012345678905"), ({"EAN": 4006381333931}, "gtin", "4006381333931"), ({"Model": "X1"}, "mpn", "X1"),
        ({"image": ["https://a.example/1.jpg"]}, "image_link", "https://a.example/1.jpg"), ({"vendor": "S"}, "seller", "S"), ({"description": "a\x00b"}, "description", "ab"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_usual_names(row: dict[str, object], field: str, value: str) -> None:
    listing, _ = parse_row(1, {"id": "1", "title": "Lamp", **row})
    assert isinstance(listing, ListingRow)
    assert getattr(listing, field) == value


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("12", "12.00", ""), ("$12.50", "12.50", "USD"), ("1.299,00 EUR", "1299.00", "EUR"),
        ("1,299.00", "1299.00", ""), ("12,5", "12.50", ""), ("€ 7", "7.00", "EUR"), ("1,299", "1299.00", ""),
    ],
)  # fmt: skip
def test_a_price_is_read_however_it_is_written(text: str, amount: str, currency: str) -> None:
    assert read_price(text) == (Decimal(amount), currency)


def test_the_digest_is_about_content_and_not_about_the_line() -> None:
    one, two, other = (
        parse_row(n, {"id": "1", "title": title})[0] for n, title in ((1, "Lamp"), (9, "Lamp"), (1, "Lamps"))
    )
    assert one is not None and two is not None and other is not None  # noqa: PT018  one thought
    assert one.digest == two.digest != other.digest


def test_deep_json_is_a_complaint() -> None:
    found = read(GOOD.encode() + b'{"id": ' + b"[" * 100_000 + b"\n" + json.dumps({"id": "2", "title": "x"}).encode())
    assert [type(row).__name__ for _, row in found] == ["dict", "Complaint", "dict"]


@pytest.mark.parametrize("field", sorted(FIELDS - {"external_id"}))
def test_a_field_of_nothing_but_marks_and_blanks_holds_up_nobody(field: str) -> None:
    began = time.process_time()
    for unit in (";", ",", "|", "\n", " \n", "\u2003", "[", "<a ", "1,", "&amp;"):
        for begin in ("", "https://shop.example/1", "1"):
            row, _ = parse_row(1, {"external_id": "x", "title": "Lamp", field: f"{begin}{unit * 20_000}!"})
            assert row is None or row.external_id == "x"
    assert time.process_time() - began < 4, "each took minutes where it took the square of its length"


def test_a_list_of_a_hundred_thousand_numbers_is_one_row_with_few_notes() -> None:
    began = time.process_time()
    row, notes = parse_row(1, {"external_id": "x", "title": "Lamp", "gtin": ["nonsense"] * 100_000})
    assert row is not None
    assert 0 < len(notes) <= 20
    assert "only the first 1,000 of its GTINs were read" in str(notes[0])
    assert time.process_time() - began < 2


def test_the_first_of_several_addresses_is_the_one_before_the_next_begins() -> None:
    for given, first in (
        ("https://a.example/1, https://a.example/2", "https://a.example/1"), ("https://a.example/1|HTTP://b.example", "https://a.example/1"),
        ("https://a.example/?to=https://b.example", "https://a.example/?to=https://b.example"), (" , https://a.example", ""),
        ("https://a.example/a,b", "https://a.example/a,b"),
    ):  # fmt: skip
        assert first_address(given) == first, given
