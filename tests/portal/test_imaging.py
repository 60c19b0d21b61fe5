"""Small pictures made of strangers' ones: bounded, upright, and with nothing in them but pixels."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from portal.media.imaging import LONGER_SIDE, NoPicture, TooLarge, thumbnail
from portal.media.limits import MAX_BYTES

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><script>alert(1)</script></svg>'


def saved(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def colours(size: tuple[int, int]) -> Image.Image:
    """Red at the left, blue at the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return picture


def again(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(it)) + name + it + struct.pack(">I", zlib.crc32(name + it)) for name, it in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize(
    ("size", "small"), [((2000, 1000), (480, 240)), ((600, 1800), (160, 480)), ((100, 60), (100, 60))]
)
def test_every_form_becomes_a_small_webp_of_the_same_shape(
    form: str, size: tuple[int, int], small: tuple[int, int]
) -> None:
    thumb = thumbnail(saved(colours(size), form))
    picture = again(thumb.data)
    assert (picture.format, picture.size, (thumb.width, thumb.height)) == ("WEBP", small, small)
    assert max(picture.size) <= LONGER_SIDE


def test_what_the_camera_and_its_owner_wrote_is_gone_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x8825] = 6, "taken at home", {1: "N", 2: (52.0, 31.0, 12.0)}
    data = saved(colours((800, 400)), exif=exif, comment=b"call me", icc_profile=b"a profile of somebody's screen")
    assert b"taken at home" in data
    assert again(data).getexif().get_ifd(0x8825)
    picture = again(thumbnail(data).data)
    assert picture.size == (240, 480)
    red, blue = pixel(picture, 120, 60), pixel(picture, 120, 420)
    assert (red[0] > 200, red[2] < 60) == (True, True)
    assert (blue[2] > 200, blue[0] < 60) == (True, True)
    assert not picture.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)


def test_texts_in_a_png_are_gone() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "somebody by name")
    notes.add_itxt("XML:com.adobe.xmp", "<x>somebody by name</x>")
    data = saved(colours((100, 100)), "PNG", pnginfo=notes)
    assert b"somebody by name" in data
    assert b"somebody" not in thumbnail(data).data


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_what_moves_only_the_first_frame_is_shown(form: str) -> None:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue", "green")]
    data = saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
    picture = again(thumbnail(data).data)
    assert getattr(picture, "n_frames", 1) == 1
    assert pixel(picture, 100, 100)[0] > 200


def test_what_is_transparent_is_white() -> None:
    assert min(again(thumbnail(saved(Image.new("RGBA", (80, 80), (0, 0, 0, 0)), "PNG")).data).getpixel((40, 40))) > 250


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8" + b"x" * MAX_BYTES, TooLarge),
        (saved(Image.new("1", (9_000, 9_000)), "PNG"), TooLarge),
        (claiming(12_000, 12_000), TooLarge),
        (claiming(60_000, 60_000), TooLarge),
        (SVG, NoPicture),
        (b"<?xml version='1.0'?>" + SVG, NoPicture),
        (b"<html>not found</html>", NoPicture),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 400\n", NoPicture),
        (saved(colours((400, 400)), "TIFF"), NoPicture),
        (saved(colours((400, 400)), "PDF"), NoPicture),
        (saved(colours((400, 400)))[:900], NoPicture),
        (claiming(400, 400), NoPicture),
        (saved(colours((31, 400))), NoPicture),
        (b"", NoPicture),
    ],
)  # fmt: skip
def test_what_is_too_large_or_no_picture_is_refused(data: bytes, kind: type[NoPicture]) -> None:
    with pytest.raises(NoPicture) as refused:
        thumbnail(data)
    assert type(refused.value) is kind


def with_scans(how_many: int) -> bytes:
    """A picture of 4 million pixels whose JPEG has so many scans more, of 50 bytes each, that go over all of them."""
    whole = saved(Image.new("L", (2_000, 2_000), 128), progressive=True)
    first = whole.index(b"\xff\xda\x00\x08\x01\x01\x00\x01")
    end = next(place for place in range(first + 10, len(whole)) if whole[place] == 0xFF and whole[place + 1])
    refining = whole[first : first + 7] + b"\x01\x3f\x10" + whole[first + 10 : end]
    return whole[:end] + refining * how_many + b"\xff\xd9"


def test_a_jpeg_that_would_be_drawn_a_hundred_thousand_times_over_is_refused_unread() -> None:
    assert thumbnail(with_scans(10)).width == LONGER_SIDE
    started = time.process_time()
    with pytest.raises(TooLarge, match="more than 50 scans"):
        thumbnail(with_scans(60_000))
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "before", [b"\xff\xfe\x00\x04\xff\xd9", b"\xff\xff\xff\xfe\x00\x06\xff\xda\xff\xd9", b"\0\0\0"]
)
def test_nothing_before_its_scans_hides_how_many_a_jpeg_has(before: bytes) -> None:
    first, rest = with_scans(60)[:2], with_scans(60)[2:]
    with pytest.raises((TooLarge, NoPicture), match=r"50 scans|not a readable image"):
        thumbnail(first + before + rest)


def test_what_looks_like_a_scan_in_a_comment_counts_for_nothing() -> None:
    whole = saved(colours((100, 60)), progressive=True, comment=b"\xff\xda" * 1_000)
    assert thumbnail(whole).width == 100
