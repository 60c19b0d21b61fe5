"""Papers as PDF: headings, paragraphs, facts and tables in any script that the fonts beside this file cover.

DejaVu Sans writes Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian and Georgian; Noto Sans SC (a part of it) Chinese and
Japanese; Nanum Gothic Korean. Further fonts, for scripts that none of them has, are taken from the folder PDF_FONTS.
"""

import logging
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont, TTLibError
from fpdf import FPDF
from fpdf.enums import VAlign, XPos, YPos
from fpdf.fonts import FontFace

from portal.texts import in_written_order

logger = logging.getLogger(__name__)
FONTS = Path(__file__).with_name("fonts")
BASE, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"
# Their Latin letters, digits and marks without layout features: all that most papers need, in a sixth of the bytes that
# each paper reads and cuts its own letters out of.
LATIN, LATIN_BOLD = FONTS / "DejaVuSans-Latin.ttf", FONTS / "DejaVuSans-Latin-Bold.ttf"
SHIPPED = (FONTS / "NotoSansSC-Subset.ttf", FONTS / "NanumGothicLight.ttf")
SIZES = {1: 16.0, 2: 12.0, 3: 10.5}
TEXT, SMALL = 9.5, 8.0
NO_GLYPH = "□"
SHEET_WIDTH, WIDE_SIGN = 174.0, 2.9  # mm between the margins, and of a Chinese letter in a table
MAX_LINES = 20  # of a table's row: fpdf draws no row over two pages, and a page has three times as many
MAX_EMS = 1.6  # a wider sign is drawn as a box: a row of such ones would be higher than its text says
MAX_WITHOUT_DIRECTION = 300  # signs in a row; fpdf calls itself for each of them
_DIRECTED = frozenset({"L", "R", "AL", "EN", "AN"})
_NEAR = 40  # signs within which a text is rather cut at a blank
GREY, LINE = (86, 92, 101), (201, 201, 201)


@dataclass(frozen=True)
class _Block:
    kind: str  # heading, text, facts, table
    rows: list[list[str]]
    level: int = 0


@dataclass
class Paper:
    """One document, written block by block. `made_at` becomes its date, so that the same content gives the same file."""

    title: str
    made_at: datetime
    language: str = "en"
    _blocks: list[_Block] = field(default_factory=list)

    def heading(self, text: str, level: int = 2) -> None:
        self._blocks.append(_Block("heading", [[text]], level))

    def text(self, text: str) -> None:
        """A paragraph; line breaks in it stay."""
        self._blocks.append(_Block("text", [[text]]))

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Names and what they are, one a line."""
        self._blocks.append(_Block("facts", [list(pair) for pair in facts]))

    def table(self, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        found = [[str(cell) for cell in row] for row in rows]
        if found:
            self._blocks.append(_Block("table", [list(header), *found]))

    def render(self) -> bytes:
        """The document. A character that no font has is drawn as a box; the last line then says how many there are."""
        wanted = frozenset(sign for block in self._blocks for row in block.rows for cell in row for sign in cell)
        chosen, missing = _fonts_for(frozenset(sign for sign in wanted if sign.isprintable()))
        shaped = any(map(_joins, wanted))
        base = (BASE, BOLD) if shaped or not _is_latin(wanted) else (LATIN, LATIN_BOLD)
        pdf = _sheet(self, base, chosen, shaped=shaped)
        boxes = str.maketrans(dict.fromkeys(missing, NO_GLYPH))
        for block in self._blocks:
            _draw(pdf, block, boxes)
        if missing:
            count = len(missing)
            pdf.set_text_color(*GREY)
            _lines(
                pdf,
                f"{count} characters are in no font here and drawn as {NO_GLYPH}; the text version has them.",
                SMALL,
            )
        return bytes(pdf.output())


class _Sheet(FPDF):
    """A4 with the page's number at the foot."""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("base", size=SMALL)
        self.set_text_color(*GREY)
        self.cell(0, 6, f"{self.page_no()} / {{nb}}", align="R")


def _sheet(paper: Paper, base: tuple[Path, Path], fonts: Sequence[Path], *, shaped: bool) -> FPDF:
    pdf = _Sheet(format="A4")
    pdf.set_creation_date(paper.made_at)
    pdf.set_title(paper.title)
    pdf.set_lang(paper.language)
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.set_margins(18, 18)
    for style, font in zip(("", "B"), base, strict=True):
        pdf.add_font("base", style, font)
    for font in fonts:
        pdf.add_font(font.stem, "", font)
        pdf.add_font(font.stem, "B", font)
    pdf.set_fallback_fonts([font.stem for font in fonts])
    if shaped:  # several times slower, so only where letters join or run from the right
        pdf.set_text_shaping(use_shaping_engine=True)
    pdf.add_page()
    return pdf


def _draw(pdf: FPDF, block: _Block, boxes: dict[int, str]) -> None:
    rows = [[in_written_order(cell).translate(boxes) for cell in row] for row in block.rows]
    pdf.set_text_color(0)
    match block.kind:
        case "heading":
            if block.level > 1:
                pdf.ln(3)
            _lines(pdf, rows[0][0], SIZES[block.level], style="B")
        case "text":
            _lines(pdf, rows[0][0], TEXT)
            pdf.ln(1.5)
        case "facts":
            _table(pdf, rows, heads=False, widths=(22, 100))
        case "table":
            _table(pdf, rows, heads=True, widths=_widths(rows))


def _lines(pdf: FPDF, text: str, size: float, style: str = "") -> None:
    pdf.set_font("base", style, size)
    for part in _parts(text):
        pdf.multi_cell(0, size * 0.53, part, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")


def _table(pdf: FPDF, rows: list[list[str]], *, heads: bool, widths: tuple[int, ...]) -> None:
    pdf.set_font("base", size=SMALL)
    pdf.set_draw_color(*LINE)
    with pdf.table(
        [part for row in rows for part in _parts_of_row(row, widths)],
        col_widths=widths,
        first_row_as_headings=heads,
        headings_style=FontFace(emphasis="BOLD"),
        borders_layout="HORIZONTAL_LINES" if heads else "NONE",
        line_height=SMALL * 0.5,
        text_align="LEFT",
        v_align=VAlign.T,
        padding=0.6,
    ):
        pass
    pdf.ln(1.5)


def _parts_of_row(row: Sequence[str], widths: Sequence[int]) -> Iterable[tuple[str, ...]]:
    """The row, or several that go on in its columns where a text is too long for one."""
    signs = [max(1, int((SHEET_WIDTH * width / sum(widths) - 1.2) / WIDE_SIGN)) for width in widths]
    return zip_longest(*(_parts(cell, each) for cell, each in zip(row, signs, strict=True)), fillvalue="")


def _parts(text: str, signs: int = 0) -> list[str]:
    """The text in parts that can be drawn: with `signs` to a line, each of at most MAX_LINES."""
    parts, first, blank = [], 0, -1
    lines, column, undirected = 1, 0, 0
    for place, sign in enumerate(text):
        undirected = 0 if unicodedata.bidirectional(sign) in _DIRECTED else undirected + 1
        column += 1
        if sign == "\n" or 0 < signs < column:
            lines, column = lines + bool(signs), 0 if sign == "\n" else 1
        if sign == " ":
            blank = place
        if lines > MAX_LINES or undirected > MAX_WITHOUT_DIRECTION:
            end = blank if first < blank and place - blank < _NEAR else place
            parts.append(text[first:end])
            first, lines, column, undirected = end, 1, place - end + 1, 0
    return [*parts, text[first:]]


def _widths(rows: list[list[str]]) -> tuple[int, ...]:
    """Shares of the line by the longest cell of each column, so that no column starves."""
    longest = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return tuple(min(max(length, 9), 45) for length in longest)


def _fonts_for(wanted: frozenset[str]) -> tuple[list[Path], set[str]]:
    """The fonts needed beside the base for these characters, and the characters that none has."""
    open_, chosen = {sign for sign in wanted if ord(sign) not in _covers(BASE)}, []
    for font in (*SHIPPED, *_own_fonts()):
        if not open_:
            break
        if found := {sign for sign in open_ if ord(sign) in _covers(font)}:
            chosen.append(font)
            open_ -= found
    return chosen, open_


def _is_latin(wanted: frozenset[str]) -> bool:
    """Whether all that the base writes of these characters is in its Latin part."""
    return not any(ord(sign) in _covers(BASE) and ord(sign) not in _covers(LATIN) for sign in wanted)


def _joins(sign: str) -> bool:
    """Whether it is of a script that is written from the right, or whose letters change beside others."""
    return (
        unicodedata.bidirectional(sign) in {"R", "AL"} or 0x0900 <= ord(sign) < 0x1100 or 0x1780 <= ord(sign) < 0x1800
    )


def _own_fonts() -> list[Path]:
    if not settings.PDF_FONTS:
        return []
    folder = Path(settings.PDF_FONTS)
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in {".ttf", ".otf"})


@lru_cache(maxsize=32)
def _covers(font: Path) -> frozenset[int]:
    try:
        with font.open("rb") as file, TTFont(file, lazy=True) as opened:
            widest, widths = MAX_EMS * opened["head"].unitsPerEm, opened["hmtx"].metrics
            return frozenset(code for code, name in (opened.getBestCmap() or {}).items() if widths[name][0] <= widest)
    except (OSError, TTLibError) as error:
        logger.warning("The font %s cannot be read: %s", font, error)
        return frozenset()
