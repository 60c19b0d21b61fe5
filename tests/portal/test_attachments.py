"""Files from strangers: what they are is read from their content, and their names harm no one."""

import hashlib
import io

import pytest
from PIL import Image, PngImagePlugin

from portal.media.attachments import TEXT, NotKept, checked
from portal.media.imaging import MAX_SIDE
from portal.media.limits import MAX_BYTES
from tests.portal.test_imaging import SVG, claiming, colours, saved

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_a_picture_keeps_its_form_and_size_and_loses_what_else_is_in_it(form: str, kind: str) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "somebody by name")
    exif = Image.Exif()
    exif[0x010E] = "taken at home by somebody"
    data = saved(colours((900, 600)), form, **({"pnginfo": notes} if form == "PNG" else {"exif": exif}))
    assert b"somebody" in data
    kept = checked("shot", data)
    again = Image.open(io.BytesIO(kept.data))
    assert (kept.content_type, again.format, again.size) == (kind, form, (900, 600))
    assert b"somebody" not in kept.data
    assert kept.sent_sha256 == hashlib.sha256(data).hexdigest()


def test_a_wide_picture_is_made_narrower() -> None:
    kept = checked("wide.png", saved(Image.new("L", (6_000, 300)), "PNG"))
    assert Image.open(io.BytesIO(kept.data)).size == (MAX_SIDE, 205)


@pytest.mark.parametrize(("data", "kind"), [(PDF, "application/pdf"), ("Grüße\r\n\t你好".encode(), TEXT)])
def test_a_pdf_and_a_text_stay_as_they_came(data: bytes, kind: str) -> None:
    kept = checked("x", data)
    assert (kept.content_type, kept.data) == (kind, data)


@pytest.mark.parametrize(
    ("data", "too_large"),
    [
        (b"", False),
        (b" \n", False),
        (saved(colours((400, 400)), "GIF"), False),
        (saved(colours((400, 400)), "TIFF"), False),
        (saved(colours((400, 400)))[:900], False),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", False),
        (b"PK\x03\x04" + b"\x00" * 40, False),
        (b"MZ\x90\x00\x03", False),
        (b"%PDF-1.7 with no end\x00", False),
        (b"text with a \x1b[2J for the terminal", False),
        ("UTF-16 text".encode("utf-16"), False),
        (b"x" * (MAX_BYTES + 1), True),
        (claiming(60_000, 60_000), True),
        (saved(Image.new("1", (9_000, 9_000)), "PNG"), True),
    ],
)
def test_whatever_else_comes_is_not_kept(data: bytes, too_large: bool) -> None:
    with pytest.raises(NotKept) as refused:
        checked("photo.png", data)
    assert refused.value.too_large is too_large


def test_a_page_of_markup_is_kept_as_the_text_that_it_is() -> None:
    assert (checked("page.svg", SVG).name, checked("page.svg", SVG).content_type) == ("page.svg.txt", TEXT)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("note.txt", "note.txt"),
        ("NOTE.TXT", "NOTE.TXT"),
        ("../../etc/passwd", "passwd.txt"),
        (r"C:\Users\nia\note.txt", "note.txt"),
        ("table.csv", "table.csv.txt"),
        ("run.exe", "run.exe.txt"),
        ("exe\u202etxt.scr", "exetxt.scr.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie_ x=1.txt"),
        ("..", "file.txt"),
        ("", "file.txt"),
        (".txt", "txt.txt"),
        ("报告.txt", "报告.txt"),
        ("x" * 300 + ".txt", "x" * 116 + ".txt"),
    ],
)
def test_a_name_is_its_last_part_with_an_ending_of_its_type(sent: str, kept: str) -> None:
    assert checked(sent, b"words").name == kept
