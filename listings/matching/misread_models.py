"""Model numbers as they are misread: S for 5 and B for 8, by people and by programs that read labels.

O and 0, and I, l and 1, are one in every number. These four letters and digits are not, as makers use both; so what a
recalled number may be misread as is a form of that number, and what no recalled number may be stays another one.
"""

from collections.abc import Collection, Sequence
from itertools import islice

from listings.matching.normalise import canonical_model
from listings.matching.texts import Span

LOOK_ALIKE = {"s": "5", "5": "s", "b": "8", "8": "b"}
MISREAD_FROM, MAX_MISREAD = 5, 60  # letters and digits of a number; numbers of a recall


def misread_models(stated: Sequence[dict[str, Span]], excluded: Collection[str]) -> dict[str, Span]:
    """What becomes of numbers of letters and digits where a seller, or a program that reads labels, takes S for 5 or B for
    8, in one place or in all; never a number that the recall has itself."""
    models = {number: span for each in stated for number, span in each.items()}
    found: dict[str, Span] = {}
    for number, span in islice(models.items(), MAX_MISREAD):
        if len(number) < MISREAD_FROM or number.isdigit() or number.isalpha() or canonical_model(span.text) != number:
            continue  # what was put together ("HP" and "1040") nobody reads off a label
        places = [place for place, character in enumerate(number) if character in LOOK_ALIKE]
        forms = [f"{number[:place]}{LOOK_ALIKE[number[place]]}{number[place + 1 :]}" for place in places]
        forms += [number.replace(one, other) for one, other in LOOK_ALIKE.items() if number.count(one) > 1]
        for form in forms:
            if form not in models and form not in excluded:
                found.setdefault(form, span)
    return found
