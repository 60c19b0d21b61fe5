"""Model numbers without the letters at their end: sellers of a "DR5750SB" call it "DR5750".

Such letters tell a color, a country or a revision, which a seller leaves out as often as not. Where the recall says of
another number with the same stem that it is not recalled, they tell more, and the stem says nothing.
"""

import re
from collections.abc import Collection, Sequence

from listings.matching.identifiers import is_measure, is_standard
from listings.matching.normalise import canonical_model
from listings.matching.texts import Span

_WITH_LETTERS_BEHIND = re.compile(r"([A-Za-z\d]{1,6}[-_/. ]?\d{3,5})-?[A-Z]{1,3}")  # "HL-200R"
SHORTEST = 4  # letters and digits of a stem; so short a number counts in full beside its brand only


def model_stems(stated: Sequence[dict[str, Span]], excluded: Collection[str]) -> dict[str, Span]:
    """The stems of recalled numbers → where the number stands; none that the recall states itself, and none that a number
    which it leaves out begins with."""
    models = {number: span for each in stated for number, span in each.items()}
    found: dict[str, Span] = {}
    for number, span in models.items():
        written = _WITH_LETTERS_BEHIND.fullmatch(span.text)
        if written is None or canonical_model(span.text) != number:
            continue
        stem = canonical_model(written[1])
        if len(stem) < SHORTEST or stem.isdigit() or stem in models or is_measure(stem) or is_standard(stem):
            continue
        if not any(left_out.startswith(stem) for left_out in excluded):
            found.setdefault(stem, span)
    return found
