"""GTINs as regulators write them, brought to GTIN-14."""

import re

from stdnum import ean

_SCIENTIFIC = re.compile(r"^\d+(?:[.,]\d+)?[eE]\+?\d+$")


class NotAGtin(ValueError):
    """The text is not a GTIN; the message says why and how to mend it."""


def normalise_gtin(text: str) -> str:
    """GTIN-8, UPC-A, EAN-13 or GTIN-14 in any spacing as 14 digits with a verified check digit.

    Eleven digits are a UPC-A whose leading zero a spreadsheet dropped. Raises NotAGtin; scientific notation is
    refused, never guessed, because its digits are lost.
    """
    plain = text.strip()
    if _SCIENTIFIC.match(plain):
        raise NotAGtin(
            f"{plain} is in scientific notation, so digits are lost: format the column as text and export again"
        )
    digits = re.sub(r"[\s\-.\u2010-\u2015\u00a0]", "", plain)
    if not digits.isascii() or not digits.isdigit():
        raise NotAGtin(f"{plain} is not a GTIN: it must have digits only")
    if len(digits) == 11:
        digits = f"0{digits}"
    if len(digits) not in {8, 12, 13, 14}:
        raise NotAGtin(f"{plain} has {len(digits)} digits: a GTIN has 8, 12, 13 or 14")
    if not ean.is_valid(digits.zfill(14)[-14:] if len(digits) == 14 else digits.zfill(13)):
        raise NotAGtin(f"{plain} has a wrong check digit: compare it with the label")
    return digits.zfill(14)
