"""Telling pictures apart: what a picture shows, in a form that survives resizing, compression and a watermark; and
nothing where there is too little to see. Knows nothing of Django or a network.

The background is cut away first: what counts is the product, not the white that shops put around it. Of what is left
two measures are taken, and both have to agree before two pictures are called the same
(docs/decisions/0009-perceptual-image-hash.md):

- where it gets clearly brighter or darker, to the right and downwards, on a grid of SIDE by SIDE. Flat places say nothing
  at all, so two pictures are not alike because of what neither of them shows;
- which colours lie where, on a coarse grid, whatever the light.
"""

from typing import NamedTuple

from PIL import Image, ImageChops, ImageFilter

from portal.media.imaging import NoPicture, opened

SIDE = 24  # cells of the grid of edges, on each side
STEP = 6  # of 255 greys: what differs less between two cells is no edge
LINE = 12  # of 255: what differs less is no line, but a run of light
MIN_EDGES = 60  # of the 4 * SIDE * SIDE that there could be; a picture with fewer shows too little
SHARED = 0.55  # of all edges of two pictures: from here on they are of one photo
SHARED_WITHOUT_COLOUR = 0.65  # where one of them has no colours to compare
COLOURS = 4  # cells of the grid of colours, on each side
COLOURS_WITHIN = 20.0  # of 255, on average: how far the colours of one photo are apart
_READ_AT = 384  # pixels of the longer side
_OUTSIDE = 24  # of 255: what differs less from the border is background
_SOME = 0.01  # share of a row or column that has to differ before the row belongs to the product
_BESIDE = 0.25  # share of the largest part: from here on it is a part of the product, too
_BORDERED = 0.9  # share of the outermost pixels: from here on there is a border
_LINED, _TABLE = 0.8, 5  # of a row, from which its edges are one line; and how many lines make a table
_PAPER = 0.82  # share of one grey from which it is the paper that something is written or drawn on
_EDGE_BITS = 4 * SIDE * SIDE
HASH_LENGTH = _EDGE_BITS // 4 + 2 * 2 * COLOURS * COLOURS  # hex digits


_DRAWN = "a text, a chart or a drawing, which many listings share"


class Seen(NamedTuple):
    """`hash`: HASH_LENGTH hex digits, or empty; then `problem` says why there is none."""

    hash: str
    problem: str = ""


def picture_hash(data: bytes) -> Seen:
    """The hash of a picture's bytes. Never raises for what the bytes are: blank, broken, huge or no picture at all."""
    try:
        with opened(data) as picture:
            picture.draft("RGB", (2 * _READ_AT, 2 * _READ_AT))
            shown = _on_white(picture)
    except NoPicture as problem:
        return Seen("", str(problem))
    small = shown.copy()
    small.thumbnail((_READ_AT, _READ_AT), Image.Resampling.LANCZOS)
    box = _subject(small)
    if box is None:
        return Seen("", "blank")
    if inner := _subject(small.crop(box)):  # a frame around a picture that has a background of its own
        box = box[0] + inner[0], box[1] + inner[1], box[0] + inner[2], box[1] + inner[3]
    product = shown.resize((_READ_AT, _READ_AT), Image.Resampling.BICUBIC, box=_scaled(box, small.size, shown.size))
    grey = product.convert("L")
    if max(grey.point(lambda value: value // 16).histogram()[:16]) > _PAPER * _READ_AT * _READ_AT:
        return Seen("", _DRAWN)
    edges, lines = _edges(grey)
    if lines >= _TABLE:
        return Seen("", _DRAWN)
    if edges.bit_count() < MIN_EDGES:
        return Seen("", "too little in it to tell it from others")
    return Seen(f"{edges:0{_EDGE_BITS // 4}x}{_colours(product).hex()}")


def shared(one: str, other: str) -> float:
    """The share of all edges of two pictures that both have, 0 to 1."""
    mine, yours = (int(each[: _EDGE_BITS // 4], 16) for each in (one, other))
    return (mine & yours).bit_count() / max(1, (mine | yours).bit_count())


def colours_apart(one: str, other: str) -> float:
    """How far the colours of two pictures are apart in the same places, on average, of 255."""
    mine, yours = (bytes.fromhex(each[_EDGE_BITS // 4 :]) for each in (one, other))
    return sum(abs(a - b) for a, b in zip(mine, yours, strict=True)) / len(mine)


def is_same(one: str, other: str) -> bool:
    """Whether two hashes are of one photo; a missing one is of none, nor is one that was made in an earlier way."""
    if len(one) != HASH_LENGTH or len(other) != HASH_LENGTH:
        return False
    if _is_colourless(one) or _is_colourless(other):
        return shared(one, other) >= SHARED_WITHOUT_COLOUR
    return shared(one, other) >= SHARED and colours_apart(one, other) <= COLOURS_WITHIN


def _is_colourless(hash_: str) -> bool:
    return all(abs(each - 128) <= 3 for each in bytes.fromhex(hash_[_EDGE_BITS // 4 :]))


def _subject(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """The part inside a border of one colour, or of a run of colours as lamps make it; the whole where there is no such
    border; None where nothing is inside."""
    background = _background(picture)
    bands = ImageChops.difference(picture, background).split()
    apart = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    mask = apart.point(lambda value: 255 if value > _OUTSIDE else 0).filter(ImageFilter.MedianFilter(3))
    if _bordered(mask) < _BORDERED:
        return 0, 0, *picture.size
    rows = _main_part(mask.resize((1, picture.height), Image.Resampling.BOX).tobytes())
    if rows is None:
        return None
    beside = mask.crop((0, rows[0], picture.width, rows[1])).resize((picture.width, 1), Image.Resampling.BOX)
    columns = _main_part(beside.tobytes())
    return None if columns is None else (columns[0], rows[0], columns[1], rows[1])


def _bordered(mask: Image.Image) -> float:
    """The share of the outermost pixels that are background."""
    width, height = mask.size
    part = max(1, min(width, height) // 40)
    sides = [
        (0, 0, width, part),
        (0, height - part, width, height),
        (0, 0, part, height),
        (width - part, 0, width, height),
    ]
    outside = [value for side in sides for value in mask.crop(side).tobytes()]
    return outside.count(0) / len(outside)


def _main_part(shares: bytes) -> tuple[int, int] | None:
    """From where to where the product is along one side: something small at a distance is a watermark."""
    gap, parts = max(1, len(shares) * 3 // 100), []
    last = -gap - 1
    for place, share in enumerate(shares):
        if share <= 255 * _SOME:
            continue
        if place - last > gap:
            parts.append([place, place, 0])
        parts[-1][1:] = place + 1, parts[-1][2] + share
        last = place
    if not parts:
        return None
    enough = max(part[2] for part in parts) * _BESIDE
    kept = [part for part in parts if part[2] >= enough]
    return kept[0][0], kept[-1][1]


def _scaled(box: tuple[int, ...], small: tuple[int, int], full: tuple[int, int]) -> tuple[float, float, float, float]:
    across, down = full[0] / small[0], full[1] / small[1]
    return box[0] * across, box[1] * down, box[2] * across, box[3] * down


def _background(picture: Image.Image) -> Image.Image:
    """What the picture would be without the product: its four corners, and what lies between them."""
    width, height = picture.size
    part = max(1, min(width, height) // 24)
    corners = Image.new("RGB", (2, 2))
    for across in (0, 1):
        for down in (0, 1):
            left, top = across * (width - part), down * (height - part)
            corner = picture.crop((left, top, left + part, top + part)).resize((1, 1), Image.Resampling.BOX)
            corners.paste(corner, (across, down))
    return corners.resize((4, 4), Image.Resampling.NEAREST).resize(
        picture.size, Image.Resampling.BILINEAR, box=(1.5, 1.5, 2.5, 2.5)
    )


def _edges(grey: Image.Image) -> tuple[int, int]:
    """One bit for each cell and way in which the next cell is clearly brighter, or darker; and how many lines go
    from one side to the other, if they go both ways: light that falls off goes one way only."""
    bits, lines = 0, [0, 0]
    for across in (True, False):
        size = (SIDE + 1, SIDE) if across else (SIDE, SIDE + 1)
        cells = grey.resize(size, Image.Resampling.BILINEAR)
        cells = cells.transpose(Image.Transpose.TRANSPOSE) if across else cells
        values = cells.tobytes()  # so that edges of one line are in one row
        for row in range(SIDE):
            rises = [values[(row + 1) * SIDE + place] - values[row * SIDE + place] for place in range(SIDE)]
            up, down = sum(rise >= LINE for rise in rises), sum(rise <= -LINE for rise in rises)
            lines[0] += up >= _LINED * SIDE
            lines[1] += down >= _LINED * SIDE
            for rise in rises:
                bits = bits << 2 | (rise >= STEP) << 1 | (rise <= -STEP)
    return bits, sum(lines) if min(lines) else 0


def _colours(product: Image.Image) -> bytes:
    _, blue, red = product.resize((COLOURS, COLOURS), Image.Resampling.BOX).convert("YCbCr").split()
    return blue.tobytes() + red.tobytes()


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent is white: shops show it so."""
    if picture.mode in {"RGBA", "LA", "P", "PA"}:
        shown = picture.convert("RGBA")
        white = Image.new("RGBA", shown.size, "white")
        white.alpha_composite(shown)
        return white.convert("RGB")
    return picture.convert("RGB")
