"""GTINs as regulators and sellers write them, brought to GTIN-14."""

import re

_SCIENTIFIC = re.compile(r"^\d+(?:[.,]\d+)?[eE]\+?\d+$")


LENGTHS = frozenset({8, 11, 12, 13, 14})


class NotAGtin(ValueError):
    """The text is not a GTIN; the message says why and how to mend it, `words` and `values` the same in two halves, so
    that a page can say it in another language."""

    def __init__(self, words: str, **values: str | int) -> None:
        super().__init__(words % values)
        self.words, self.values = words, values


def normalise_gtin(text: str) -> str:
    """GTIN-8, UPC-A, EAN-13 or GTIN-14 in any spacing as 14 digits with a verified check digit.

    Eleven digits are a UPC-A whose leading zero a spreadsheet dropped. Raises NotAGtin; scientific notation is
    refused, never guessed, because its digits are lost.
    """
    plain = text.strip()
    if _SCIENTIFIC.match(plain):
        raise NotAGtin(
            "%(given)s is in scientific notation, so digits are lost: format the column as text and export again",
            given=plain,
        )
    digits = re.sub(r"[\s\-.\u2010-\u2015\u00a0]", "", plain)
    if not digits.isascii() or not digits.isdigit():
        raise NotAGtin("%(given)s is not a GTIN: it must have digits only", given=plain)
    if len(digits) not in LENGTHS:
        detail = "%(given)s has %(count)d digits: a GTIN has 8, 12, 13 or 14"
        raise NotAGtin(detail, given=plain, count=len(digits))
    if (checked := checked_gtin(digits)) is None:
        raise NotAGtin("%(given)s has a wrong check digit: compare it with the label", given=plain)
    return checked


def checked_gtin(digits: str) -> str | None:
    """The 14 digits of a GTIN of 8 to 14 plain digits; None where the length or the check digit is wrong.

    The check digit is that of the GS1 General Specifications, 7.9: weights 3 and 1 from the right, to the next ten.
    Leading zeros change nothing. Eleven digits are a UPC-A whose leading zero got lost.
    """
    if len(digits) not in LENGTHS:
        return None
    weighted = sum(map(int, digits[-2::-2])) * 3 + sum(map(int, digits[-1::-2]))
    return digits.zfill(14) if weighted % 10 == 0 else None
