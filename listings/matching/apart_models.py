"""Model numbers that a recall writes in two pieces: "HD 7810", "8421 T", "MT 8"."""

import re
from collections.abc import Iterable, Iterator

from listings.matching.identifiers import is_standard
from listings.matching.normalise import canonical_model
from listings.matching.texts import Span

_APART = re.compile(
    r"(?<![\w.-])(?:(?P<letters>[A-Z]{1,4}) (?P<digits>\d{1,5}[A-Z]{0,3})|(?P<first>\d{3,5}) (?P<mark>[A-Z]{1,2}))"
    r"(?![\w-]|[.,]\d)"
)
_NO_LEAD = re.compile(
    "A|AC|AND|AS|AT|BY|CO|CPSC|DATE|DC|FROM|GA|I|IN|IS|LED|LCD|LOT|MADE|MY|NO|NOS|OF|OR|PO|QTY|RN|SIZE|SKU|SN|THE|TO|TV|"
    "TYPE|UL|UPC|US|USA|VIN|ZIP"
)
"""Capitals before a number that are no part of one."""
_UNITS = re.compile(
    "AM|AND|AV|BY|CC|CM|FT|GB|HP|HZ|IN|KG|KW|LB|MB|MG|ML|MM|OF|OR|OZ|PC|PK|PM|PT|QT|TB|TO|US|WH|[ACFGHIKLMVW]"
)
"""Capitals behind a number that say of what it is the measure, or go on with the sentence."""
_YEAR = re.compile(r"(?:19|20)\d\d")
SHORTEST = 3  # letters and digits, of which two are letters or two digits: fewer are in every text


def written_apart(said: str, field: str, start: int = 0) -> Iterator[tuple[str, Span]]:
    """Numbers that are written in two pieces from `start` on, in canonical form."""
    matches = list(_APART.finditer(said, start))
    numbered = {match["letters"] for match in matches if match["letters"] and not _YEAR.fullmatch(match["digits"])}
    for match in matches:
        letters, digits, first, mark = match.groups()
        no_part, year = (_NO_LEAD, digits) if letters else (_UNITS, first)
        is_year = _YEAR.fullmatch(year) and letters not in numbered  # "HC 2000" beside "HC 750" is none
        wrong = no_part.fullmatch(letters or mark) or is_year
        number = match.group().replace(" ", "")
        if not wrong and len(number) >= SHORTEST and not is_standard(number.lower()):
            yield canonical_model(number), Span(field, match.start(), match.end(), match.group())


def add_apart(models: dict[str, Span], apart: Iterable[tuple[str, Span]]) -> None:
    """Adds numbers that were written apart, in place of the digits in them."""
    for number, span in apart:
        inside = [
            each
            for each, place in models.items()
            if each.isdigit() and place.field == span.field and span.start <= place.start and place.end <= span.end
        ]
        for each in inside:
            del models[each]
        models.setdefault(number, span)
