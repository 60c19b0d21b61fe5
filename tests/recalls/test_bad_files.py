"""Invalid files, each with its exact outcome. A bad record costs only itself, a file that is cut off gives the records
before the cut, and an unreadable file says why and what to do."""

import gzip
import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from recalls.importers import registry, template
from recalls.importers.records import ImportedRecall, Reject, UnreadableFile


def one(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "RecallNumber": number,
        "Title": f"Heater {number}",
        "RecallID": 1,
        "Products": [{"Name": f"Heater {number}"}],
    } | changes


FIRST, SECOND, THIRD = (json.dumps(one(number)) for number in "123")


def second(**raw: str) -> str:
    """Three records, the second with parts that are not JSON."""
    parts = "".join(f', "{name}": {text}' for name, text in raw.items())
    return f'[{FIRST}, {{"RecallNumber": "2", "Title": "x"{parts}}}, {THIRD}]'


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def weekly(*names: str) -> str:
    rows = "".join(
        f"<notifications><caseNumber>{name}</caseNumber><product>Toy {name}</product></notifications>" for name in names
    )
    return f'<?xml version="1.0"?><list>{rows}</list>'


@dataclass
class Bad:
    """`comes` are the imported numbers, `refused` the (place, number, part of the reason) of each reject."""

    name: str
    content: str | bytes
    comes: list[str] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    broke_off: str = ""
    remark: str = ""


ALL, AROUND = ["1", "2", "3"], ["1", "3"]
WHOLE = f"[{FIRST}, {SECOND}, {THIRD}]"
NOT_UTF8 = "the file is not UTF-8 and declares no encoding"
FILES = [
    Bad("whole", WHOLE, ALL),
    Bad("byte order mark", b"\xef\xbb\xbf" + WHOLE.encode(), ALL),
    Bad("UTF-16 with a mark", WHOLE.encode("utf-16"), ALL, remark="Read as UTF-16"),
    Bad("UTF-16 without a mark", WHOLE.encode("utf-16-be"), ALL, remark="Read as UTF-16-BE"),
    Bad("UTF-32", WHOLE.encode("utf-32"), ALL, remark="Read as UTF-32"),
    Bad("NULs behind it", WHOLE + "\x00" * 9, ALL, remark="9 NUL characters"),
    Bad("NULs inside", WHOLE.replace("Heater", "Hea\x00ter"), ALL, remark="NUL characters were removed"),
    Bad("line breaks inside of texts", WHOLE.replace("Heater 2", "Heater\n2"), ALL),
    Bad("U+2028 inside of texts", WHOLE.replace("Heater 2", "Heater\u20282"), ALL),
    Bad("NaN", second(Price="NaN"), AROUND, [(2, "2", "NaN is not JSON")]),
    Bad("Infinity", second(Price="Infinity"), AROUND, [(2, "2", "Infinity is not JSON")]),
    Bad("minus Infinity inside a product", second(Products='[{"Price": -Infinity}]'), AROUND, [(2, "2", "-Infinity is not JSON")]),
    Bad("a number too large for any machine", second(Price="1e999"), AROUND, [(2, "2", "is too large")]),
    Bad("5,000 digits", second(Price="9" * 5000), AROUND, [(2, "2", "a number has 5,000 digits")]),
    Bad("5,000 digits as its number", f'[{FIRST}, {{"RecallNumber": {"9" * 5000}, "Title": "x"}}, {THIRD}]', AROUND, [(2, "", "5,000 digits")]),
    Bad("100,000 levels of lists", second(Deep="[" * 100_000 + "]" * 100_000), AROUND, [(2, "2", "nested too deeply")]),
    Bad("500 levels of objects", second(Deep='{"a":' * 500 + "1" + "}" * 500), AROUND, [(2, "2", "nested more than 60 levels")]),
    Bad("one key twice", second(Title='"y"'), AROUND, [(2, "2", "'Title' is twice in one object")]),
    Bad("one key twice, saying the same", second(Title='"x"'), ALL),
    Bad("one key twice in a product", second(Products='[{"Name": "a", "Name": "b"}]'), AROUND, [(2, "2", "'Name' is twice in one object")]),
    Bad("a word that is no value", second(Price="nope"), AROUND, [(2, "2", "it is not JSON")]),
    Bad("single quotes", second(Price="'x'"), AROUND, [(2, "2", "it is not JSON")]),
    Bad("a quote never closed", f'[{FIRST}, {{"RecallNumber": "2", "Title": "open, "RecallID": 2}}, {THIRD}]', AROUND, [(2, "2", "it is not JSON")]),
    Bad("a bracket never closed", f'[{FIRST}, {{"RecallNumber": "2", "Title": "x", "Products": [{{"Name": "a"}}, {THIRD}]', AROUND, [(2, "2", "it is not JSON")]),
    Bad("a comma missing", f"[{FIRST} {SECOND}, {THIRD}]", ALL),
    Bad("a comma too many", f"[{FIRST}, {SECOND}, {THIRD},]", ALL),
    Bad("lone surrogates", r'[{"RecallNumber": "1", "Title": "x \ud83d y", "RecallID": 1}]', ["1"]),
    Bad("junk between records", f'[{FIRST}, null, 3, "x", [], {THIRD}]', AROUND, [(place, "", "not an object") for place in (2, 3, 4, 5)]),
    Bad("no number", f'[{FIRST}, {{"Title": "x", "RecallID": 2}}, {THIRD}]', AROUND, [(2, "", "RecallNumber is missing")]),
    Bad("a number that is a list", f'[{FIRST}, {{"RecallNumber": ["2"], "Title": "x"}}, {THIRD}]', AROUND, [(2, "", "RecallNumber is missing")]),
    Bad("a number of 41 letters", f'[{FIRST}, {json.dumps(one("9" * 41))}, {THIRD}]', AROUND, [(2, "9" * 41, "longer than 40")]),
    Bad("a day that is none", second(RecallDate='"2025-02-30"'), AROUND, [(2, "2", "is not a date")]),
    Bad("a day before all recalls", second(RecallDate='"0001-01-01"'), AROUND, [(2, "2", "check the year")]),
    Bad("products that are a text", second(Products='"Heaters"'), ALL),
    Bad("the same record twice", f"[{FIRST}, {FIRST}, {SECOND}]", ["1", "2"], remark="same content, counted once: 1."),
    Bad("one number, two contents", f'[{FIRST}, {json.dumps(one("1", Title="Other"))}]', ["1"], [(2, "1", "is already in this file, with different content")]),
    Bad("cut inside a record", f"[{FIRST}, {SECOND}, {THIRD[:30]}", ["1", "2"], [(3, "3", "not JSON")], "line 1, column"),
    Bad("cut inside a product", f'[{FIRST}, {{"RecallNumber": "2", "Title": "x", "Products": [{{"Name": "a"}}, {{"Na', ["1"], [(2, "2", "not JSON")], "line 1, column"),
    Bad("cut between records", f"[{FIRST}, {SECOND},", ["1", "2"], [], "line 1, column"),
    Bad("cut in an envelope", f'{{"meta": {{"total": 9}}, "results": [{FIRST}, {THIRD[:60]}', ["1"], [(2, "3", "not JSON")], "line 1, column"),
    Bad("cut in the second page", f'[{{"results": [{FIRST}]}}, {{"results": [{SECOND}, {THIRD[:40]}', ["1", "2"], [(3, "3", "not JSON")], "line 1, column"),
    Bad("JSON Lines", f"{FIRST}\n{SECOND}\n{THIRD}\n", ALL),
    Bad("JSON Lines, one line cut", f"{FIRST}\n{SECOND[:40]}\n{THIRD}\n", AROUND, [(2, "2", "not JSON")]),
    Bad("JSON Lines, the last line cut", f"{FIRST}\n{SECOND}\n{THIRD[:40]}", ["1", "2"], [(3, "3", "not JSON")], "line 3"),
    Bad("gzip", gzip.compress(WHOLE.encode()), ALL),
    Bad("gzip in two members", gzip.compress(WHOLE[:40].encode()) + gzip.compress(WHOLE[40:].encode()), ALL),
    Bad("gzip in gzip", gzip.compress(gzip.compress(WHOLE.encode())), ALL),
    Bad("gzip without its end", gzip.compress(WHOLE.encode())[:-6], ALL, [], "gzip file is damaged or cut off"),
    Bad("ZIP with one file", zipped(("../../etc/recalls.json", WHOLE.encode())), ALL, remark="Unpacked ../../etc/recalls.json"),
    Bad("ZIP with a file without a name", zipped(("r", WHOLE.encode())).replace(b"r", b"\0"), ALL),
    Bad("ZIP with what a Mac adds", zipped(("r.json", WHOLE.encode()), ("__MACOSX/._r.json", b"x"), (".DS_Store", b"x")), ALL),
    Bad("Windows-1252", WHOLE.replace("Heater", "Heizlüfter für Gäste").encode("cp1252"), ALL, remark=f"Read as cp1252: {NOT_UTF8}"),
    Bad("UTF-8 with one byte of Windows-1252", WHOLE.replace("Heater", "Lüfter größer").encode().replace("größer 2".encode(), b"\x96 2"), ALL, remark="read as Windows-1252"),
    Bad("CSV in GB18030", "召回编号,标题,产品名称\n1,取暖器召回公告,塔式取暖器\n".encode("gb18030"), ["1"], remark="Read as gb18030"),
    Bad("CSV in Shift_JIS", "number,title,製品名\n1,電気ストーブのリコールのお知らせ,電気ストーブ 過熱のおそれ\n".encode("shift_jis"), ["1"], remark="Read as shift_jis"),
    Bad("CSV in UTF-16 as Excel saves it", "number\ttitle\r\n1\tHeater\r\n".encode("utf-16"), ["1"], remark="Read as UTF-16"),
    Bad("XML", weekly("1", "2"), ["1", "2"]),
    Bad("XML in Latin-1", weekly("1").replace("1.0", '1.0" encoding="ISO-8859-1').replace("Toy", "Fön für Gäste").encode("latin-1"), ["1"], remark="declared in the XML"),
    Bad("XML with a NUL", weekly("1").replace("Toy", "T\x00oy"), ["1"], remark="NUL"),
    Bad("XML cut off", weekly("1", "2")[:150], ["1"], [(2, "", "cut off or invalid")], "XML is cut off"),
    Bad("XML with a bare ampersand", weekly("1", "2").replace("Toy 2", "Toy & 2"), ["1"], [(2, "", "invalid at line")], "invalid at line 1"),
]  # fmt: skip


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.name)
def test_which_records_are_imported_and_which_are_rejected(bad: Bad) -> None:
    reading = registry.read(bad.content.encode() if isinstance(bad.content, str) else bad.content)
    assert [row.number for row in reading.rows if isinstance(row, ImportedRecall)] == bad.comes
    rejects = [row for row in reading.rows if isinstance(row, Reject)]
    assert [(row.record, row.number) for row in rejects] == [(place, number) for place, number, _ in bad.refused]
    for row, (_, _, detail) in zip(rejects, bad.refused, strict=True):
        assert detail in row.reason
        assert len(row.content) <= 2000
    assert bad.broke_off in reading.broke_off
    assert bool(bad.broke_off) == bool(reading.broke_off)
    assert bad.remark in " ".join(reading.report.remarks)
    for each in reading.rows:  # without characters that a database rejects
        text = json.dumps(each.source) if isinstance(each, ImportedRecall) else each.content
        assert "\\u0000" not in text
        text.encode()


ENTITIES = '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
UNREADABLE = [
    ("nothing", b"", "The file is empty"),
    ("blanks", b" \n \n", "The file is empty"),
    ("a text", b"hello world", "not JSON, XML or a table"),
    ("an empty list", b"[]", "an empty list: there is nothing to import"),
    ("another object", b'{"a": 1, "b": 2}', "not from a known publisher.*Its fields are a, b"),
    ("a list for a word", b'[{"format": [{"a": 1}], "document_type": {"a": 1}, "link": "/x"}]', "not from a known publisher"),
    ("a list for an envelope", b'[{"record": {"fields": [1]}, "fields": {"a": 1}}]', "not from a known publisher"),
    ("a word", b"{nope", "incomplete JSON"),
    ("200,000 brackets", b"[" * 200_000, "no recall before the break"),
    ("a header only", b"Recall number,Title\n", "has a header but no rows"),
    ("CSV without our columns", b"a;b\n1;2\n", "Found: a, b. Choose the columns"),
    ("a web page", b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>", r"web page \(Sign in\)"),
    ("a PDF", b"%PDF-1.7 x", "This is a PDF"),
    ("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old Excel workbook"),
    ("a damaged ZIP", b"PK\x03\x04" + b"x" * 90, "ZIP file is damaged"),
    ("XML of no encoding behind marks that it may not have", b'<\x1b?xml version="1.0" encoding="UX-8"?><Reports/>', "names an encoding that does not exist"),
    ("a ZIP of nothing", zipped(), "The ZIP file contains 0 files"),
    ("a ZIP of two", zipped(("a.json", b"[]"), ("b.json", b"[]")), r"The ZIP file contains 2 files \(a.json, b.json\)"),
    ("ZIPs in ZIPs", zipped(("a.zip", zipped(("b.zip", zipped(("c.zip", zipped(("d.json", b"[]")))))))), "packed several times"),
    ("a gzip bomb", lambda: gzip.compress(b" " * 60_000_000), "unpacks to far more"),
    ("a ZIP bomb", lambda: zipped(("r.json", b" " * 60_000_000)), "unpacks to far more"),
    ("a workbook bomb", lambda: zipped(("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b" " * 60_000_000)), "workbook unpacks to far more"),
    ("a workbook of nonsense", zipped(("xl/workbook.xml", b"<x/>"), ("[Content_Types].xml", b"<x/>")), "workbook cannot be read"),
    ("XML entities", f'<?xml version="1.0"?>{ENTITIES}<l><notifications><caseNumber>&b;</caseNumber></notifications></l>'.encode(), "declares entities"),
    ("XML from outside", f"{OUTSIDE}<l><notifications><caseNumber>&x;</caseNumber></notifications></l>".encode(), "declares entities"),
    ("XML of 100,000 levels", b"<l>" + b"<a>" * 100_000, "nested more than 60 levels"),
    ("XML of another kind", b"<rss><channel/></rss>", "the root rss"),
    ("XML cut before the first alert", b"<l><notifications><caseNumber>1", "no recall before the break"),
    ("the list of weekly reports", b"<weeklyReports><weeklyReport><URL>https://x.example/38?a=1&amp;b=2</URL></weeklyReport></weeklyReports>", "The newest one: https://x.example/38.a=1&b=2"),
    ("a table of three million lines", lambda: b"Recall number,Title\n" + b"1,a\n" * 3_000_000, "more than 1,000,000 lines"),
    ("all bytes", bytes(range(256)) * 9, "not JSON, XML or a table"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "detail"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE])
def test_an_unusable_file_says_why(content: bytes | Callable[[], bytes], detail: str) -> None:
    """Large ones are made here: every process of a run collects them, and one meets them."""
    made = content() if callable(content) else content
    began = time.process_time()
    with pytest.raises(UnreadableFile, match=detail):
        registry.read(made)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "content",
    [
        "[" + '{"RecallNumber": "1", "x": "' * 20_000,
        "[" + '{"RecallNumber": "1", "Title": nope}, ' * 20_000,
        "[" + '{"RecallNumber": {"a": [' * 20_000,
        '["a, ' * 40_000,
        "Recall number,Title\n" + '"1,x\n' * 100_000,
        "<l>" + "<notifications><caseNumber>1</caseNumber>" * 50,
        "Description: " + "model " * 50_000,
    ],
    ids=[
        "open quotes",
        "words",
        "open brackets",
        "open quotes in lists",
        "open quotes in CSV",
        "alerts in alerts",
        "one long line",
    ],
)
def test_a_file_made_to_be_slow_fails_soon(content: str) -> None:
    began = time.process_time()
    with suppress(UnreadableFile):
        registry.read(content.encode())
    assert time.process_time() - began < 6


def test_a_gzip_file_of_a_hundred_thousand_members_is_read_soon() -> None:
    members = gzip.compress(b" ") * 100_000
    began = time.process_time()
    (recall,) = registry.read(members + gzip.compress(json.dumps([one("1")]).encode())).rows
    assert isinstance(recall, ImportedRecall)
    assert time.process_time() - began < 5


def test_a_long_text_made_to_be_slow_is_read_soon() -> None:
    text = "models " + "1" * 20_000 + " item " * 5_000 + " serial model " + "A1-" * 20_000 + "lot " * 5_000
    began = time.process_time()
    (recall,) = registry.read(json.dumps([one("1", Description=text)]).encode()).rows
    assert isinstance(recall, ImportedRecall)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_is_damaged_is_refused_whatever_it_is_packed_with(method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a.json", json.dumps([one("1")] * 50))
    whole, begin = made.getvalue(), 30 + len("a.json") + 4  # behind the local header, in the packed bytes
    damaged = whole[:begin] + bytes(byte ^ 0xFF for byte in whole[begin : begin + 20]) + whole[begin + 20 :]
    with pytest.raises(UnreadableFile, match="ZIP file is damaged or cut off"):
        registry.read(damaged)


GAPS = {"line ends": "\n", "lines of blanks": " \n", "wide blanks": "\u2003"}


@pytest.mark.parametrize("gap", GAPS.values(), ids=GAPS)
@pytest.mark.parametrize("word", ["model", "Models: ", "serial model ", "lot ", "best by "])
def test_a_text_of_nothing_but_gaps_holds_up_no_import(word: str, gap: str) -> None:
    text = f"{word}{gap * 3000}!"
    fda = {
        "event_id": "7", "recall_number": "F-1-26", "product_description": text, "code_info": text, "recalling_firm": "Acme",
    }  # fmt: skip
    began = time.process_time()
    files = ([one("1", Description=text)], [fda])
    found = [row for records in files for row in registry.read(json.dumps(records).encode()).rows]
    assert [row.number for row in found] == ["1", "7"]
    assert time.process_time() - began < 2, "a thousand times as long before gaps were read as one"


def test_a_recall_of_the_far_future_is_rejected_and_one_announced_for_soon_is_not() -> None:
    soon = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011
    records = [one("1", RecallDate="2999-01-01"), one("2", RecallDate=soon), one("3", RecallDate="9999-12-31")]
    found = registry.read(json.dumps(records).encode()).rows
    assert [(row.number, isinstance(row, Reject)) for row in found] == [("1", True), ("2", False), ("3", True)]
    assert "2999-01-01, is more than a year ahead: check the year" in getattr(found[0], "reason", "")


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\u2060", "\ufeff", "\u00ad"])
def test_a_number_with_characters_that_nobody_sees_is_the_number_that_everybody_reads(unseen: str) -> None:
    (recall,) = registry.read(json.dumps([one(f"26{unseen}-101{unseen}")]).encode()).rows
    assert recall.number == "26-101"


def test_a_row_that_says_to_be_the_two_thousand_millionth_is_refused_at_once() -> None:
    book = io.BytesIO(template.blank("xlsx"))
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    row = '<row r="{}"><c r="A{}" t="inlineStr"><is><t>7</t></is></c><c r="B{}" t="inlineStr"><is><t>Lamp</t></is></c></row>'
    sheet = re.sub(r"<dimension[^>]*>", "", sheet)
    for number, read in ((1_048_576, True), (2_000_000_000, False)):
        content = sheet.replace("</sheetData>", row.replace("{}", str(number)) + "</sheetData>").encode()
        made = zipped(*(parts | {"xl/worksheets/sheet1.xml": content}).items())
        if read:
            assert [found.number for found in registry.read(made).rows] == ["7"], "the last row that there can be"
        else:
            began = time.process_time()
            with pytest.raises(UnreadableFile, match="cannot be read"):
                registry.read(made)
            assert time.process_time() - began < 2


def test_a_recall_of_a_hundred_thousand_products_is_rejected_and_stops_no_other() -> None:
    products = [{"Name": f"Lamp {number}"} for number in range(100_000)]
    found = registry.read(json.dumps([one("1", Products=products), one("2")]).encode()).rows
    assert [(row.number, isinstance(row, Reject)) for row in found] == [("1", True), ("2", False)]
    assert "names 100,000 products, more than 5,000" in getattr(found[0], "reason", "")


def test_thousands_of_pictures_and_of_wrong_barcodes_are_a_recall_with_some_of_them_and_a_note() -> None:
    pictures = [{"URL": f"https://example.org/{number}.jpg"} for number in range(20_000)]
    codes = [{"UPC": f"wrong {number}"} for number in range(500)]
    (recall,) = registry.read(json.dumps([one("1", Images=pictures, ProductUPCs=codes)]).encode()).rows
    assert isinstance(recall, ImportedRecall)
    assert (len(recall.pictures), len(recall.notes)) == (200, 101)
    assert recall.notes[0].startswith("200 of 20,000 pictures were kept")
    assert recall.notes[-1] == "401 more notes were left out"
