"""Pictures from strangers: opened within limits, and made again as small ones. Knows nothing of Django or a network."""

import contextlib
import io
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PIL import Image

from portal.media.limits import FETCHED, MAX_BYTES, MAX_PIXELS, MAX_SCANS, MAX_SCREENSHOT_BYTES, MIN_SIDE, UPLOADED

LONGER_SIDE = 480
CONTENT_TYPE = "image/webp"
QUALITY = 80
MAX_SIDE, FULL_QUALITY = 4_096, 90  # of a picture that is kept as evidence, where small print has to stay readable
_ORIENTATION = 0x0112
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")  # of a JPEG: the others belong to the data of a scan
_SCAN, _END, _ALONE = 0xDA, 0xD9, frozenset({0x01, 0xD8})  # the last ones have no length
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class NoPicture(Exception):
    """The bytes are no picture that we show; the message says why."""


class TooLarge(NoPicture):
    """They may be one, but opening it would cost too much."""


class Thumb(NamedTuple):
    """A small picture, encoded by us as CONTENT_TYPE."""

    data: bytes
    width: int
    height: int


@contextlib.contextmanager
def opened(
    data: bytes, *, forms: Sequence[str] = FETCHED, max_bytes: int = MAX_BYTES, min_side: int = MIN_SIDE
) -> Iterator[Image.Image]:
    """The picture, its first frame not decoded yet. Raises NoPicture for whatever the bytes are, also inside the block."""
    if len(data) > max_bytes:
        raise TooLarge(f"larger than {max_bytes // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(forms)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise TooLarge(f"more than {MAX_PIXELS // 1_000_000} million pixels")
                if min(picture.size) < min_side:
                    raise NoPicture("too small to show anything")
                if picture.format == "JPEG" and _has_too_many_scans(data):
                    raise TooLarge(f"more than {MAX_SCANS} scans")
                yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise TooLarge(f"more than {MAX_PIXELS // 1_000_000} million pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error):
        raise NoPicture("not a readable image") from None


def thumbnail(data: bytes) -> Thumb:
    """The picture small, upright, on white, redrawn: nothing but its pixels comes from the sender. Raises NoPicture."""
    with opened(data) as picture:
        drawn = _drawn(picture, LONGER_SIDE)
    return Thumb(_saved(drawn, "WEBP", QUALITY), drawn.width, drawn.height)


def redrawn(data: bytes, *, forms: Sequence[str]) -> tuple[str, bytes]:
    """The picture redrawn as `thumbnail` does, but large enough to read, and its form, which stays. Raises NoPicture."""
    with opened(data, forms=forms) as picture:
        form = str(picture.format)
        drawn = _drawn(picture, MAX_SIDE)
    if len(again := _saved(drawn, form, FULL_QUALITY)) > MAX_BYTES:
        raise TooLarge(f"larger than {MAX_BYTES // 1_000_000} MB when redrawn")
    return form, again


def screenshot_type(data: bytes) -> str:
    """The content type of a screenshot, which stays as it came, as its bytes show it. Raises NoPicture."""
    with opened(data, forms=tuple(UPLOADED), max_bytes=MAX_SCREENSHOT_BYTES, min_side=1) as picture:
        picture.verify()
        return UPLOADED[str(picture.format)]


def _has_too_many_scans(data: bytes) -> bool:
    """Whether decoding a JPEG goes over all its pixels more than MAX_SCANS times. 63 bytes are enough for a scan of 40
    million pixels: a file of 5 MB could keep a processor busy for 20 minutes."""
    place = scans = 0
    while (marker := _MARKER.search(data, place)) is not None:
        kind, place = marker[1][0], marker.end()
        if kind == _END:
            break
        scans += kind == _SCAN
        if scans > MAX_SCANS:
            return True
        if kind not in _ALONE:
            place += int.from_bytes(data[place : place + 2])
    return False


def _drawn(picture: Image.Image, side: int) -> Image.Image:
    """Upright, on white, and no longer than `side`; a new picture, so it has no EXIF, no colour profile and no comment."""
    turn = _TURNS.get(_orientation(picture))
    picture.draft("RGB", (2 * side, 2 * side))
    shown = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    shown.thumbnail((side, side), Image.Resampling.LANCZOS)
    if turn is not None:
        shown = shown.transpose(turn)
    drawn = Image.new("RGB", shown.size, "white")
    drawn.paste(shown, mask=shown.getchannel("A") if shown.mode == "RGBA" else None)
    return drawn


def _saved(picture: Image.Image, form: str, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **({} if form == "PNG" else {"quality": quality}))
    return out.getvalue()


def _orientation(picture: Image.Image) -> int:
    """Which way up the camera says it is; upright where it says nothing that can be read."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except (TypeError, ValueError, KeyError, SyntaxError, struct.error):
        return 1
