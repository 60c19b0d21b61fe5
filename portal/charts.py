"""Geometry of the charts that templates draw as SVG: a wide drawing and a narrow one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

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
