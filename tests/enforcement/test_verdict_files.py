"""The verdict from a file of recorded answers, and pages in the encodings that shops use."""

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from enforcement.checks.fetch import Capture
from enforcement.rules.verdict.__main__ import judged, main
from enforcement.rules.verdict.decoding import MAX_TEXT_BYTES, as_text
from tests.enforcement.shop_answers import answers

ROOT = Path(__file__).parents[2]


def test_the_command_judges_a_file_without_a_database_and_a_bad_row_affects_no_other(tmp_path: Path) -> None:
    good = next(row for row in answers() if row["kind"] == "ended_as_a_message")
    rows = [
        "{not json",
        "[]",
        json.dumps({"id": "no-status"}),
        json.dumps(good | {"id": "deep", "html": 5}),
        "",
        json.dumps(good),
        "\xff",
    ]
    path = tmp_path / "pages.jsonl"
    path.write_bytes("\n".join(rows).encode("latin-1", errors="ignore"))
    ran = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-m", "enforcement.rules.verdict", "--pages", path],
        capture_output=True, check=True, cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, text=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["line 1", "line 2", "no-status", "deep", good["id"], "line 7"]
    assert ["error" in line for line in lines] == [True, True, True, True, False, True]
    assert (lines[4]["verdict"], lines[4]["rule"]) == ("gone", "says_ended")
    assert "status must be a whole number" in lines[2]["error"]


def test_the_command_says_how_it_is_used_and_what_file_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, text in ((["--help"], "one JSON object a line"), (["--pages", "/nowhere.jsonl"], "cannot be read")):
        with pytest.raises(SystemExit):
            main(arguments)
        assert text in "".join(capsys.readouterr())


def test_numbers_without_end_lone_surrogates_and_addresses_that_are_none_are_answered_row_by_row() -> None:
    page = b'"status": 200, "html": "\\ud800<h1>Page not found</h1>", "url": '
    rows = [
        b'{"id": 1, "status": ' + b"9" * 5_000 + b"}",
        b'{"id": 2, ' + page + b'"https://shop.example/x"}',
        b'{"id": 3, ' + page + b'"http://[x"}',
    ]
    endless, lone, nowhere = (json.loads(json.dumps(line)) for line in judged(rows))
    assert (endless["id"], endless["error"][:19]) == ("line 1", "line 1: ValueError:")
    assert (lone["id"], lone["verdict"]) == (2, "unknown")
    assert (nowhere["id"], nowhere["error"]) == (3, "line 3: ValueError: Invalid IPv6 URL")


ENDED = {
    "gb2312": "该商品已下架", "big5": "此商品已下架", "shift_jis": "この商品は削除されました", "euc-jp": "この商品は削除されました",
    "euc-kr": "이 상품은 삭제되었습니다", "windows-1251": "Объявление удалено", "iso-8859-2": "Ogłoszenie zostało usunięte",
    "windows-1254": "Bu ilan kaldırıldı", "iso-8859-1": "Die Anzeige wurde gelöscht", "tis-620": "สินค้านี้ถูกลบแล้ว", "utf-8": "L'annonce a été supprimée",
}  # fmt: skip


@pytest.mark.parametrize(("charset", "sentence"), ENDED.items())
def test_a_page_with_its_encoding_only_in_a_meta_tag_is_decoded(charset: str, sentence: str) -> None:
    html = f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={charset}'></head><body><p>{sentence}</p></body></html>"
    body = html.encode({"tis-620": "cp874"}.get(charset, charset))
    assert sentence in as_text(body, "text/html")
    assert sentence in as_text(body, f"text/html; charset={charset}")


@pytest.mark.parametrize(
    "charset", ["utf-7", "cp037", "unicode_escape", "punycode", "rot13", "utf-32", "utf_8_sig", "idna"]
)
def test_an_encoding_that_no_browser_knows_is_not_used(charset: str) -> None:
    """Else one page could say "removed" to us, and offer its goods to everybody else."""
    hidden = "<h1>This listing has ended.</h1>".encode("cp037" if charset == "cp037" else "ascii")
    offer = b"<!--" + hidden + b"--><h1>Lamp</h1><button>Buy \\u0041 +AD4-now</button>"
    for text in (
        as_text(offer, f"text/html; charset={charset}"),
        as_text(f"<meta charset={charset}>".encode() + offer),
    ):
        assert "<h1>Lamp</h1><button>Buy \\u0041 +AD4-now</button>" in text


def test_a_page_whose_bytes_read_as_two_pages_is_read_as_browsers_do() -> None:
    ended, offer = "<h1>This listing has ended.</h1>", "<h1>Lamp</h1><p>19.90 EUR</p><button>Add to cart</button>"
    half = b"<!--" + b"x\x00" * 30 + ended.encode("utf-16-le") + b"-->" + offer.encode()
    assert offer in as_text(half, "text/html; charset=utf-8")
    assert offer in as_text(half)
    escaped = b"<meta charset=iso-2022-jp>" + ended.encode() + b"<i>\xff</i>\x1b$B" + offer.encode() + b"\x1b(B"
    assert offer in as_text(escaped, "text/html; charset=utf-8")
    assert offer in as_text(offer.encode("utf-16-le"), "text/html; charset=utf-16")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_wide_and_marked_pages_are_decoded(encoding: str) -> None:
    assert "Angebot gelöscht" in as_text("<html><body><p>Angebot gelöscht</p></body></html>".encode(encoding))


def test_a_wrong_header_gives_way_to_what_fits() -> None:
    body = "<meta charset=windows-1251><p>Объявление удалено</p>".encode("windows-1251")
    assert "Объявление удалено" in as_text(body, "text/html; charset=utf-8")
    assert "gelöscht" in as_text("gelöscht".encode("latin-1"), "text/html; charset=nonsense-7")
    assert as_text(b"<meta charset=hex><p>plain</p>") == "<meta charset=hex><p>plain</p>"


def test_a_page_compressed_without_a_header_is_unpacked_within_a_limit_and_the_bytes_are_what_is_hashed() -> None:
    body = gzip.compress(b"<p>This listing has ended</p>")
    seen = Capture("https://shop.example", timezone.now(), 200, "https://shop.example", body=body)
    assert "has ended" in seen.text
    assert hashlib.sha256(seen.body).digest() == hashlib.sha256(body).digest()
    assert len(as_text(gzip.compress(b"a" * 50_000_000))) == MAX_TEXT_BYTES
    assert as_text(b"\x1f\x8bnot gzip at all") != ""
