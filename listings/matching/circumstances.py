"""The circumstances in a recall: colours, where and when it was sold, and which lots or dates it covers."""

import re
from typing import NamedTuple

from listings.matching.texts import RecallText, Span

_COLOURS = re.compile(
    r"\b(?:black|white|blue|navy|red|green|yellow|pink|purple|orange|grey|gray|brown|beige|tan|teal|turquoise|gold|silver|"
    r"ivory|cream|espresso|charcoal|maroon|burgundy|aqua|lavender|mint|natural|walnut|oak|cherry)\b",
    re.IGNORECASE,
)
COLOURS = frozenset(
    {
        "black", "white", "blue", "navy", "red", "green", "yellow", "pink", "purple", "orange", "grey", "gray",
        "brown", "beige", "tan", "teal", "turquoise", "gold", "silver", "ivory", "cream", "espresso", "charcoal",
        "maroon", "burgundy", "aqua", "lavender", "bronze", "nickel", "chrome", "brass", "copper", "pewter",
        "walnut", "oak", "cherry", "mahogany",
    }
)  # fmt: skip
"""Folded words for colors and finishes."""
_CODE = r"[A-Z0-9][A-Z0-9/.-]*\d[A-Z0-9/.-]*|\d{4,}"
_LOTS = re.compile(
    r"\b(?:lot|batch|date|manufactur\w+ date|production|serial)\s+(?:codes?|numbers?|nos?\.?|dates?)?\s*"
    r"(?:are|is|of|:|from|between|beginning with|starting with|printed)?\s*"
    rf"(?P<codes>(?:{_CODE})(?:\s*(?:,|and|or|to|through|thru|–|-)\s*(?:{_CODE}))*)",
    re.IGNORECASE,
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_SOLD_WHEN = re.compile(
    rf"\b(?:from|between|in|since|beginning)\s+(?P<when>{_MONTH}(?:\s+\d{{1,2}},)?\s+(?:19|20)\d\d"
    rf"(?:\s+(?:through|to|and|until|thru)\s+(?:{_MONTH}(?:\s+\d{{1,2}},)?\s+(?:19|20)\d\d|present))?)",
    re.IGNORECASE,
)
_SOLD_WHERE = re.compile(
    rf"(?:^|\b(?:at|online at|through|on)\s+)(?!{_MONTH})(?P<where>[A-Z][\w&'’.-]+(?:(?:,| and|, and)? [A-Z][\w&'’.-]+){{0,6}})"
)


class Circumstances(NamedTuple):
    """Each with its place: colours, lots and dates, when and where it was sold."""

    colours: tuple[Span, ...]
    lots: tuple[Span, ...]
    sold_when: tuple[Span, ...]
    sold_where: tuple[Span, ...]


def read_circumstances(text: RecallText) -> Circumstances:
    """Read from the description, and from the field that says where it was sold."""
    described = ("recall description", text.description)
    sold = ("sold at", text.sold_at)
    return Circumstances(
        colours=_found(_COLOURS, 0, described),
        lots=_found(_LOTS, "codes", described),
        sold_when=_found(_SOLD_WHEN, "when", sold, described),
        sold_where=_found(_SOLD_WHERE, "where", sold),
    )


def _found(pattern: re.Pattern[str], group: int | str, *sources: tuple[str, str]) -> tuple[Span, ...]:
    spans: dict[str, Span] = {}
    for field, said in sources:
        for match in pattern.finditer(said):
            spans.setdefault(match[group].lower(), Span(field, match.start(group), match.end(group), match[group]))
    return tuple(spans.values())
