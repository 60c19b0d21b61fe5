"""Where a table's header is: below a title, an empty line or a machine's line; under one of the usual separators."""

import csv
import re
from typing import NamedTuple

from listings.ingest.columns import known, shown
from listings.ingest.lines import Lines
from listings.ingest.outcome import Complaint, Report, UnreadableFeed

SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar"}
MAX_ABOVE = 20  # lines above a header that are skipped
_SEP_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_EMPTY = "The file is empty. Export the catalogue again."


class Dialect(NamedTuple):
    """A table's separator, and whether blanks before quotes are to be skipped."""

    separator: str
    skips_blanks: bool


def fields_in(cells: list[str]) -> set[str]:
    """The fields that some cells are known as names of."""
    return {found[0] for cell in cells if (found := known(cell)) is not None}


def is_header(cells: list[str]) -> bool:
    """Whether some cells name all that a listing needs."""
    return len(cells) > 1 and {"external_id", "title"} <= fields_in(cells)


def is_chosen(cells: list[str], report: Report) -> bool:
    """Whether some cells are columns that a person chose for all that a listing needs."""
    names = {shown(cell) for cell in cells}
    columns = {column for _, column in report.choose(names)}
    return bool(columns) and columns <= names


def is_second_header(header: list[str], cells: list[str]) -> bool:
    """Whether a row under a header is one as well, in another language or for a machine: what is the id is a name for it."""
    ids = [
        cell for name, cell in zip(header, cells, strict=False) if (found := known(name)) and found[0] == "external_id"
    ]
    if not any((found := known(cell)) is not None and found[0] in ("external_id", "gtin") for cell in ids):
        return False  # as for nearly every row, so this is asked first
    here = fields_in([cell for cell in cells if cell])
    return {"external_id", "title"} <= here and len(here) >= 3


def find_header(lines: Lines, report: Report) -> Dialect:
    """Put `lines` before its header, and say how it is separated: as a line `sep=` names, else as most columns are known.

    If no line is a header of listings, the first line counts as it.
    """
    named, first = _first(lines)
    if isinstance(first[1], Complaint):
        raise UnreadableFeed(f"The header cannot be read: {first[1]}.")
    if (inner := _unwrapped(first[1])) is not None:
        report.note("Every line is one quoted text. The text was read as the row.")
        lines.rewrite = lambda line: _unwrapped(line) or line
        first = (first[0], inner)
    above: list[tuple[int, str | Complaint]] = [first]
    found = _best(first[1], named)
    while not _fits(_cells(above[-1][1], found), report) and len(above) <= MAX_ABOVE:
        try:
            above.append(next(lines))
        except StopIteration:
            break
        found = _best(above[-1][1], named)
    header = _cells(above[-1][1], found)
    if _fits(header, report) and all(_filled(_cells(line, found)) < _filled(header) for _, line in above[:-1]):
        if len(above) > 1:
            report.note(f"{len(above) - 1} lines above the header were skipped.")
        lines.put_back([_last_header(lines, above[-1], found, report)])
    else:
        found = _best(first[1], named)
        lines.put_back(above)
        if len(_cells(first[1], found)) < 2:
            raise UnreadableFeed(
                "The file is not JSON, XML, XLSX, Parquet or CSV. The first line of a CSV file must be a header with the column names."
            )
    return Dialect(
        found, re.search(re.escape(found) + ' +"', str(first[1] if len(above) == 1 else above[-1][1])) is not None
    )


def _fits(cells: list[str], report: Report) -> bool:
    return is_header(cells) or is_chosen(cells, report)


def _first(lines: Lines) -> tuple[str, tuple[int, str | Complaint]]:
    """The separator that a first line `sep=` names, or nothing; and the first line of the table."""
    try:
        number, line = next(lines)
        if (declared := _SEP_LINE.fullmatch(line.strip("\ufeff\r\n "))) is not None:
            return declared[1], next(lines)
    except StopIteration:
        raise UnreadableFeed(_EMPTY) from None
    return "", (number, line)


def _last_header(
    lines: Lines, header: tuple[int, str | Complaint], separator: str, report: Report
) -> tuple[int, str | Complaint]:
    """The header, or the one right under it: for people first, then for machines."""
    try:
        following = next(lines)
    except StopIteration:
        return header
    cells = _cells(following[1], separator)
    if len(cells) == len(_cells(header[1], separator)) and is_second_header(_cells(header[1], separator), cells):
        report.note(f"The header is in line {following[0]}, under another one in line {header[0]}.")
        return following
    lines.put_back([following])
    return header


def _best(line: str | Complaint, named: str) -> str:
    def score(separator: str) -> tuple[int, int]:
        cells = _cells(line, separator)
        return sum(known(cell) is not None for cell in cells) if len(cells) > 1 else 0, len(cells)

    return named or max(SEPARATORS, key=score)


def _cells(line: str | Complaint, separator: str) -> list[str]:
    if isinstance(line, Complaint):
        return []
    try:
        return [
            cell.strip("\ufeff ") for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
        ]
    except csv.Error:
        return []


def _filled(cells: list[str]) -> int:
    return sum(bool(cell) for cell in cells)


def _unwrapped(line: str) -> str | None:
    """The text of a line that is one quoted text with separators in it, as spreadsheets make of a table in one column."""
    bare = line.strip("\ufeff\r\n ")
    if not (bare.startswith('"') and bare.endswith('"')):
        return None
    cells = [next(csv.reader([bare], delimiter=separator), []) for separator in SEPARATORS]
    if any(len(each) != 1 for each in cells) or not any(separator in cells[0][0] for separator in SEPARATORS):
        return None
    return cells[0][0] + "\n"
