"""Which columns a list can show, which of them a person chose, and by which one it is sorted. Knows nothing of Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `order` names what it is sorted by, empty where it cannot be; `first` is "-" where the largest comes
    first. A `fixed` one is always there, ahead of the others; `regulator_only` ones are not offered to platforms."""

    name: str
    label: str
    order: str = ""
    first: str = ""
    default: bool = True
    fixed: bool = False
    numeric: bool = False
    regulator_only: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading: `sort` is what the address says to sort by it (again: the other way round), `now` how it is
    sorted by it ("ascending", "descending" or empty)."""

    column: Column
    sort: str
    now: str


COLUMNS: dict[str, tuple[Column, ...]] = {}
"""URL name of a list → its columns. Each app registers its own (registration.py)."""


def register(page: str, columns: Iterable[Column]) -> None:
    """Let people choose the columns of `page`. At start only."""
    COLUMNS[page] = tuple(columns)


def offered(page: str, *, to_platform: bool) -> list[Column]:
    return [column for column in COLUMNS[page] if not (to_platform and column.regulator_only)]


def shown(columns: Sequence[Column], chosen: object) -> list[Column]:
    """The columns to show: those `chosen` by name, in that order; the usual ones where nothing valid was chosen."""
    by_name = {column.name: column for column in columns if not column.fixed}
    names = chosen if isinstance(chosen, list) else []
    wanted = [by_name.pop(name) for name in names if isinstance(name, str) and name in by_name]
    usual = wanted or [column for column in columns if column.default and not column.fixed]
    return [column for column in columns if column.fixed] + usual


def order_of(columns: Sequence[Column], asked: str, *, usual: str) -> str:
    """The sort that an address asks for ("title", "-findability"), or the usual one where that is none of the columns."""
    names = {column.name for column in columns if column.order}
    return asked if asked.removeprefix("-") in names else usual


def heads(columns: Iterable[Column], order: str) -> list[Head]:
    return [Head(column, _next(column, order), _now(column, order)) for column in columns]


def _now(column: Column, order: str) -> str:
    if not column.order or order.removeprefix("-") != column.name:
        return ""
    return "descending" if order.startswith("-") else "ascending"


def _next(column: Column, order: str) -> str:
    if not column.order:
        return ""
    if order.removeprefix("-") != column.name:
        return f"{column.first}{column.name}"
    return column.name if order.startswith("-") else f"-{column.name}"


def field_of(columns: Iterable[Column], order: str) -> str:
    """What rows are sorted by, with the sign of the direction."""
    fields: Mapping[str, str] = {column.name: column.order for column in columns}
    return f"{'-' if order.startswith('-') else ''}{fields[order.removeprefix('-')]}"


def moved(names: Sequence[str], name: str, by: int) -> list[str]:
    """`names` with one of them moved towards the beginning (-1) or the end (1)."""
    found = list(names)
    if name in found:
        at = found.index(name)
        found.insert(min(max(at + by, 0), len(found) - 1), found.pop(at))
    return found
