"""Bad files of every kind that came up, each with its exact outcome at the two doors for files."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from listings.ingest.outcome import UnreadableFeed
from recalls.importers.records import Reject, UnreadableFile
from recalls.importers.registry import read
from tests.listings.feeds import outcome


@dataclass
class Bad:
    """As a catalogue: the ids that `came`, what was `refused` and `warned` of by line and cause, and how the sentence begins
    that the whole file is answered with. As recalls, where that says more: the numbers that came, or ! and the sentence."""

    name: str
    content: str | bytes | Callable[[], bytes]
    came: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    warned: list[tuple[int, str]] = field(default_factory=list)
    says: str = ""
    recalls: str | None = None

    @property
    def made(self) -> str | bytes:
        """The content. Large ones are made when they are met: every process of a run collects them, and one meets them."""
        return self.content() if callable(self.content) else self.content


def zipped(*files: tuple[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def encrypted(archive: bytes) -> bytes:
    """As if it were: the flag is set in both of its headers."""
    data = bytearray(archive)
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def book(fill: Callable[[Any], None]) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    fill(made)
    made.save(out)
    return out.getvalue()


def of_rows(*rows: list[Any]) -> bytes:
    return book(lambda made: [made.active.append(row) for row in rows] and None)


def hidden_first(made: Any) -> None:
    made.active.append(["note"])
    sheet = made.create_sheet("x")
    sheet.append(["id", "title"])
    sheet.append(["1", "a"])
    made.active.sheet_state = "hidden"


def tar() -> bytes:
    out, content = io.BytesIO(), b"id,title\n1,a\n"
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.csv")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def hungry(content: bytes) -> bytes:
    """Small, and unpacked only with a dictionary of a gigabyte."""
    return lzma.compress(content, filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}])


def greedy(content: bytes) -> bytes:
    """Small, and unpacked only with a window of a quarter of a gigabyte."""
    parameters = zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=True)
    packing = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packing.compress(content) + packing.flush()


def parq(**columns: list[Any]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


C = "id,title\n1,a\n9,b\n"
H = "id,title,gtin,price,link,image_link,currency\n"
RSS = "<rss><channel>%s</channel></rss>"
ITEM = "<item><id>%s</id><title>%s</title></item>"
OWN = '{"Recall number": "%s", "Title": "a"}\n{"Recall number": "27-009", "Title"\n{"Recall number": "%s", "Title": "b"}\n'
FILES = [
    Bad("CR line ends", C.replace("\n", "\r"),
        came=["1", "9"], recalls="1 9"),
    Bad("UTF-16 without a mark", C.encode("utf-16-le"),
        came=["1", "9"], recalls="1 9"),
    Bad("form feeds", C.replace("1,a", "1,\x0ca\x0b"),
        came=["1", "9"], recalls="1 9"),
    Bad("zero-width header", C.replace("id, ", "\u200bid\u200b, "),
        came=["1", "9"]),
    Bad("soft hyphen in a header", C.replace("title", "ti\u00adtle"),
        came=["1", "9"], recalls="! No column was recognised as th"),
    Bad("right-to-left override", C.replace("1,a", "1,\u202ea"),
        came=["1", "9"]),
    Bad("header in NFD", "id,de\u0301signation\n1,a\n",
        came=["1"], recalls="! No column was recognised as th"),
    Bad("header with NBSP", "id,\u00a0title\u00a0\n1,a\n",
        came=["1"], recalls="1"),
    Bad("header with a line break", 'id,"product\ntitle"\n1,a\n',
        came=["1"], recalls="! No column was recognised as th"),
    Bad("header in capitals", "ID,TITLE\n1,a\n",
        came=["1"], recalls="1"),
    Bad("fullwidth header", "ｉｄ,ｔｉｔｌｅ\n1,a\n",
        came=["1"]),
    Bad("mixed separators", "id;title\n1,a\n9;b\n",
        came=["9"], refused=[(2, "wrong number of cells")], recalls="9"),
    Bad("a mark in the middle", C + "\ufeff" + "id,title\n5,c\n",
        came=["1", "9", "5"]),
    Bad("two files in one, other columns", C + "sku,name,ean\n5,c,4006381333931\n",
        came=["1", "9"], refused=[(4, "wrong number of cells"), (5, "wrong number of cells")], recalls="1 9"),
    Bad("a total at the end", C + "Total,,\n",
        came=["1", "9"], refused=[(4, "missing title")], recalls="1 9"),
    Bad("only separators", "id,title\n,\n,\n1,a\n",
        came=["1"], refused=[(2, "missing id"), (3, "missing id")], recalls="1"),
    Bad("Markdown", "| id | title |\n| --- | --- |\n| 1 | a |\n",
        came=["---", "1"], recalls="--- 1"),
    Bad("id twice after trimming", "id,title\n1,a\n 1 ,b\n",
        came=["1"]),
    Bad("ids by case", "id,title\nA,a\na,b\n",
        came=["A", "a"]),
    Bad("id of zero-width", "id,title\n\u200b,a\n9,b\n",
        came=["9"], refused=[(2, "missing id")]),
    Bad("title of zero-width", "id,title\n1,\u200b\u200b\n9,b\n",
        came=["9"], refused=[(2, "missing title")]),
    Bad("title of marks", "id,title\n1,\u0301\n",
        refused=[(2, "missing title")]),
    Bad("only replacement characters", "id,title\n1,\ufffd\ufffd\n",
        came=["1"], warned=[(2, "unreadable characters")]),
    Bad("Arabic digits", H+"1,a,,١٢٫٥٠,,,\n",
        came=["1"]),
    Bad("fullwidth price", H+"1,a,,１２.５０,,,\n",
        came=["1"]),
    Bad("price with a sign behind", H+"1,a,,5-,,,\n",
        came=["1"], warned=[(2, "unreadable price")]),
    Bad("price in words", H+"1,a,,free,,,\n",
        came=["1"], warned=[(2, "unreadable price")]),
    Bad("price of two", H+'1,a,,"5 EUR, 6 USD",,,\n',
        came=["1"], warned=[(2, "unreadable price")]),
    Bad("hexadecimal price", H+"1,a,,0x10,,,\n",
        came=["1"], warned=[(2, "unreadable price")]),
    Bad("fullwidth GTIN", H+"1,a,４００６３８１３３３９３１,,,,\n",
        came=["1"], warned=[(2, "not a GTIN")]),
    Bad("GTIN of zeros", H+"1,a,0000000000000,,,,\n",
        came=["1"]),
    Bad("GTIN with letters", H+"1,a,400638133393I,,,,\n",
        came=["1"], warned=[(2, "not a GTIN")]),
    Bad("GTIN of 15 digits", H+"1,a,400638133393100,,,,\n",
        came=["1"], warned=[(2, "not a GTIN")]),
    Bad("link to a script", H+"1,a,,,javascript:alert(1),,\n",
        came=["1"], warned=[(2, "link is not a web address")]),
    Bad("picture as data", H+"1,a,,,,data:image/png;base64;AAAA,\n",
        came=["1"], warned=[(2, "image_link is not a web address")]),
    Bad("link to a file", H+"1,a,,,file:///etc/passwd,,\n",
        came=["1"], warned=[(2, "link is not a web address")]),
    Bad("link with a space", H+"1,a,,,https://x.example/a b,,\n",
        came=["1"], warned=[(2, "link is not a web address")]),
    Bad("link without a host", H+"1,a,,,https:///a,,\n",
        came=["1"], warned=[(2, "link is not a web address")]),
    Bad("link to [", H+"1,a,,,http://[x,,\n",
        came=["1"], warned=[(2, "link is not a web address")]),
    Bad("a long link", H+"1,a,,,https://x.example/"+"a"*2000+",,\n",
        came=["1"], warned=[(2, "link is not a web address")]),
    Bad("a link with a password", H+"1,a,,,https://u:p@x.example/,,\n",
        came=["1"]),
    Bad("currency in words", H+"1,a,,5,,,EURO\n",
        came=["1"]),
    Bad("currency of signs", H+"1,a,,5,,,%$#\n",
        came=["1"]),
    Bad("JSON lines with marks", '\ufeff{"id":"1","title":"a"}\n\ufeff{"id":"9","title":"b"}\n',
        came=["1", "9"]),
    Bad("one JSON object", '{"id":"1","title":"a"}',
        came=["1"]),
    Bad("trailing comma", '[{"id":"1","title":"a"},]',
        came=["1"], recalls="! The file is JSON, but not from"),
    Bad("comment in JSON", '[/* x */{"id":"1","title":"a"}]',
        came=["1"]),
    Bad("single quotes", "[{'id':'1','title':'a'}]",
        refused=[(1, "not JSON")], recalls="! The file is JSON, but not from"),
    Bad("blank JSON lines", '{"id":"1","title":"a"}\r\n\r\n{"id":"9","title":"b"}\r\n',
        came=["1", "9"]),
    Bad("surrogate id", '{"id":"\\ud83d","title":"a"}\n{"id":"9","title":"b"}\n',
        came=["9"], refused=[(1, "missing id")]),
    Bad("surrogate pair", '{"id":"\\ud83d\\ude00","title":"a"}\n{"id":"9","title":"b"}\n',
        came=["😀", "9"]),
    Bad("boolean id", '{"id":true,"title":"a"}\n{"id":"9","title":"b"}\n',
        came=["true", "9"]),
    Bad("float id", '{"id":1.0,"title":"a"}\n{"id":"9","title":"b"}\n',
        came=["1.0", "9"]),
    Bad("list as title", '{"id":"1","title":["a","b"]}\n{"id":"9","title":"b"}\n',
        came=["1", "9"]),
    Bad("object as title", '{"id":"1","title":{"en":"a"}}\n{"id":"9","title":"b"}\n',
        came=["9"], refused=[(1, "missing title")]),
    Bad("negative price", '{"id":"1","title":"a","price":-5}\n{"id":"9","title":"b"}\n',
        came=["1", "9"], warned=[(1, "unreadable price")]),
    Bad("boolean price", '{"id":"1","title":"a","price":true}\n{"id":"9","title":"b"}\n',
        came=["1", "9"], warned=[(1, "unreadable price")]),
    Bad("price of 1e15", '{"id":"1","title":"a","price":1e15}\n{"id":"9","title":"b"}\n',
        came=["1", "9"], warned=[(1, "unreadable price")]),
    Bad("objects as GTINs", '{"id":"1","title":"a","gtin":[{"v":1},null,"4006381333931"]}\n{"id":"9","title":"b"}\n',
        came=["1", "9"]),
    Bad("__proto__", '{"id":"1","title":"a","__proto__":{"id":"7"}}\n{"id":"9","title":"b"}\n',
        came=["1", "9"]),
    Bad("a list in lines", '[{"id":"1","title":"a"}]\n[{"id":"9","title":"b"}]\n',
        came=["1", "9"]),
    Bad("a list behind a list", '[{"id":"1","title":"a"}][{"id":"9","title":"b"}]',
        came=["1", "9"]),
    Bad("text behind JSON", '[{"id":"1","title":"a"}] thank you',
        came=["1"]),
    Bad("JSON as text in JSON", '"[{\\"id\\":\\"1\\"}]"',
        says="The file is not JSON, XML, XLSX, P"),
    Bad("tabs in JSON text", '{"id":"1","title":"a\tb"}\n{"id":"9","title":"b"}\n',
        came=["9"], refused=[(1, "not JSON")]),
    Bad("two XML roots", RSS % (ITEM % (1,"a"))+RSS % (ITEM % (9,"b")),
        came=["1", "9"]),
    Bad("unknown prefix", RSS % "<item><x:id>1</x:id><x:title>a</x:title></item>",
        refused=[(1, "not well-formed XML")]),
    Bad("stylesheet", '<?xml-stylesheet href="http://x/"?>'+RSS % (ITEM % (1,"a")),
        came=["1"]),
    Bad("NUL reference", RSS % (ITEM % (1,"a&#0;")+ITEM % (9,"b")),
        came=["9"], refused=[(1, "not well-formed XML")]),
    Bad("surrogate reference", RSS % (ITEM % (1,"a&#xD800;")+ITEM % (9,"b")),
        came=["9"], refused=[(1, "not well-formed XML")]),
    Bad("item in an item", RSS % ("<item><id>1</id><title>a</title>"+ITEM % (5,"c")+"</item>"+ITEM % (9,"b")),
        came=["5", "9"], refused=[(1, "not well-formed XML")]),
    Bad("attribute twice", RSS % ('<item a="1" a="2"><id>1</id><title>a</title></item>'+ITEM % (9,"b")),
        came=["9"], refused=[(1, "not well-formed XML")]),
    Bad("blanks before the declaration", '  <?xml version="1.0"?>'+RSS % (ITEM % (1,"a")),
        came=["1"], recalls="! The file is XML with the root "),
    Bad("a comment that is not closed", RSS % (ITEM % (1,"a")+"<!-- "+ITEM % (9,"b")),
        came=["1", "9"]),
    Bad("DOCTYPE alone", "<!DOCTYPE rss>"+RSS % (ITEM % (1,"a")),
        came=["1"]),
    Bad("XInclude", RSS % ('<item><id>1</id><title><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>a</title></item>'+ITEM % (9,"b")),
        came=["9"], refused=[(1, "missing title")]),
    Bad("SVG", '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        says="The XML has no <item>, <entry>, <p", recalls="! The file is XML with the root "),
    Bad("SOAP", '<soap:Envelope xmlns:soap="x"><soap:Body/></soap:Envelope>',
        says="The XML has no <item>, <entry>, <p", recalls="! The file is XML with the root "),
    Bad("bytes behind gzip", gzip.compress(C.encode())+b"xx",
        came=["1", "9"], says="The gzip file is damaged or cut off", recalls="1 9"),
    Bad("gzip of two members", gzip.compress(b"id,title\n1,a\n")+gzip.compress(b"9,b\n"),
        came=["1", "9"], recalls="1 9"),
    Bad("empty gzip", gzip.compress(b""),
        says="The file is empty. Export the cata", recalls="! The file is empty: download or"),
    Bad("tar", tar(),
        says="This is a tar archive: upload the ", recalls="! This is a tar archive: upload the "),
    Bad("tar.gz", gzip.compress(tar()),
        says="This is a tar archive: upload the ", recalls="! This is a tar archive: upload the "),
    Bad("tar.xz", lzma.compress(tar()),
        says="This is a tar archive: upload the ", recalls="! This is a tar archive: upload the "),
    Bad("tar.bz2", bz2.compress(tar()),
        says="This is a tar archive: upload the ", recalls="! This is a tar archive: upload the "),
    Bad("tar.zst", zstandard.compress(tar()),
        says="This is a tar archive: upload the ", recalls="! This is a tar archive: upload the "),
    Bad("tar in a ZIP", zipped(("a.tar", tar())),
        says="This is a tar archive: upload the ", recalls="! This is a tar archive: upload the "),
    Bad("encrypted ZIP", encrypted(zipped(("a.csv",C))),
        says="The file in the ZIP is encrypted: ", recalls="! The ZIP file is protected by a"),
    Bad("ZIP behind other bytes", b"MZ"+b"\0"*98+zipped(("a.csv",C)),
        says="The file is not text: upload CSV, ", recalls="! The table has a header but no "),
    Bad("ZIP with a folder", zipped(("x/",""),("x/a.csv",C)),
        came=["1", "9"], recalls="1 9"),
    Bad("ZIP of a Mac", zipped(("a.csv",C),("__MACOSX/._a.csv","x")),
        came=["1", "9"], recalls="1 9"),
    Bad("ZIP with a note", zipped(("a.csv",C),("README.txt","x")),
        says="The ZIP file contains 2 files (a.c", recalls="! The ZIP file contains 2 files "),
    Bad("ZIP in a ZIP", zipped(("a.zip",zipped(("a.csv",C)))),
        says="The file is packed twice. Upload o", recalls="1 9"),
    Bad("zstd with a frame to skip", b"\x50\x2a\x4d\x18\x04\0\0\0abcd"+zstandard.compress(C.encode()),
        says="No column was recognised as the li", recalls="! No column was recognised as th"),
    Bad("empty zstd", zstandard.compress(b""),
        says="The file is empty. Export the cata", recalls="! The file is empty: download or"),
    Bad("zstd", zstandard.compress(C.encode()),
        came=["1", "9"], recalls="1 9"),
    Bad("zstd of two frames", zstandard.compress(b"id,title\n1,a\n")+zstandard.compress(b"9,b\n"),
        came=["1", "9"], recalls="1 9"),
    Bad("zstd cut off", lambda: zstandard.compress(b"".join([C.encode(), *(b"%d,x\n" % n for n in range(10, 300_000))]))[:200],
        says="The zstd file is damaged or cut of", recalls="! The zstd file is damaged or cut o"),
    Bad("zstd with rubbish behind it", zstandard.compress(C.encode())+b"rubbish",
        says="The zstd file is damaged or cut of", recalls="! The zstd file is damaged or cut o"),
    Bad("zstd bomb", lambda: zstandard.compress(C.encode()+bytes(60_000_000)),
        says="The zstd file unpacks to far more ", recalls="! The zstd file unpacks to far more"),
    Bad("zstd that needs a quarter of a gigabyte to unpack", greedy(C.encode()),
        says="The zstd file needs too much memor", recalls="! The zstd file needs too much memo"),
    Bad("zstd in a ZIP", zipped(("a.csv.zst", zstandard.compress(C.encode()))),
        says="The file is packed twice. Upload o", recalls="1 9"),
    Bad("brotli-like bytes", bytes([0x8b,0x05,0x80])+C.encode()[:8]+b"\x03",
        says="No column was recognised as the listing's id", recalls="! The table has a header but no "),
    Bad("bzip2", bz2.compress(C.encode()),
        came=["1", "9"], recalls="1 9"),
    Bad("bzip2 of two members", bz2.compress(b"id,title\n1,a\n")+bz2.compress(b"9,b\n"),
        came=["1", "9"], recalls="1 9"),
    Bad("bzip2 cut off", lambda: bz2.compress(b"".join([C.encode(), *(b"%d,x\n" % n for n in range(10, 300_000))]), 1)[:200],
        says="The bzip2 file is damaged or cut o", recalls="! The bzip2 file is damaged or cut"),
    Bad("bzip2 bomb", lambda: bz2.compress(C.encode()+bytes(60_000_000)),
        says="The bzip2 file unpacks to far more", recalls="! The bzip2 file unpacks to far mor"),
    Bad("empty bzip2", bz2.compress(b""),
        says="The file is empty. Export the cata", recalls="! The file is empty: download or"),
    Bad("words that begin like bzip2", "BZh,title\n1,a\n9,b\n",
        says="No column was recognised as the li", recalls="! No column was recognised as th"),
    Bad("xz", lzma.compress(C.encode()),
        came=["1", "9"], recalls="1 9"),
    Bad("xz of two streams with a gap", lzma.compress(b"id,title\n1,a\n")+bytes(8)+lzma.compress(b"9,b\n"),
        came=["1", "9"], recalls="1 9"),
    Bad("xz cut off", lzma.compress(C.encode())[:-9],
        came=["1", "9"], says="The xz file is damaged or cut off:", recalls="1 9"),
    Bad("xz bomb", lambda: lzma.compress(C.encode()+bytes(60_000_000)),
        says="The xz file unpacks to far more th", recalls="! The xz file unpacks to far more t"),
    Bad("xz that needs a gigabyte to unpack", hungry(C.encode()),
        says="The xz file needs too much memory ", recalls="! The xz file needs too much memory"),
    Bad("gzip in xz", lzma.compress(gzip.compress(C.encode())),
        says="The file is packed twice. Upload o", recalls="1 9"),
    Bad("xz in a ZIP", zipped(("a.csv.xz", lzma.compress(C.encode()))),
        says="The file is packed twice. Upload o", recalls="1 9"),
    Bad("xz with rubbish behind it", lzma.compress(C.encode())+b"rubbish",
        came=["1", "9"], says="The xz file is damaged or cut off:", recalls="1 9"),
    Bad("compress", b"\x1f\x9d\x90"+bytes(60),
        says="This is packed with compress (.Z):", recalls="! This is packed with compress (.Z)"),
    Bad("CAB", b"MSCF"+bytes(60),
        says="This is a CAB archive: upload the ", recalls="! This is a CAB archive: upload the"),
    Bad("7z in a ZIP", zipped(("a.7z", b"7z\xbc\xaf\x27\x1c"+bytes(60))),
        says="This is a 7z archive: upload the f", recalls="! This is a 7z archive: upload the "),
    Bad("RAR", b"Rar!\x1a\x07\x01\x00"+b"\0"*60,
        says="This is a RAR archive: upload the ", recalls="! This is a RAR archive: upload the"),
    Bad("7z", b"7z\xbc\xaf\x27\x1c"+b"\0"*60,
        says="This is a 7z archive: upload the f", recalls="! This is a 7z archive: upload the "),
    Bad("ELF", b"\x7fELF"+b"\0"*60,
        says="The file is not text: upload CSV, ", recalls="! The file is not JSON, XML or a"),
    Bad("SQLite", b"SQLite format 3\0"+b"\0"*100,
        says="This is a database: export the cat", recalls="! The file is not JSON, XML or a"),
    Bad("PostgreSQL dump", b"PGDMP\x01\x0e\0"+b"\0"*60,
        says="The file is not text: upload CSV, ", recalls="! The file is not JSON, XML or a"),
    Bad("JPEG", b"\xff\xd8\xff\xe0"+b"\0"*60,
        says="This is an image: export the catal", recalls="! The file is not JSON, XML or a"),
    Bad("GIF", b"GIF89a"+b"\0"*60,
        says="This is an image: export the catal", recalls="! The file is not JSON, XML or a"),
    Bad("formulas in a workbook", of_rows(["id", "title"], ["1", "=A1"], ["9", "b"]),
        came=["9"], refused=[(2, "missing title")], recalls="9"),
    Bad("hidden sheet first", book(hidden_first),
        came=["1"]),
    Bad("dates, truth and errors in a workbook", of_rows(["id", "title"], [date(2026, 1, 2), True], ["#N/A", "b"], [1.5, "c"]),
        came=["2026-01-02T00:00:00", "1.5"], refused=[(3, "missing id")]),
    Bad("a row of blanks in a workbook", of_rows(["id", "title"], ["1", "a"], [None, None], ["9", "b"]),
        came=["1", "9"], recalls="1 9"),
    Bad("Parquet of lists", parq(id=["1"],title=["a"],gtin=[["4006381333931"]]),
        came=["1"]),
    Bad("Parquet of structs", parq(id=["1"],title=[{"en":"a"}]),
        refused=[(1, "missing title")], recalls="! The Parquet file has columns wit"),
    Bad("Parquet without an id", parq(id=[None,"9"],title=["a","b"]),
        came=["9"], refused=[(1, "missing id")]),
    Bad("Parquet of bytes", parq(id=[b"1",b"\xff"],title=["a","b"]),
        came=["1"], refused=[(2, "unreadable id")], recalls="1 \ufffd"),
    Bad("Parquet without rows", parq(id=[],title=[]),
        says="The file has columns but no rows.", recalls="! The table has a header but no ro"),
    Bad("Parquet cut off", parq(id=["1"],title=["a"])[:-20],
        says="The Parquet file is damaged, cut o", recalls="! The Parquet file is damaged, cut"),
    Bad("our own recalls with a bad one", OWN % ("27-001", "27-002"),
        refused=[(1, "missing id"), (2, "not JSON"), (3, "missing id")], recalls="27-001 27-002"),
    Bad("our own recalls with a list for a text", '{"Recall number": "27-001", "Title": "a"}\n{"Recall number": ["x"], "Title": "b"}\n',
        refused=[(1, "missing id"), (2, "missing id")], recalls="27-001"),
    Bad("Parquet of numbers", parq(id=[1,9],title=["a","b"],price=[5.5,float("nan")]),
        came=["1", "9"], recalls="1 9"),
    Bad("a table in a web page", "<html><table><tr><td>id</td></tr></table></html>",
        says="This is a web page, not a catalogue", recalls="! This is a web page, not a file"),
    Bad("an e-mail", "From: a@x.example\nSubject: Catalogue\n\nHello\n",
        says="The file is not JSON, XML, XLSX, P", recalls="! The file is not JSON, XML or a"),
    Bad("SQL", "INSERT INTO products VALUES (1, 'a');\n",
        says="No column was recognised as the li", recalls="! The table has a header but no "),
    Bad("YAML", "- id: 1\n  title: a\n",
        says="The file is not JSON, XML, XLSX, P", recalls="! The file is not JSON, XML or a"),
    Bad("INI", "[product]\nid = 1\ntitle = a\n",
        says="The JSON document has no list of o", recalls="! The file is JSON, but not from"),
    Bad("base64", "aWQsdGl0bGUKMSxhCg==\n",
        says="The file is not JSON, XML, XLSX, P", recalls="! The file is not JSON, XML or a"),
    Bad("a query string", "id=1&title=a\n",
        says="The file is not JSON, XML, XLSX, P", recalls="! The file is not JSON, XML or a"),
    Bad("a log", "2026-01-02 10:00:00 INFO started\n2026-01-02 10:00:01 INFO done\n",
        says="The file is not JSON, XML, XLSX, P", recalls="! The file is not JSON, XML or a"),
    Bad("Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n",
        says="The file is not JSON, XML, XLSX, P", recalls="! The file is not JSON, XML or a"),
    Bad("an answer of an error", '{"error":"Unauthorized","status":401}',
        refused=[(1, "missing id")], recalls="! The file is JSON, but not from"),
    Bad("a redirect page", '<meta http-equiv="refresh" content="0;url=/login">',
        says="The XML has no <item>, <entry>, <p", recalls="! The file is incomplete, with n"),
    Bad("blanks and tabs", " \t \n\t\n",
        says="The file is empty. Export the cata", recalls="! The file is empty: download or"),
    Bad("one letter", "x",
        says="The file is not JSON, XML, XLSX, P", recalls="! The file is not JSON, XML or a"),
    Bad("a mark twice", b"\xef\xbb\xbf\xef\xbb\xbf"+C.encode(),
        came=["1", "9"], recalls="1 9"),
    Bad("UTF-8 cut in a letter", C.encode()+b"5,\xe6\xb5",
        came=["1", "9", "5"], warned=[(4, "unreadable characters")], recalls="1 9 5"),
    Bad("UTF-8 written twice", C.replace("a", "Küche").encode().decode("cp1252").encode(),
        came=["1", "9"], recalls="1 9"),
    Bad("overlong UTF-8", b"id,title\n1,\xc0\xafa\n",
        came=["1"], recalls="1"),
    Bad("EBCDIC", C.encode("cp037"),
        says="The file is not JSON, XML, XLSX, P", recalls="! The file is not JSON, XML or a"),
]  # fmt: skip


def catalogue_of(content: str | bytes) -> Bad:
    try:
        found = outcome(content)
    except UnreadableFeed as refusal:
        return Bad("", content, says=str(refusal))
    return Bad("", content, [*found.listings], found.refused, found.warned, found.report.broke_off)


def recalls_of(content: str | bytes) -> str:
    try:
        rows = read(content.encode() if isinstance(content, str) else content).rows
    except UnreadableFile as refusal:
        return f"! {refusal}"
    return " ".join(row.number for row in rows if not isinstance(row, Reject))


@pytest.mark.parametrize("bad", FILES, ids=[bad.name for bad in FILES])
def test_a_bad_catalogue_has_its_outcome(bad: Bad) -> None:
    found = catalogue_of(bad.made)
    assert (found.came, found.refused, found.warned) == (bad.came, bad.refused, bad.warned), found.says
    assert found.says.startswith(bad.says)
    assert bool(found.says) is bool(bad.says), found.says


@pytest.mark.parametrize("bad", [bad for bad in FILES if bad.recalls is not None], ids=lambda bad: bad.name)
def test_the_same_bytes_as_recalls_have_theirs(bad: Bad) -> None:
    assert bad.recalls is not None
    found = recalls_of(bad.made)
    assert found.startswith(bad.recalls) if bad.recalls.startswith("!") else found == bad.recalls
