"""Pictures of the demo's products, drawn here: nobody's photo, and the same bytes for the same address everywhere.

An address names what is drawn: `/picture/kettle-2-1.png` is a kettle in the third colour in the second view. Recalls
show view 0, listings the others; a seller who copies a listing copies its address.
"""

import io
import re
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw

SIDE, FINER = 480, 2  # pixels of the picture; it is drawn larger and made smaller, for smooth edges
VIEWS = 4
COLOURS = ((196, 62, 58), (47, 93, 140), (62, 124, 89), (214, 158, 46), (112, 86, 148), (92, 100, 112))
_GROUNDS = ((255, 255, 255), (240, 236, 228), (228, 236, 242), (236, 230, 240))
_DARK, _LIGHT, _METAL = (45, 49, 58), (250, 250, 250), (176, 184, 194)
_ADDRESS = re.compile(r"/picture/([a-z]+)-([0-9])-([0-9])\.png")
Colour = tuple[int, int, int]


class _Pen:
    """Shapes in hundredths of the picture's side."""

    def __init__(self, draw: ImageDraw.ImageDraw, size: int) -> None:
        self._draw, self._unit = draw, size / 100

    def _at(self, *values: float) -> list[float]:
        return [value * self._unit for value in values]

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour, round_by: float = 2) -> None:
        self._draw.rounded_rectangle(self._at(left, top, right, bottom), round_by * self._unit, fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self._draw.ellipse(self._at(x - radius, y - radius, x + radius, y + radius), fill)

    def oval(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        self._draw.ellipse(self._at(left, top, right, bottom), fill)

    def shape(self, *points: tuple[float, float], fill: Colour) -> None:
        self._draw.polygon([(x * self._unit, y * self._unit) for x, y in points], fill)

    def line(self, *points: tuple[float, float], fill: Colour, width: float = 3) -> None:
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        self._draw.line(scaled, fill, int(width * self._unit), joint="curve")

    def arc(self, left: float, top: float, right: float, bottom: float, ends: tuple[int, int], fill: Colour) -> None:
        self._draw.arc(self._at(left, top, right, bottom), *ends, fill, int(4 * self._unit))


def _darker(colour: Colour) -> Colour:
    red, green, blue = (part * 7 // 10 for part in colour)
    return red, green, blue


def _kettle(pen: _Pen, colour: Colour) -> None:
    pen.arc(58, 32, 88, 68, (270, 90), _DARK)
    pen.shape((30, 45), (14, 36), (20, 32), (34, 40), fill=_darker(colour))
    pen.shape((34, 30), (66, 30), (74, 76), (26, 76), fill=colour)
    pen.oval(34, 24, 66, 36, _darker(colour))
    pen.disc(50, 23, 4, _DARK)
    pen.box(24, 76, 76, 82, _DARK)
    pen.box(44, 46, 50, 66, _LIGHT)


def _heater(pen: _Pen, colour: Colour) -> None:
    pen.oval(26, 78, 74, 90, _DARK)
    pen.box(34, 14, 66, 84, colour, 6)
    pen.box(39, 28, 61, 76, _darker(colour), 3)
    for top in range(31, 74, 5):
        pen.line((41, top), (59, top), fill=_METAL, width=1.2)
    pen.box(42, 18, 58, 24, _DARK)
    pen.disc(50, 21, 1.5, COLOURS[0])


def _crib(pen: _Pen, colour: Colour) -> None:
    pen.box(16, 32, 84, 37, colour)
    pen.box(16, 64, 84, 70, colour)
    for x in range(22, 82, 7):
        pen.box(x, 36, x + 2, 65, colour, 1)
    for x in (14, 81):
        pen.box(x, 24, x + 5, 86, _darker(colour))
    pen.box(20, 58, 80, 64, _GROUNDS[2], 3)


def _magnets(pen: _Pen, colour: Colour) -> None:
    for row in range(5):
        for place in range(5 - row):
            x, y = 26 + row * 6 + place * 12, 74 - row * 11
            pen.disc(x, y, 6, colour if (row + place) % 2 else _METAL)
            pen.disc(x - 2, y - 2, 1.6, _LIGHT)
    pen.box(16, 80, 84, 85, _DARK)


def _scooter(pen: _Pen, colour: Colour) -> None:
    pen.line((30, 18), (48, 18), fill=_DARK, width=4)
    pen.line((38, 18), (28, 74), fill=colour, width=4)
    pen.line((28, 74), (74, 74), fill=colour, width=6)
    for x in (26, 78):
        pen.disc(x, 78, 8, _DARK)
        pen.disc(x, 78, 4, _METAL)


def _powerbank(pen: _Pen, colour: Colour) -> None:
    pen.box(30, 16, 70, 84, _darker(colour), 7)
    pen.box(32, 16, 68, 82, colour, 6)
    pen.disc(50, 46, 13, _LIGHT)
    pen.shape((52, 36), (42, 49), (49, 49), (47, 57), (58, 44), (51, 44), fill=colour)
    for x in range(40, 62, 6):
        pen.disc(x, 74, 1.5, _LIGHT)


def _blanket(pen: _Pen, colour: Colour) -> None:
    pen.box(16, 36, 84, 76, colour, 6)
    pen.box(16, 58, 84, 76, _darker(colour), 6)
    for x in range(22, 82, 10):
        pen.line((x, 40), (x + 5, 47), (x, 54), fill=_LIGHT, width=1)
    pen.line((84, 66), (92, 66), (92, 84), fill=_DARK, width=1.5)
    pen.box(87, 82, 97, 94, _DARK)


def _dresser(pen: _Pen, colour: Colour) -> None:
    pen.box(20, 18, 80, 84, _darker(colour))
    for top in range(23, 78, 15):
        for left in (23, 52):
            pen.box(left, top, left + 25, top + 12, colour)
            pen.box(left + 9, top + 5, left + 16, top + 7, _DARK, 1)
    for left in (24, 72):
        pen.box(left, 84, left + 4, 91, _DARK)


def _toaster(pen: _Pen, colour: Colour) -> None:
    pen.box(30, 24, 46, 50, (222, 184, 135), 4)
    pen.box(52, 24, 68, 50, (222, 184, 135), 4)
    pen.box(16, 38, 84, 80, colour, 10)
    pen.box(84, 50, 90, 55, _DARK)
    pen.disc(72, 66, 5, _LIGHT)
    pen.box(20, 80, 80, 84, _DARK)


def _helmet(pen: _Pen, colour: Colour) -> None:
    pen.oval(16, 22, 84, 90, colour)
    pen.box(10, 58, 90, 96, _GROUNDS[0], 0)
    for x in (34, 50, 66):
        pen.oval(x - 4, 28, x + 4, 50, _darker(colour))
    pen.line((26, 58), (42, 82), (50, 86), (58, 82), (74, 58), fill=_DARK, width=2)


def _lamp(pen: _Pen, colour: Colour) -> None:
    pen.shape((38, 18), (62, 18), (76, 48), (24, 48), fill=colour)
    pen.box(48, 48, 52, 80, _METAL)
    pen.oval(32, 76, 68, 88, _DARK)
    pen.disc(50, 50, 5, COLOURS[3])


def _charger(pen: _Pen, colour: Colour) -> None:
    pen.box(30, 34, 70, 76, colour, 6)
    for x in (40, 56):
        pen.box(x, 20, x + 4, 34, _METAL, 1)
    for y in (48, 60):
        pen.box(42, y, 58, y + 5, _DARK)


def _fan(pen: _Pen, colour: Colour) -> None:
    pen.box(47, 60, 53, 84, _METAL)
    pen.oval(30, 80, 70, 90, _DARK)
    pen.disc(50, 40, 28, colour)
    pen.disc(50, 40, 24, _LIGHT)
    for blade in (((50, 40), (34, 24), (54, 20)), ((50, 40), (72, 34), (66, 54)), ((50, 40), (44, 62), (30, 48))):
        pen.shape(*blade, fill=colour)
    pen.disc(50, 40, 5, _DARK)


def _bottle(pen: _Pen, colour: Colour) -> None:
    pen.oval(44, 10, 56, 30, (222, 184, 135))
    pen.box(36, 24, 64, 34, colour)
    pen.box(34, 34, 66, 88, _GROUNDS[2], 7)
    pen.box(34, 58, 66, 88, _LIGHT, 7)
    for y in (44, 52, 60, 68, 76):
        pen.line((54, y), (63, y), fill=colour, width=1.5)


def _chair(pen: _Pen, colour: Colour) -> None:
    pen.box(38, 14, 66, 52, colour, 5)
    pen.box(34, 50, 70, 57, _darker(colour))
    pen.box(22, 38, 54, 43, _METAL)
    for top, foot in ((38, 26), (66, 78)):
        pen.line((top, 56), (foot, 90), fill=_DARK, width=3)
    pen.line((31, 76), (73, 76), fill=_DARK, width=2)


def _box(pen: _Pen, colour: Colour) -> None:
    pen.shape((50, 20), (84, 36), (50, 52), (16, 36), fill=colour)
    pen.shape((16, 36), (50, 52), (50, 88), (16, 72), fill=_darker(colour))
    pen.shape((84, 36), (50, 52), (50, 88), (84, 72), fill=_darker(_darker(colour)))


DRAWN: dict[str, Callable[[_Pen, Colour], None]] = {
    "kettle": _kettle, "heater": _heater, "crib": _crib, "magnets": _magnets, "scooter": _scooter,
    "powerbank": _powerbank, "blanket": _blanket, "dresser": _dresser, "toaster": _toaster, "helmet": _helmet,
    "lamp": _lamp, "charger": _charger, "fan": _fan, "bottle": _bottle, "chair": _chair, "box": _box,
}  # fmt: skip


def address_of(kind: str, colour: int, view: int) -> str:
    """The path under which the demo's shop serves a picture."""
    return f"/picture/{kind}-{colour % len(COLOURS)}-{view % VIEWS}.png"


def picture_at(path: str) -> bytes | None:
    """The PNG at an address of `address_of`; None where there is none."""
    match = _ADDRESS.fullmatch(path)
    if match is None or match[1] not in DRAWN or int(match[2]) >= len(COLOURS) or int(match[3]) >= VIEWS:
        return None
    return _drawn(match[1], int(match[2]), int(match[3]))


@lru_cache(maxsize=len(DRAWN) * len(COLOURS) * VIEWS)
def _drawn(kind: str, colour: int, view: int) -> bytes:
    size = SIDE * FINER
    sheet = Image.new("RGB", (size, size), _GROUNDS[0])
    DRAWN[kind](_Pen(ImageDraw.Draw(sheet), size), COLOURS[colour])
    picture = _viewed(sheet, view).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _viewed(sheet: Image.Image, view: int) -> Image.Image:
    """The product as one seller or another photographs it: as drawn, mirrored, closer and turned, or on a table."""
    if view == 0:
        return sheet
    ground = Image.new("RGB", sheet.size, _GROUNDS[view])
    size = sheet.width
    if view == 1:
        cut = sheet.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    elif view == 2:
        cut = sheet.rotate(-8, Image.Resampling.BICUBIC, fillcolor=_GROUNDS[0])
        cut = cut.crop((size // 10, size // 10, size * 9 // 10, size * 9 // 10)).resize(sheet.size)
    else:
        ImageDraw.Draw(ground).rectangle((0, size * 3 // 4, size, size), (196, 178, 156))
        small = sheet.resize((size * 4 // 5, size * 4 // 5))
        cut = Image.new("RGB", sheet.size, _GROUNDS[0])
        cut.paste(small, (size // 10, size // 6))
    mask = cut.convert("L").point(lambda value: 255 if value < 254 else 0)
    ground.paste(cut, (0, 0), mask)
    return ground
