"""Bad files, each with its exact outcome: good rows are imported, bad rows cost only themselves and say why."""

import gzip
import io
import re
import time
import zipfile
from collections.abc import Callable
from typing import Literal

import openpyxl
import pytest

from listings.ingest.outcome import UnreadableFeed
from tests.listings.feeds import outcome, packed, parquet, workbook, zipped, zstd

GOOD = '{"id": "1", "title": "Lamp"}\n'
LAST = '{"id": "9", "title": "Chair"}\n'
CSV = "id,title,gtin,price\n"
RSS = '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>{}</channel></rss>'
ITEM = "<item><g:id>{}</g:id><title>{}</title></item>"
UNCLOSED, CELLS, LONG, NOT_JSON, NOT_XML = (
    "unclosed quote",
    "wrong number of cells",
    "too long",
    "not JSON",
    "not well-formed XML",
)


@pytest.mark.parametrize(
    ("content", "ids", "refused"),
    [
        pytest.param(GOOD + '{"id": "2", "title": "x", "price": NaN}\n' + LAST, "19", [(2, NOT_JSON)], id="NaN"),
        pytest.param(GOOD + '{"id": "2", "title": "x", "price": -Infinity}\n' + LAST, "19", [(2, NOT_JSON)], id="Infinity"),
        pytest.param(GOOD + '{"id": "2", "title": "x", "gtin": ' + "7" * 5_000 + "}\n" + LAST, "129", [], id="5,000 digits"),
        pytest.param(GOOD + '{"id": "2", "title": "x", "price": 1e999999999}\n' + LAST, "129", [], id="huge power"),
        pytest.param(GOOD + '{"id": ' + "[" * 100_000 + "\n" + LAST, "19", [(2, NOT_JSON)], id="deep lists"),
        pytest.param(GOOD + '{"a":' * 50_000 + "1" + "}" * 50_000 + "\n" + LAST, "19", [(2, NOT_JSON)], id="deep objects"),
        pytest.param(GOOD + "null\n7\n" + LAST, "19", [(2, "not an object"), (3, "not an object")], id="no objects"),
        pytest.param(GOOD + '{"id": "2", "ti\n' + LAST, "19", [(2, NOT_JSON)], id="half a line"),
        pytest.param(GOOD + '{"id": "2", "title": "' + "x" * 2_100_000 + '"}\n' + LAST, "19", [(2, LONG)], id="a line of 2.1 MB"),
        pytest.param(GOOD + "{" + ",".join(f'"k{n}": 1' for n in range(400)) + "}\n" + LAST, "19", [(2, "too many keys")], id="400 keys"),
        pytest.param(GOOD + '{"id": {"a": 1}, "title": "x"}\n' + LAST, "19", [(2, "missing id")], id="id is an object"),
        pytest.param(GOOD + '{"id": "2", "title": null}\n' + LAST, "19", [(2, "missing title")], id="title is null"),
        pytest.param(GOOD + '{"id": "' + "2" * 201 + '", "title": "x"}\n' + LAST, "19", [(2, "id too long")], id="long id"),
        pytest.param(GOOD + '{"id": "2", "id": "3", "title": "x"}\n' + LAST, "139", [], id="a key twice"),
        pytest.param(GOOD + '{"id": "2", "title": "a\u2028b"}\n' + LAST, "129", [], id="U+2028"),
        pytest.param(GOOD + '{"id": "2", "title": "\\ud800x\\u0000"}\n' + LAST, "129", [], id="surrogate and NUL"),
        pytest.param('[{"id": 1, "title": "a"}, {"id": 2, "title": NaN}, {"id": 3, "title": "c"}]', "13", [(1, NOT_JSON)], id="NaN in a list"),
        pytest.param('[{"id": 1, "title": "a"}, {"id": 2, "title": "' + "x" * 2_100_000 + '"}, {"id": 3, "title": "]}"}]', "13", [(1, LONG)], id="2.1 MB in a list"),
        pytest.param(CSV + '1,"Lamp,,\n9,Chair,,\n', "9", [(2, UNCLOSED)], id="open quote to the end"),
        pytest.param(CSV + '1,"Lamp,,\n2,"Big, red",,\n9,Chair,,\n', "29", [(2, UNCLOSED)], id="open quote before a quoted text"),
        pytest.param(CSV + '1,"Lamp,,\n2,24"" screen,,\n9,5" pipe,,\n', "29", [(2, UNCLOSED)], id="open quote before inch marks"),
        pytest.param(CSV + '1,"Lamp,,\n2,b,,\n3,c 24",,\n9,d,,\n', "239", [(2, UNCLOSED)], id="open quote closed by an inch mark"),
        pytest.param(CSV + '1,"Lamp,,\n' + "".join(f"x{n},{'y' * 900},,\n" for n in range(2_500)), None, [(2, UNCLOSED)], id="open quote before 2.2 MB"),
        pytest.param(CSV + '1,"a\nb, c",,\n9,Chair,,\n', "19", [], id="a line break in quotes"),
        pytest.param(CSV + '1,"Best" lamp,,\n9,Chair,,\n', "19", [], id="text after a quote"),
        pytest.param(zipped(q=CSV + "1,Lamp,,\n").replace(b"q", b"\0"), "1", [], id="ZIP with a file without a name"),
        pytest.param(CSV + "1,Lamp\n9,Chair,,\n", "9", [(2, CELLS)], id="half a row"),
        pytest.param(CSV + "1,Lamp,,,,more\n9,Chair,,,,\n", "9", [(2, CELLS)], id="too many cells"),
        pytest.param(CSV + "1,Lamp,,\nid,title,gtin,price\n9,Chair,,\n", "19", [], id="the header again"),
        pytest.param(CSV + "1,La\x00mp,,\n9,Chair,,\n", "19", [], id="NUL"),
        pytest.param(CSV + "1," + "x" * 2_100_000 + ",,\n9,Chair,,\n", "9", [(2, LONG)], id="a row of 2.1 MB"),
        pytest.param(CSV + " ,Lamp,,\n9, ,,\n8,Bed,,\n", "8", [(2, "missing id"), (3, "missing title")], id="blank id and title"),
        pytest.param("sep=;\nid;title\n1;a\n", "1", [], id="sep line"),
        pytest.param("id;title;\n1;a;\n9;b\n", "19", [], id="separator at the end of some rows"),
        pytest.param("id\ttitle\tid\n1\ta\t\n\tb\t9\n", "19", [], id="a column twice"),
        pytest.param(RSS.format(ITEM.format(1, "a") + ITEM.format(2, "b & c") + ITEM.format(9, "d")), "19", [(1, NOT_XML)], id="bare ampersand"),
        pytest.param(RSS.format(ITEM.format(1, "a") + "<item><g:id>2</g:id>" + ITEM.format(9, "d")), "19", [(1, NOT_XML)], id="an item never closed"),
        pytest.param(RSS.format(ITEM.format(1, "a") + ITEM.format(2, "&undefined;") + ITEM.format(9, "d")), "19", [(1, NOT_XML)], id="unknown entity"),
        pytest.param(RSS.format(ITEM.format(1, "<![CDATA[</item><item>]]>") + ITEM.format(9, "\x0bd")), "19", [], id="markup in CDATA, control character"),
        pytest.param(RSS.format(ITEM.format(1, "a") + ITEM.format(2, "x" * 2_100_000) + ITEM.format(9, "d")), "19", [(1, LONG)], id="an item of 2.1 MB"),
        pytest.param(workbook(["id", "title"], [1, "a"], [], ["", "x"], [9.0, "b"]), "19", [(4, "missing id")], id="workbook"),
    ],
)  # fmt: skip
def test_a_bad_row_costs_only_itself(content: str | bytes, ids: str | None, refused: list[tuple[int, str]]) -> None:
    found = outcome(content)
    assert found.refused == refused
    if ids is None:
        assert len(found.listings) == 2_500
    else:
        assert list(found.listings) == list(ids)
    assert not found.report.broke_off


@pytest.mark.parametrize(
    ("cells", "gtin", "price", "warned"),
    [
        ("'0051141405278,5", "0051141405278", "5.00", []),
        ('"=""0051141405278""",5', "0051141405278", "5.00", []),
        ("51141405278.0,5", "51141405278", "5.00", []),
        ('"51141405278,0",5', "51141405278", "5.00", []),
        ("0-051141-405278,5", "0-051141-405278", "5.00", []),
        ('"4006381333931, 0051141405278",5', "4006381333931, 0051141405278", "5.00", []),
        ("4006381333931/4006381333931,5", "4006381333931", "5.00", []),
        ("8.85E+11,5", "", "5.00", ["GTIN in scientific notation"]),
        ("n/a,5", "", "5.00", ["not a GTIN"]),
        ("²²²²²²²²,²", "", "None", ["unreadable price", "not a GTIN"]),
        ("Does not apply,5", "", "5.00", ["not a GTIN"]),
        ("0051141405279,5", "0051141405279", "5.00", ["GTIN with a wrong check digit or length"]),
        (",1e5", "", "None", ["unreadable price"]),
        (",10-12", "", "None", ["unreadable price"]),
        (",-5", "", "None", ["unreadable price"]),
        (",1.299", "", "None", ["unreadable price"]),
        (",NaN", "", "None", ["unreadable price"]),
        (",99999999999999", "", "None", ["unreadable price"]),
        (",19.-", "", "19.00", []),
        (",1 299.95 kr", "", "1299.95", []),
        (",CHF 1'299.95", "", "1299.95", []),
    ],
)
def test_a_bad_field_is_left_out_and_the_row_stays(cells: str, gtin: str, price: str, warned: list[str]) -> None:
    found = outcome(CSV + f"1,Lamp,{cells}\n")
    assert [cause for _, cause in found.warned] == warned
    assert (found.listings["1"].gtin, str(found.listings["1"].price)) == (gtin, price)


def test_a_shortened_text_is_reported() -> None:
    found = outcome(f"id,title,description\n1,{'t' * 2_500},{'d' * 30_000}\n")
    assert [cause for _, cause in found.warned] == ["title too long", "description too long"]
    assert (len(found.listings["1"].title), len(found.listings["1"].description)) == (2_000, 20_000)


def test_one_seller_cannot_bring_rows_of_others_with_line_breaks() -> None:
    hostile = '"Nice, lamp,x\n7,Not the victim,,\n8,Other,,\n"'
    found = outcome(CSV + '7,"Victim, original",,\n1,' + hostile + ",,\n")
    assert found.listings["7"].title == "Victim, original"
    assert (list(found.listings), found.refused) == (["7", "1"], [])
    assert "lines that look like rows" in found.report.notes[0]


def _bomb_workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/sharedStrings.xml", b" " * 70_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf\n", "is empty", id="only a mark"),
        pytest.param("id,title,price\n", "has a header but no rows", id="header only"),
        pytest.param("foo,bar\n1,2\n", "No column was recognised as the listing's id .* Found: foo, bar", id="no id column"),
        pytest.param("id,colour\n1,2\n", "as its title .* Found: id, colour", id="no title column"),
        pytest.param("just text\nmore\n", "not JSON, XML, XLSX, Parquet or CSV", id="text"),
        pytest.param(b"%PDF-1.7\n", "a PDF", id="PDF"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"old Excel workbook \(.xls\)", id="xls"),
        pytest.param(b"PAR1" + b"\0" * 100, "Parquet file is damaged, cut off or encrypted", id="broken Parquet"),
        pytest.param(b"PARE" + b"\0" * 100, "an encrypted Parquet file", id="encrypted Parquet"),
        pytest.param(packed(parquet({"id": ["1"], "title": ["a"]})), "a packed Parquet file", id="packed Parquet"),
        pytest.param(parquet({"id": ["1"], "title": ["a"]})[:-9], "Parquet file is damaged", id="Parquet cut off"),
        pytest.param(parquet({"a": ["1"], "b": ["a"]}), "No column was recognised .* Found: a, b", id="Parquet without id"),
        pytest.param(parquet({"id": [], "title": []}), "has columns but no rows", id="Parquet without rows"),
        pytest.param(parquet({f"c{n}": ["1"] for n in range(301)}), "301 columns", id="Parquet of 301 columns"),
        pytest.param(lambda: parquet({"id": ["1"], "title": ["a" * 80_000_000]}), "unpacks to far more", id="Parquet bomb"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "an image", id="PNG"),
        pytest.param(bytes(range(256)) * 20, "not text", id="binary"),
        pytest.param("[]", "no list of objects", id="empty list"),
        pytest.param("[1, 2, 3]", "no list of objects", id="list of numbers"),
        pytest.param('{"total": 0, "products": []}', "no list of objects", id="empty products"),
        pytest.param('<!DOCTYPE r [<!ENTITY a "b">]><rss><item><id>1</id></item></rss>', "declares entities", id="entities"),
        pytest.param('<!DOCTYPE r SYSTEM "file:///etc/passwd" [<!ENTITY % a SYSTEM "http://x/">]><rss><item/></rss>', "declares entities", id="external entity"),
        pytest.param("<html><body><p>Sign in</p></body></html>", "a web page, not a catalogue", id="a web page"),
        pytest.param('<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Row/></Workbook>', "Excel's old XML", id="Excel's old XML"),
        pytest.param(zipped(a__csv=CSV, b__csv=CSV), r"contains 2 files \(a.csv, b.csv\)", id="two in a ZIP"),
        pytest.param(zipped(), "contains no file", id="empty ZIP"),
        pytest.param(zipped(**{"../../a__csv": CSV, "b": "x"}), r"contains 2 files \(a.csv, b\)", id=".. in a ZIP"),
        pytest.param(zipped(a=packed(CSV.encode())), "packed twice", id="gzip in ZIP"),
        pytest.param(packed(packed(CSV.encode())), "packed twice", id="gzip in gzip"),
        pytest.param(zipped(a=CSV)[:-30], "ZIP file is damaged", id="ZIP cut off"),
        pytest.param(gzip.compress(GOOD.encode())[:12], "gzip file is damaged or cut off", id="gzip cut off at once"),
        pytest.param(lambda: packed(GOOD.encode() + b"a" * 80_000_000), "unpacks to far more", id="gzip bomb"),
        pytest.param(lambda: zstd(GOOD.encode() + b"a" * 80_000_000), "unpacks to far more", id="zstd bomb"),
        pytest.param(lambda: zipped(a=GOOD.encode() + b"a" * 80_000_000), "unpacks to far more", id="ZIP bomb"),
        pytest.param(_bomb_workbook, "unpacks to far more", id="workbook bomb"),
        pytest.param(zipped(**{"xl/workbook__xml": "no workbook"}), "workbook is damaged", id="broken workbook"),
        pytest.param(workbook(["id", "title"]), "has a header but no rows", id="workbook with a header only"),
        pytest.param(workbook(["only one"]), "no header row", id="workbook without a header"),
        pytest.param(workbook(["a", "b"], [1, 2]), "No column was recognised", id="workbook without id"),
        pytest.param(",".join(f"c{n}" for n in range(301)) + "\n", "301 columns", id="301 columns"),
        pytest.param("x" * 2_100_000 + "\n", "header cannot be read", id="endless header"),
    ],
)  # fmt: skip
def test_an_unusable_file_says_why(content: bytes | str | Callable[[], bytes], detail: str) -> None:
    """Bombs are made here: every process of a run collects them, and one meets them."""
    made = content() if callable(content) else content
    with pytest.raises(UnreadableFeed, match=detail):
        outcome(made)


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        pytest.param(GOOD + '{"id": "2", "ti', "1", id="JSONL"),
        pytest.param('[{"id": 1, "title": "a"}, {"id": 2, "tit', "1", id="JSON list"),
        pytest.param(RSS.format(ITEM.format(1, "a"))[:-10], "1", id="XML"),
        pytest.param(RSS.format(ITEM.format(1, "a") + ITEM.format(2, "b"))[:-40], "1", id="XML in an item"),
        pytest.param(CSV + "1,a,,\n2,b", "1", id="CSV"),
        pytest.param(CSV + '1,a,,\n2,"b', "1", id="CSV in a text"),
        pytest.param(gzip.compress((CSV + "1,a,,\n2,b,,\n").encode(), 0)[:-12], "1", id="gzip"),
        pytest.param(zstd((CSV + "1,a,,\n" * 3).encode())[:-2], None, id="zstd"),
    ],
)
def test_a_file_that_is_cut_off_gives_its_rows_and_says_so(content: bytes | str, ids: str | None) -> None:
    if ids is None:
        with pytest.raises(UnreadableFeed, match="zstd file is damaged or cut off"):
            outcome(content)
        return
    found = outcome(content)
    assert list(found.listings) == list(ids)
    assert found.report.broke_off


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_is_damaged_is_refused_whatever_it_is_packed_with(method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a.csv", CSV + "1,a,,\n" * 50)
    whole, begin = made.getvalue(), 30 + len("a.csv") + 4  # behind the local header, in the packed bytes
    damaged = whole[:begin] + bytes(byte ^ 0xFF for byte in whole[begin : begin + 20]) + whole[begin + 20 :]
    with pytest.raises(UnreadableFeed, match="ZIP file is damaged or cut off"):
        outcome(damaged)


@pytest.mark.parametrize("end", [b"\xc0\x81", b"\xc3\x8c", b"\xf2\x9f"])
def test_a_file_whose_last_bytes_fit_no_letter_is_read_with_all_its_rows(end: bytes) -> None:
    read = outcome(b"id,title\n1,L\xe4mpchen\n2,L\xe4mpchen " + end)
    assert list(read.listings) == ["1", "2"]
    assert read.refused == []


@pytest.mark.parametrize("number", [1_048_577, 2_000_000_000])
def test_a_workbook_with_a_row_that_no_worksheet_has_is_refused_at_once(number: int) -> None:
    whole = workbook(["id", "title"], ["1", "Lamp"])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in parts if "worksheets/" in name)
    for was, becomes in ((b'r="2"', f'r="{number}"'), (b'r="A2"', f'r="A{number}"'), (b'r="B2"', f'r="B{number}"')):
        parts[name] = parts[name].replace(was, becomes.encode())
    parts[name] = re.sub(rb"<dimension[^>]*>", b"", parts[name])
    made, began = io.BytesIO(), time.process_time()
    with zipfile.ZipFile(made, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    with pytest.raises(UnreadableFeed, match="workbook"):
        outcome(made.getvalue())
    assert time.process_time() - began < 6


@pytest.mark.parametrize("before", range(4))
def test_a_long_line_that_is_cut_inside_a_letter_is_read_as_what_it_is(before: int) -> None:
    row = f'{{"id": "1", "title": "Lamp", "description": "{"x" * before}{"灯" * 40_000}"}}\n'
    found = outcome(row * 2)
    assert list(found.listings) == ["1"]
    assert found.listings["1"].description.endswith("灯灯")


@pytest.mark.parametrize("unit", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xbf"])
def test_a_line_of_nothing_but_marks_costs_itself_alone(unit: bytes) -> None:
    assert list(outcome(b"id,title\n1,Lamp\n" + unit * 100_000).listings) == ["1"]


def _titles(content: bytes) -> list[str]:
    return [listing.title for listing in outcome(content).listings.values()]


def test_a_row_in_another_encoding_costs_no_other_row_its_letters_in_a_feed_without_line_ends() -> None:
    rows = "".join(f"<product><id>{number}</id><title>Café Küche</title></product>" for number in range(300))
    strange = b"<product><id>x</id><title>Caf\xe9</title></product>"
    head = b'<?xml version="1.0" encoding="utf-8"?><products>'
    for content in (head + strange + rows.encode(), head + rows.encode() + strange):
        titles = _titles(content + b"</products>")
        assert titles.count("Café Küche") == 300
        assert len(titles) == 301


@pytest.mark.parametrize(("others", "rows"), [(400, 1_000), (1_000, 400), (1, 1)])
def test_rows_of_two_encodings_are_both_read(others: int, rows: int) -> None:
    lines = b"id,title\n" + b"".join(b"x%d,Caf\xe9 K\xfcche\n" % number for number in range(others))
    lines += "".join(f"{number},Café Küche\n" for number in range(rows)).encode()
    read = outcome(lines)
    assert {listing.title for listing in read.listings.values()} == {"Café Küche"}
    assert len(read.listings) == others + rows
    assert "UTF-8 and Windows-1252" in read.report.encoding


@pytest.mark.parametrize("codec", ["cp1252", "cp1251", "gb18030", "cp932"])
def test_a_file_of_one_other_encoding_is_read_as_that(codec: str) -> None:
    title = {
        "cp1252": "Café Küche",
        "cp1251": "Обогреватель для дома",
        "gb18030": "儿童玩具车",
        "cp932": "電気ストーブの商品",
    }[codec]
    content = "".join(f"{number},{title}\n" for number in range(200))
    assert set(_titles(("id,title\n" + content).encode(codec))) == {title}


@pytest.mark.parametrize("title", ["\u3164", "\u2800\u2800", "\u115f \u1160", "\uffa0"])
def test_a_title_of_blank_letters_is_missing(title: str) -> None:
    assert outcome(f"id,title\n1,{title}\n2,Lamp\n").refused == [(2, "missing title")]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_of_a_workbook_the_sheet_is_read_that_people_see(state: Literal["hidden", "veryHidden"]) -> None:
    book, made = openpyxl.Workbook(), io.BytesIO()
    for sheet, title in ((book.active, "Lamp"), (book.create_sheet("Offers"), "Heater")):
        sheet.append(["id", "title"])
        sheet.append([1, title])
    book.worksheets[0].sheet_state, book.active = state, 1
    book.save(made)
    read = outcome(made.getvalue())
    assert [listing.title for listing in read.listings.values()] == ["Heater"]
    assert "sheet Offers" in read.report.format
    assert any("2 sheets" in note for note in read.report.notes)
