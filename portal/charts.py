"""Geometry of the charts that templates draw as SVG: a wide drawing and a narrow one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

WIDTH, HEIGHT, TOP, BOTTOM, GAP = 720, 220, 24, 28, 10
NARROW_LEFT, NARROW_ROOM, NARROW_STEP = 102, 210, 28


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int
    over: bool
    x: float
    y: float
    width: float
    height: float
    middle: float
    narrow_y: int
    narrow_text: int
    narrow_width: float
    narrow_value: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """`finding` says in a sentence what the chart shows; `over` bars lie past a target."""

    title: str
    finding: str
    unit: str
    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM
    narrow_height: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw; the finding says so."""
        return not any(bar.value for bar in self.bars)


def bar_chart(
    data: Sequence[tuple[str, int]], *, title: str, finding: str, unit: str, over_from: int | None = None
) -> BarChart:
    """A bar for each (label, value), in order; bars from index `over_from` on are drawn as past the target."""
    most = max((value for _, value in data), default=0) or 1
    step = (WIDTH - GAP) / max(1, len(data))
    room = HEIGHT - TOP - BOTTOM
    bars = []
    for place, (label, value) in enumerate(data):
        height = round(room * value / most, 1)
        x, narrow_y = round(GAP + place * step, 1), 8 + place * NARROW_STEP
        narrow_width = round(NARROW_ROOM * value / most, 1)
        bars.append(
            Bar(
                label=label, value=value, over=over_from is not None and place >= over_from,
                x=x, y=round(HEIGHT - BOTTOM - height, 1), width=round(step - GAP, 1), height=height, middle=round(x + (step - GAP) / 2, 1),
                narrow_y=narrow_y, narrow_text=narrow_y + 14, narrow_width=narrow_width, narrow_value=NARROW_LEFT + narrow_width + 6,
            )
        )  # fmt: skip
    return BarChart(title, finding, unit, tuple(bars), narrow_height=16 + NARROW_STEP * len(data))


LINE_WIDTH, LINE_EDGE, LINE_ROW, LINE_APART = 720, 12, 16, 130


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on a time line: where it is drawn, its text, and which end of the text stands at it."""

    label: str
    x: float
    text_y: int
    anchor: str
    over: bool


@dataclass(frozen=True, slots=True)
class TimeLine:
    """`due_x` is where the line turns from in time to late."""

    marks: tuple[Mark, ...]
    due_x: float
    end_x: float
    height: int
    base: int
    width: int = LINE_WIDTH


def time_line(moments: Sequence[tuple[str, float]], *, due: float) -> TimeLine:
    """Moments as (label, seconds after the start) in order of time, to scale. The label of one that is near the one before
    stands a row lower, so that no line crosses a label."""
    last = max([due, *(at for _, at in moments)]) or 1
    room = LINE_WIDTH - 2 * LINE_EDGE

    def place(at: float) -> float:
        return round(LINE_EDGE + room * max(0.0, at) / last, 1)

    marks: list[Mark] = []
    for label, at in moments:
        x = place(at)
        near = bool(marks) and x - marks[-1].x < LINE_APART
        text_y = marks[-1].text_y + LINE_ROW if near else LINE_ROW
        marks.append(Mark(label, x, text_y, "end" if x > LINE_WIDTH - LINE_APART else "start", at > due))
    base = max((mark.text_y for mark in marks), default=0) + LINE_ROW
    return TimeLine(tuple(marks), place(due), place(last), base + 14, base)


LANE, LANE_HEAD, LANE_EDGE, LATER_SHARE = 42, 22, 12, 0.18


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time on a lane, drawn as a bar of the given kind."""

    kind: str
    x: float
    width: float
    detail: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A moment on a lane, drawn as a symbol of the given kind."""

    kind: str
    x: float
    detail: str


@dataclass(frozen=True, slots=True)
class Lane:
    label: str
    head: int
    middle: int
    spans: tuple[Span, ...]
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class LaneChart:
    """`break_x` is where the scale changes, `due_x` the deadline, `due_anchor` the end of its label that stands there."""

    lanes: tuple[Lane, ...]
    due_x: float
    due_anchor: str
    break_x: float | None
    end_x: float
    width: int
    base: int

    @property
    def height(self) -> int:
        return self.base + LANE_HEAD


@dataclass(frozen=True, slots=True)
class LaneRow:
    """What a lane shows: spans as (kind, from, to, detail) and spots as (kind, at, detail), in seconds after the start."""

    label: str
    spans: Sequence[tuple[str, float, float, str]] = ()
    spots: Sequence[tuple[str, float, str]] = ()


def lane_chart(rows: Sequence[LaneRow], *, due: float, main: float, end: float, width: int) -> LaneChart:
    """Rows under one another over the same time: to scale from the start to `main`, and what comes between `main` and
    `end` in the last part of the width, so that months afterwards do not squeeze the hours that count."""
    main = max(main, 1.0)
    room = width - 2 * LANE_EDGE
    broken = end > main
    main_room = room * (1 - LATER_SHARE) if broken else room

    def place(at: float) -> float:
        if at <= main or not broken:
            return round(LANE_EDGE + main_room * min(max(0.0, at) / main, 1.0), 1)
        return round(LANE_EDGE + main_room + (room - main_room) * min((at - main) / (end - main), 1.0), 1)

    lanes = tuple(
        Lane(
            label=row.label,
            head=LANE_HEAD + number * LANE + 14,
            middle=LANE_HEAD + number * LANE + 28,
            spans=tuple(
                Span(kind, place(from_), max(2.0, round(place(to) - place(from_), 1)), detail)
                for kind, from_, to, detail in row.spans
            ),
            spots=tuple(Spot(kind, place(at), detail) for kind, at, detail in row.spots),
        )
        for number, row in enumerate(rows)
    )
    due_x = place(due)
    anchor = "end" if due_x > width / 2 else "start"
    base = LANE_HEAD + LANE * len(rows) + 4
    return LaneChart(lanes, due_x, anchor, place(main) if broken else None, place(max(main, end)), width, base)


ROW, ROW_EDGE, ROW_THICK, DIGIT = 46, 8, 20, 9


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a row's bar; `text` is written on it and is empty where it has no room, `detail` is its tooltip."""

    kind: str
    x: float
    width: float
    middle: float
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class RowBar:
    """A labelled bar of pieces; `mark` is where a line crosses it, None for none."""

    label: str
    head: int
    top: int
    pieces: tuple[Piece, ...]
    mark: float | None


@dataclass(frozen=True, slots=True)
class RowDrawing:
    bars: tuple[RowBar, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RowData:
    """What a row shows: pieces as (kind, from, to, text, detail) and a mark, all on one scale that begins at 0; `tick` is
    its label under a column of a trend."""

    label: str
    pieces: Sequence[tuple[str, float, float, str, str]]
    mark: float | None = None
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a column, as Piece is of a row."""

    kind: str
    y: float
    height: float
    detail: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of blocks over its tick, with its total written above; `total` is empty for a column of nothing."""

    tick: str
    x: float
    width: float
    middle: float
    top: float
    total: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class RowChart:
    """`finding` says in a sentence what the chart shows; `legend` names the kinds of pieces in their order. A trend has
    `columns` in place of its wide rows."""

    title: str
    finding: str
    wide: RowDrawing
    narrow: RowDrawing
    legend: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...] = ()

    width, height, base = WIDTH, HEIGHT, HEIGHT - BOTTOM  # of the drawing of the columns

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw; the finding says so."""
        return not self.wide.bars


def stacked_row(
    name: str, numbers: Sequence[int], labels: Sequence[tuple[str, str]], *, is_column: bool = False
) -> RowData:
    """A row of numbers one behind another, each under its (kind, label); those of 0 take no room. The name of a column of
    a trend stands under it, and in its details."""
    pieces, before, place = [], 0, f"{name}, " if is_column else ""
    for number, (kind, label) in zip(numbers, labels, strict=True):
        if number > 0:
            pieces.append((kind, before, before + number, f"{number:,}", f"{place}{label}: {number:,}"))
            before += number
    return RowData(f"{name}: {before:,}", pieces, tick=name if is_column else "")


def row_chart(
    rows: Sequence[RowData], *, title: str, finding: str, headings: Sequence[str], table: Sequence[Sequence[str]],
    legend: Sequence[tuple[str, str]] = (),
) -> RowChart:  # fmt: skip
    """Rows under one another on one scale; `table` holds a row of texts for each row of data, in the order of `headings`."""
    wide, narrow = _row_drawing(rows, WIDTH), _row_drawing(rows, 340)
    return RowChart(title, finding, wide, narrow, tuple(legend), tuple(headings), tuple(tuple(row) for row in table))


def _row_drawing(rows: Sequence[RowData], width: int) -> RowDrawing:
    ends = [to for row in rows for _, _, to, _, _ in row.pieces] + [row.mark for row in rows if row.mark is not None]
    scale = (width - 2 * ROW_EDGE) / (max(ends, default=0) or 1)

    def piece(kind: str, from_: float, to: float, text: str, detail: str) -> Piece:
        x, broad = round(ROW_EDGE + from_ * scale, 1), max(2.0, round((to - from_) * scale, 1))
        room = broad >= DIGIT * len(text) + 6
        return Piece(kind, x, broad, round(x + broad / 2, 1), text if room else "", detail)

    bars = tuple(
        RowBar(
            label=row.label,
            head=number * ROW + 14,
            top=number * ROW + 20,
            pieces=tuple(piece(*each) for each in row.pieces),
            mark=None if row.mark is None else round(ROW_EDGE + row.mark * scale, 1),
        )
        for number, row in enumerate(rows)
    )
    return RowDrawing(bars, width, ROW * len(rows) + 4)


def trend_chart(
    rows: Sequence[RowData], *, title: str, finding: str, headings: Sequence[str], table: Sequence[Sequence[str]],
    legend: Sequence[tuple[str, str]] = (),
) -> RowChart:  # fmt: skip
    """As `row_chart`, with a column for each row in the order of time where there is room for columns."""
    chart = row_chart(rows, title=title, finding=finding, headings=headings, table=table, legend=legend)
    return replace(chart, columns=_columns(rows))


def _columns(rows: Sequence[RowData]) -> tuple[Column, ...]:
    most = max((to for row in rows for _, _, to, _, _ in row.pieces), default=0) or 1
    step, room = (WIDTH - GAP) / max(1, len(rows)), HEIGHT - TOP - BOTTOM
    columns = []
    for place, row in enumerate(rows):
        x, end = round(GAP + place * step, 1), max((to for _, _, to, _, _ in row.pieces), default=0)
        blocks = tuple(
            Block(kind, round(HEIGHT - BOTTOM - room * to / most, 1), round(room * (to - from_) / most, 1), detail)
            for kind, from_, to, _, detail in row.pieces
        )
        top, total = round(HEIGHT - BOTTOM - room * end / most, 1), f"{end:,.0f}" if end else ""
        middle = round(x + (step - GAP) / 2, 1)
        columns.append(Column(row.tick, x, round(step - GAP, 1), middle, top, total, blocks))
    return tuple(columns)
