"""Tables that leave as CSV: line by line, and inert in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from portal.cells import inert


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[Any]], cell: Callable[[Any], str] = inert
) -> Iterator[str]:
    """The rows as CSV, line by line; with a mark of UTF-8, so that spreadsheets show it right."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])
