"""GTINs as spreadsheets format them: cleaned if that loses nothing, with a warning if digits are lost."""

import re
from collections.abc import Iterable
from itertools import islice

from portal.gtin import LENGTHS, checked_gtin

_FORMULA = re.compile(r'=\s*"(.*)"')
_FLOAT = re.compile(r"(\d+)[.,]0+")
SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_BETWEEN = re.compile(r"\s*[,;|]\s*|(?<=\d)\s*/\s*(?=\d)|\s+(?=\d{8,14}(?:\s|$))")
_SPACING = re.compile(r"[\s.\-\u2010-\u2015]")
MAX_GTINS = 100  # of one listing with variants
MAX_VALUES, MAX_WARNINGS = 1_000, 20  # that are looked at, and that are told, of one listing

Warning_ = tuple[str, str]


def undressed(text: str) -> str:
    """A number without what Excel puts around it to keep it as text: '0051, ="0051"."""
    text = text.strip()
    if (formula := _FORMULA.fullmatch(text)) is not None:
        text = formula[1].strip()
    return text.lstrip("'’`´").strip() if text[:1] in "'’`´" else text


def clean_gtins(values: Iterable[str]) -> tuple[str, list[Warning_]]:
    """The GTINs of a listing, joined by a comma and a space, and (cause, how to fix it) for each value that is not one."""
    values = list(islice(values, MAX_VALUES + 1))
    if len(values) == 1 and values[0].isascii() and values[0].isdigit() and checked_gtin(values[0]):
        return values[0], []
    kept: dict[str, str] = {}  # by their digits, so that one written in two ways is kept once
    warnings: list[Warning_] = []
    if len(values) > MAX_VALUES:
        detail = f"only the first {MAX_VALUES:,} of its GTINs were read: give those of this listing alone"
        warnings.append(("too many GTINs", detail))
    for value in values[:MAX_VALUES]:
        given = undressed(value)
        if SCIENTIFIC.fullmatch(given):
            parts = [given]
        else:
            whole = _FLOAT.fullmatch(given)
            parts = [whole[1]] if whole else _BETWEEN.split(given)
        for part in filter(None, map(undressed, parts)):
            whole = _FLOAT.fullmatch(part)
            number = whole[1] if whole else part
            if SCIENTIFIC.fullmatch(number):
                warnings.append(
                    ("GTIN in scientific notation",
                     f"imported without its GTIN: {number[:40]} is in scientific notation, so digits are lost; format the column as text and export again")
                )  # fmt: skip
                continue
            digits = _SPACING.sub("", number)
            if not digits.isascii() or not digits.isdigit() or not 6 <= len(digits) <= 14:
                warnings.append(
                    (
                        "not a GTIN",
                        f"imported without its GTIN: {number[:40]} is not a GTIN; a GTIN has 8, 12, 13 or 14 digits",
                    )
                )
                continue
            if digits.strip("0") and checked_gtin(digits) is None:
                wrong = "a wrong check digit" if len(digits) in LENGTHS else f"{len(digits)} digits"
                warnings.append(
                    (
                        "GTIN with a wrong check digit or length",
                        f"GTIN {number[:40]} has {wrong}: imported as given; compare it with the label",
                    )
                )
            if len(kept) < MAX_GTINS:
                kept.setdefault(checked_gtin(digits) or digits, number)
    return ", ".join(kept.values()), warnings[:MAX_WARNINGS]
