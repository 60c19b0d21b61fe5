"""Where the words of stored evidence are in a text as it is now. Knows nothing of Django.

Evidence belongs to the version of the recall, and to the listing, in which it was found. Either may have changed since,
so a stored offset counts only where the text still has the evidence's words there.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

Place = tuple[int, int]


def place_of(span: Mapping[str, Any], text: str) -> Place | None:
    """(start, end) of the span's words in `text`: its own place where they still are there, else the nearest place with
    the same whole words; None where the text does not have them."""
    said, start, end = str(span["text"]), int(span["start"]), int(span["end"])
    if said and text[start:end] == said:
        return start, end
    pattern = r"\s+".join(map(re.escape, said.split()))
    if not pattern:
        return None
    found = [match.span() for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)]
    return min(found, key=lambda place: abs(place[0] - start), default=None)


def places_in(spans: Iterable[Mapping[str, Any]], text: str) -> list[Place]:
    """The places of those spans whose words `text` has."""
    return [place for span in spans if (place := place_of(span, text)) is not None]


def placed_in(
    evidence: Iterable[Mapping[str, Any]], *, recall: Mapping[str, str], listing: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Stored evidence with its spans at their places in the texts given by field; a span whose words are gone is None.

    The span of a field that is not given stays as it was stored.
    """
    sides = {"recall_span": recall, "listing_span": listing}
    return [{**item, **{side: _moved(item.get(side), texts) for side, texts in sides.items()}} for item in evidence]


def _moved(span: Mapping[str, Any] | None, texts: Mapping[str, str]) -> Mapping[str, Any] | None:
    if span is None or span["field"] not in texts:
        return span
    text = texts[span["field"]]
    place = place_of(span, text)
    return place and {**span, "start": place[0], "end": place[1], "text": text[place[0] : place[1]]}
