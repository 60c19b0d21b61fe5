"""Worksheets of strangers, row by row. Pure."""

from collections.abc import Iterator
from typing import Any

MAX_ROWS = 1_048_576  # of a worksheet, as every spreadsheet program has it


def sheets_in_sight(book: Any) -> list[Any]:
    """The worksheets of a workbook of openpyxl that people see, in their order: a hidden one holds lists and notes, or what
    they are not to see. All of them, where all are hidden."""
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(book.worksheets)


def filled_rows(sheet: Any, read: Iterator[int]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of a worksheet of openpyxl that have anything in them, each with its number from 1. `read` counts the rows of
    a whole workbook, from 1.

    A row says itself which one it is, and openpyxl fills in those before it: one that says to be the two-thousand-millionth
    would take hours, and so would a thousand sheets of nothing. Raises ValueError for a row that no worksheet has, and for
    more rows than two full sheets.
    """
    blank: tuple[Any, ...] | None = None
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MAX_ROWS or next(read) > 2 * MAX_ROWS:
            raise ValueError(f"a worksheet has up to {MAX_ROWS:,} rows")
        if cells is blank:  # openpyxl fills in the same one again and again
            continue
        if cells.count(None) == len(cells):
            blank = cells
            continue
        yield number, cells
