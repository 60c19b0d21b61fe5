"""Barcodes as publishers write them: run together, spaced, labelled, with placeholders and spreadsheet formatting."""

import re

from portal.gtin import NotAGtin, checked_gtin, normalise_gtin
from recalls.importers.text import is_none, readable

_SEPARATORS = re.compile(r"[,;|/\n\t]+|\s+(?:and|et|und|y|&)\s+|\s{2,}")
_LABEL = re.compile(
    r"^\s*(?:(?:EAN|UPC|GTIN|ISBN|bar ?codes?|code[s]?|no|nr|number|[-–: .#]|\d{1,2}(?=\s*(?:code|:)))\s*)+",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(?:UPC|EAN|GTIN|UDI-DI|bar ?code)s?(?:[- ]?(?:A|8|12|13|14)\b)?(?:\s*(?:codes?|numbers?|nos?\.?|#|:|is|are))*",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"[\s,;:&#]{0,5}(?:and\s+)?(?:\([^()]{0,30}\)\s*:?\s*)?(?P<code>\d[\d \-]{6,20}\d)(?!\d)", re.IGNORECASE
)
_DRESS = re.compile(r"""^(?:=?"(?P<quoted>[\d\s-]+)"|'(?P<apostrophe>[\d\s-]+)|(?P<float>\d{7,14})\.0+)$""")
_LENGTHS = (13, 12, 14)


def read_barcodes(text: str, notes: list[str]) -> tuple[str, ...]:
    """The GTIN-14s of a field with only barcodes in it; values that are not barcodes are left out with a note.

    Barcodes that were run together are separated only if every part has a correct check digit.
    """
    found: dict[str, None] = {}
    if is_none(text):
        return ()
    for piece in _pieces(text.strip()):
        found.update(dict.fromkeys(_of_piece(piece, notes)))
    return tuple(found)


def labelled_barcodes(text: str, notes: list[str]) -> tuple[str, ...]:
    """The GTIN-14s that running text calls a UPC, EAN or GTIN, also several after one word; those with a wrong check
    digit are left out with a note."""
    found: dict[str, None] = {}
    text = readable(text)
    for label in _LABELLED.finditer(text):
        at = label.end()
        while match := _NEXT.match(text, at):
            at = match.end()
            digits = re.sub(r"\D", "", match["code"])
            if (gtin := _real(digits)) is not None:
                found[gtin] = None
            elif len(digits) in _LENGTHS and not is_placeholder(digits):
                notes.append(f"barcode left out: {match['code']} has a wrong check digit: compare it with the label")
    return tuple(found)


def thirteen_digits(text: str) -> tuple[str, ...]:
    """The GTIN-14s of all runs of exactly 13 digits with a correct check digit."""
    return tuple(dict.fromkeys(gtin for run in re.findall(r"(?<!\d)\d{13}(?!\d)", text) if (gtin := _real(run))))


def is_placeholder(digits: str) -> bool:
    """Whether the digits only fill the field: all zeros pass a check digit but are not a barcode."""
    return not digits.strip("0")


def _real(digits: str) -> str | None:
    return None if is_placeholder(digits) else checked_gtin(digits)


def _pieces(text: str) -> list[str]:
    """One barcode in any spacing is one piece; several are split at their separators."""
    whole = re.sub(r"[\s-]", "", text)
    if whole.isascii() and whole.isdigit() and _real(whole) is not None:
        return [text]
    return [piece for piece in _SEPARATORS.split(text) if piece.strip()]


def _of_piece(piece: str, notes: list[str]) -> tuple[str, ...]:
    piece = _undressed(piece.strip())
    bare = _LABEL.sub("", piece) or piece
    digits = re.sub(r"[\s\-.\u2010-\u2015]", "", bare)
    if is_none(bare) or (digits.isdigit() and is_placeholder(digits)):
        return ()
    if " " in bare and all(re.fullmatch(r"\d{8,14}", word) for word in bare.split()):
        return tuple(gtin for word in bare.split() for gtin in _of_piece(word, notes))
    if digits.isascii() and digits.isdigit() and len(digits) > 14 and (parts := _taken_apart(digits)):
        return parts
    if len(digits) > 14 and digits.isdigit():
        notes.append(f"barcode left out: {bare[:80]} is several numbers run together, not all barcodes: separate them")
        return ()
    try:
        return (normalise_gtin(bare),)
    except NotAGtin as error:
        notes.append(f"barcode left out: {str(error)[:200]}")
        return ()


def _undressed(text: str) -> str:
    match = _DRESS.match(text)
    return next(group for group in match.groups() if group) if match else text


def _taken_apart(digits: str) -> tuple[str, ...]:
    for length in _LENGTHS:
        if len(digits) % length == 0:
            parts = [_real(digits[at : at + length]) for at in range(0, len(digits), length)]
            if all(parts):
                return tuple(part for part in parts if part)
    return ()
