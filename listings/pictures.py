"""Telling pictures apart: a hash that survives resizing, compression and a watermark, and no hash where there is nothing
to see. Knows nothing of Django or a network.

The hash is a difference hash: the picture in grey at 17 by 16, one bit for each pair of neighbours, 256 in all. Two hashes
of one photo differ in few bits, of two photos in about half of them (docs/decisions/pictures-by-a-difference-hash.md).
"""

from typing import NamedTuple

from PIL import Image, ImageStat

from portal.imaging import NoPicture, opened

PLAIN_BELOW = 8.0  # standard deviation of grey, 0 to 127, below which a picture shows nothing
SIDE = 16
SAME_WITHIN = 26  # of 256 bits: a tenth


class Seen(NamedTuple):
    """`hash`: 64 hex digits, or empty; then `problem` says why there is none."""

    hash: str
    problem: str = ""


def picture_hash(data: bytes) -> Seen:
    """The hash of a picture's bytes. Never raises for what the bytes are: blank, broken, huge or no picture at all."""
    try:
        with opened(data) as picture:
            picture.draft("L", (256, 256))
            grey = _on_white(picture)
    except NoPicture as problem:
        return Seen("", str(problem))
    if ImageStat.Stat(grey).stddev[0] < PLAIN_BELOW:
        return Seen("", "blank")
    small = grey.resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            place = row * (SIDE + 1) + column
            bits = bits << 1 | (small[place] > small[place + 1])
    return Seen(f"{bits:064x}")


def distance(one: str, other: str) -> int:
    """How many of the 256 bits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def is_same(one: str, other: str) -> bool:
    """Whether two hashes are of one photo; a missing one is of none."""
    return bool(one and other) and distance(one, other) <= SAME_WITHIN


def _on_white(picture: Image.Image) -> Image.Image:
    """In grey, with what is transparent white: shops show it so."""
    if picture.mode in {"RGBA", "LA", "P", "PA"}:
        shown = picture.convert("RGBA")
        white = Image.new("RGBA", shown.size, "white")
        white.alpha_composite(shown)
        return white.convert("L")
    return picture.convert("L")
