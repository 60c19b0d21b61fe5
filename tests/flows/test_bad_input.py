"""The same bad bytes at the two doors for files, catalogues and recalls, each with its exact outcome."""

import io
import zipfile

import pytest

from listings.ingest.outcome import UnreadableFeed
from portal.encoding_names import is_ascii_based
from recalls.importers.records import Reject, UnreadableFile
from recalls.importers.registry import read
from tests.listings.feeds import outcome

TABLE = b"id,title\n" + b"1,Lamp\n" * 50
NOT_CHARACTER_SETS = ("undefined", "idna", "punycode", "rot13", "zlib", "base64", "mbcs", "nothing-known", "x" * 40)
OTHER_THAN_ASCII = ("utf-7", "utf-16", "utf-16-le", "utf-32", "unicode_escape", "raw_unicode_escape", "cp037", "cp500")
DAMAGED_CATALOGUE = "The ZIP file is damaged or cut off: pack and upload it again."
DAMAGED_RECALLS = "The ZIP file is damaged or cut off: download it again."
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><id>1</id></item></channel></rss>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><id>1</id></item></channel></rss>'


def packed(method: int, *, name: str = "a.csv", content: bytes = TABLE) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def damaged(archive: bytes, name: str = "a.csv") -> bytes:
    begin = 30 + len(name) + 4  # behind the local header, in the packed bytes
    return archive[:begin] + bytes(byte ^ 0xFF for byte in archive[begin : begin + 20]) + archive[begin + 20 :]


def refusal_of_catalogue(content: bytes) -> str:
    with pytest.raises(UnreadableFeed) as refused:
        outcome(content)
    return str(refused.value)


def refusal_of_recalls(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    return str(refused.value)


@pytest.mark.parametrize("declared", [*NOT_CHARACTER_SETS, *OTHER_THAN_ASCII])
def test_a_declared_encoding_that_cannot_be_true_costs_nothing(declared: str) -> None:
    begin = f'<?xml version="1.0" encoding="{declared}"?>'
    item = "<item><id>1</id><title>Küchenlampe +AGE- \\x41</title></item>"
    found = outcome(f"{begin}<rss><channel>{item}</channel></rss>".encode("cp1252"))
    assert [listing.title for listing in found.listings.values()] == ["Küchenlampe +AGE- \\x41"]
    assert found.refused == []

    alert = "<weeklyReport><notifications><caseNumber>Ü</caseNumber></notifications></weeklyReport>"
    reading = read(f"{begin}{alert}".encode("cp1252"))
    assert reading.format == "safety-gate-xml"
    assert [type(row) for row in reading.rows] == [Reject]
    assert not any(declared in remark for remark in reading.report.remarks)


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ("windows-1252", "Küchenlampe"),
        ("ISO-8859-2", "Łódź żarówka"),
        ("windows-1251", "Обогреватель"),
        ("KOI8-R", "Обогреватель"),
        ("Shift_JIS", "電気ストーブ"),
        ("EUC-JP", "電気ストーブ"),
        ("EUC-KR", "전기난로"),
        ("GB18030", "电暖器"),
        ("Big5", "電暖器"),
    ],
)
def test_a_declared_encoding_that_fits_the_bytes_is_used(declared: str, title: str) -> None:
    begin = f'<?xml version="1.0" encoding="{declared}"?>'
    item = f"<item><id>1</id><title>{title}</title></item>"
    found = outcome(f"{begin}<rss><channel>{item}</channel></rss>".encode(declared))
    assert [listing.title for listing in found.listings.values()] == [title]

    alert = f"<weeklyReport><notifications><caseNumber>A</caseNumber><product>{title}</product></notifications></weeklyReport>"
    reading = read(f"{begin}{alert}".encode(declared))
    assert reading.report.remarks[0] == f"Read as {declared}, declared in the XML."
    assert title in str(reading.rows)


def test_only_character_sets_that_contain_ascii_may_be_declared() -> None:
    assert not [name for name in (*NOT_CHARACTER_SETS, *OTHER_THAN_ASCII) if is_ascii_based(name)]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_each_way_of_packing_is_read_whole_and_refused_damaged(method: int) -> None:
    assert list(outcome(packed(method)).listings) == ["1"]
    assert read(packed(method)).format == "template"
    assert refusal_of_catalogue(damaged(packed(method))) == DAMAGED_CATALOGUE
    assert refusal_of_recalls(damaged(packed(method))) == DAMAGED_RECALLS


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\a.csv", "a\u2028b.csv"])
def test_the_name_of_a_packed_file_leads_nowhere(name: str) -> None:
    assert list(outcome(packed(zipfile.ZIP_DEFLATED, name=name)).listings) == ["1"]
    assert read(packed(zipfile.ZIP_DEFLATED, name=name)).format == "template"


@pytest.mark.parametrize(
    ("content", "catalogue", "recalls"),
    [
        (b"\xef\xbb\xbf", "The file is empty. Export the catalogue again.", "The file is empty: export it again."),
        (b"\x1f\x8b\x08\x00", "The gzip file is damaged or cut off", "The gzip file is damaged or cut off"),
        (packed(8)[:40], DAMAGED_CATALOGUE, DAMAGED_RECALLS),
        (b"PK\x05\x06" + b"\xff" * 18, DAMAGED_CATALOGUE, DAMAGED_RECALLS),
        (b"\x00" * 100, "The file is not text", "The file is empty: export it again."),
        (b"[" * 200_000, "The JSON document has no list of objects", "The file is incomplete JSON"),
        (ENTITIES.encode(), "The XML declares entities", "The XML declares entities"),
        (EXTERNAL.encode(), "The XML declares entities", "The XML declares entities"),
        (b",".join(b"c%d" % n for n in range(10_000)) + b"\n" + b"," * 9_999, "The header has 10,000 columns", "The header has more than 500"),
    ],
    ids=["BOM only", "gzip head", "half a ZIP", "ZIP end", "NULs", "deep JSON", "entities", "external", "10,000 columns"],
)  # fmt: skip
def test_what_cannot_be_read_at_all_is_refused_with_the_reason(content: bytes, catalogue: str, recalls: str) -> None:
    assert refusal_of_catalogue(content).startswith(catalogue)
    assert refusal_of_recalls(content).startswith(recalls)
