"""The seller and the others who may be the same one, as a picture: one line to each, and its table.

What is drawn is what `seller_leads` found, so it leads to nothing that is hidden from the reader.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from listings.models import Listing
from listings.seller_leads import Leads, Other
from portal.models import Organisation

MAX_DRAWN = 12  # other names; the table has all that were found
WIDTH, NARROW = 640, 320
ROW = 44  # height of one other name
MAX_LETTERS = {WIDTH: 30, NARROW: 17}  # of a name in the picture; the table has it whole
KINDS = ("name", "host", "picture")
"""What a lead rests on, the order in which its lines are drawn and listed."""


@dataclass(frozen=True, slots=True)
class Line:
    """From the seller to another name, because of one kind of likeness. Coordinates in pixels, of the ends."""

    kind: str
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class Name:
    """Another name in the picture, at its place; `below` says on which platform."""

    text: str
    below: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    seller: Name
    names: tuple[Name, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """`table`: of each other name its name, platform, what it rests on in words, and the number of its flagged listings."""

    finding: str
    legend: tuple[tuple[str, str], ...]
    wide: Drawing
    narrow: Drawing
    table: tuple[tuple[str, str, str, int], ...]
    is_cut: bool


def network_of(listing: Listing, leads: Leads, platforms: Mapping[int, Organisation]) -> Network | None:
    """The picture around the seller of `listing`; None where no lead was found. `platforms`: those of the leads."""
    found: dict[tuple[str, int], tuple[Other, set[str]]] = {}
    beside = [each for others in leads.hosts.values() for each in others]
    for kind, others in zip(KINDS, (leads.names, beside, leads.pictures), strict=True):
        for each in others:
            other, kinds = found.setdefault((each.name, each.platform_id), (each, set()))
            found[(each.name, each.platform_id)] = (max(other, each, key=lambda one: one.count), kinds | {kind})
    if not found:
        return None
    rows = sorted(found.values(), key=lambda row: (-len(row[1]), -row[0].count, row[0].name, row[0].platform_id))
    words = {
        "name": gettext("Name reads alike"),
        "host": gettext("Pages on one host"),
        "picture": gettext("Same picture"),
    }
    used = {kind for _, kinds in rows for kind in kinds}
    names = sorted({str(platforms[other.platform_id]) for other, _ in rows})
    finding = ngettext(
        "%(number)s other seller may be the same one. Platforms: %(platforms)s.",
        "%(number)s other sellers may be the same one. Platforms: %(platforms)s.",
        len(rows),
    ) % {"number": len(rows), "platforms": ", ".join(names)}
    drawn = [(other, kinds, str(platforms[other.platform_id])) for other, kinds in rows[:MAX_DRAWN]]
    return Network(
        finding=finding,
        legend=tuple((kind, words[kind]) for kind in KINDS if kind in used),
        wide=_drawing(listing, drawn, WIDTH),
        narrow=_drawing(listing, drawn, NARROW),
        table=tuple(
            (
                other.name,
                str(platforms[other.platform_id]),
                ", ".join(words[kind] for kind in KINDS if kind in kinds),
                other.count,
            )
            for other, kinds in rows
        ),
        is_cut=len(rows) > MAX_DRAWN,
    )


def _drawing(listing: Listing, rows: Sequence[tuple[Other, set[str], str]], width: int) -> Drawing:
    """The seller at the left, halfway up; the others below each other at the right."""
    letters, height = MAX_LETTERS[width], ROW * len(rows) + 16
    left, right, middle = 14, width * 9 // 16, height // 2
    lines, names = [], []
    for place, (other, kinds, platform) in enumerate(rows):
        y = 8 + ROW * place + ROW // 2
        names.append(Name(_cut(other.name, letters), _cut(platform, letters), right, y))
        for number, kind in enumerate(kind for kind in KINDS if kind in kinds):
            shift = 4 * number
            lines.append(Line(kind, left, middle + shift, right, y + shift))
    seller = Name(_cut(listing.seller, letters), _cut(str(listing.platform), letters), left, middle)
    return Drawing(width, height, seller, tuple(names), tuple(lines))


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
