"""Worksheets of strangers: rows are counted over the whole workbook, so that empty sheets take nobody's time."""

from itertools import count
from typing import Any

import pytest

from portal.workbooks import MAX_ROWS, filled_rows


class Sheet:
    """A worksheet as openpyxl gives it: it fills in the same empty row again and again."""

    def __init__(self, rows: int, *filled: tuple[Any, ...]) -> None:
        self.rows, self.filled = rows, filled

    def iter_rows(self, *, values_only: bool) -> Any:
        assert values_only
        blank = (None, None)
        yield from (blank for _ in range(self.rows))
        yield from self.filled


def test_rows_that_are_empty_are_passed_over_and_keep_their_numbers() -> None:
    assert list(filled_rows(Sheet(3, ("1", "Lamp"), (None, None), ("2", "Bed")), count(1))) == [
        (4, ("1", "Lamp")),
        (6, ("2", "Bed")),
    ]


def test_a_row_behind_the_last_and_sheets_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="up to 1,048,576 rows"):
        list(filled_rows(Sheet(MAX_ROWS, ("1", "Lamp")), count(1)))
    read = count(1)
    assert [list(filled_rows(Sheet(MAX_ROWS), read)) for _ in range(2)] == [[], []]
    with pytest.raises(ValueError, match="rows"):
        list(filled_rows(Sheet(1), read))
