"""What can be exported. Each app registers its exporters; the ground makes, keeps and hands out the files.

An export is written by a worker, in the name of the person who asked for it: it holds what that person may see when it
is written (portal/services/exports.py).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import QueryDict

from portal.database.acting import acting, drawn
from portal.exporting.formats import CSV, FORMATS, Format
from portal.identity.actors import Actor
from portal.texts import key_in

HEARD_EVERY = 0.5  # seconds
OF = "of"
"""In the query string of a list that belongs to one object: that object's key."""


class Tally:
    """How far a writer is. `total` steps there are (0: not known), `done` of them; `counted` is what its reader counts in.

    `hears` is called now and then, and may raise to stop the writer.
    """

    def __init__(self, hears: Callable[["Tally"], None] | None = None) -> None:
        self.total = self.done = self.counted = 0
        self._hears, self._next = hears, 0.0

    def step(self) -> None:
        self.done += 1
        if self._hears is not None and (now := time.monotonic()) >= self._next:
            self._next = now + HEARD_EVERY
            self._hears(self)

    @property
    def percent(self) -> int:
        """How much is done; 99 until the file is whole."""
        return min(99, 100 * self.done // self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Exporter:
    """One kind of export: `title` as pages call it, what it counts in (Export.Unit), and `write`, which yields the file.

    `write(actor, arguments, tally)` sees what `actor` sees, who needs `permission`. `arguments` are plain data. It raises
    PermissionDenied, ValidationError or ObjectDoesNotExist where there is nothing to write any more. Where the export is
    about one object, `subject` is that object's kind (portal/subjects.py), and its key is the argument called `named`.
    """

    kind: str
    title: str
    permission: str
    unit: str
    suffix: str
    content_type: str
    write: Callable[[Actor, dict[str, Any], Tally], Iterator[bytes]]
    subject: str = ""
    named: str = ""


_EXPORTERS: dict[str, Exporter] = {}
_LISTS: set[str] = set()


def register(exporter: Exporter) -> None:
    if exporter.kind in _EXPORTERS:
        raise ValueError(f"There are two exporters of {exporter.kind}.")
    _EXPORTERS[exporter.kind] = exporter


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header, `total` of them as far as is known."""

    header: Sequence[str]
    rows: Iterable[Sequence[Any]]
    total: int


def register_table(
    kind: str,
    title: str,
    permission: str,
    table_of: Callable[[Actor, dict[str, Any]], Table],
    *,
    subject: str = "",
    named: str = "",
) -> None:
    """An exporter of rows in each of FORMATS: as CSV under `kind` itself, in the others under `in_format`."""
    for each in FORMATS.values():
        write = partial(_write_table, table_of, each)
        register(
            Exporter(
                in_format(kind, each.suffix),
                title,
                permission,
                "rows",
                each.suffix,
                each.content_type,
                write,
                subject,
                named,
            )
        )


def register_list(kind: str, title: str, permission: str, table_of: Callable[[Actor, dict[str, Any]], Table]) -> None:
    """An exporter of what a page lists: its `query` argument is the query string of the page, with its filters."""
    register_table(kind, title, permission, table_of)
    _LISTS.add(kind)


def register_columns(
    kind: str,
    title: str,
    permission: str,
    listed: Callable[[Actor, QueryDict], QuerySet[Any]],
    columns: Mapping[str, str],
    written: Mapping[str, Callable[[Any], Any]] | None = None,
) -> None:
    """As `register_list`, for a page of plain rows: `listed` are those that the page lists by a query string, newest first
    here; `columns` names the fields, by header. `written` says how a column's value is written where not as it is kept."""
    ways = [(written or {}).get(name, _plain) for name in columns]

    def table_of(actor: Actor, arguments: dict[str, Any]) -> Table:
        rows = listed(actor, QueryDict(arguments["query"])).order_by("-pk")
        found = rows.values_list(*columns.values()).iterator(chunk_size=2_000)
        cells = (tuple(way(value) for way, value in zip(ways, row, strict=True)) for row in found)
        return Table(tuple(columns), cells, rows.count())

    register_list(kind, title, permission, table_of)


def _plain(value: Any) -> Any:
    """Times as ISO 8601, lists with semicolons between."""
    if isinstance(value, datetime):
        return value.isoformat()
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def key_of(query: QueryDict) -> int:
    """The key of the object whose rows are asked for, where a list belongs to one. Raises ObjectDoesNotExist for none."""
    if (key := key_in(query.get(OF, ""))) is None:
        raise ObjectDoesNotExist
    return key


def public_part(url: str) -> str:
    """An address without what may open something: its user, its password and its query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "…" if parts.query else "", ""))


def yes_or_no(value: bool) -> str:
    """As an import of people reads it again."""
    return "yes" if value else "no"


def is_list(kind: str) -> bool:
    return kind in _LISTS


def in_format(kind: str, suffix: str) -> str:
    """The kind of a table in the format that `suffix` names."""
    return kind if suffix == CSV.suffix else f"{kind}.{suffix}"


def is_table(kind: str) -> bool:
    return in_format(kind, "jsonl") in _EXPORTERS


def _write_table(
    table_of: Callable[[Actor, dict[str, Any]], Table],
    form: Format,
    actor: Actor,
    arguments: dict[str, Any],
    tally: Tally,
) -> Iterator[bytes]:
    """The table in pieces; each row is a step, and read in the database as the actor."""
    with acting(actor.principal):
        table = table_of(actor, arguments)
    tally.total = table.total

    def counted() -> Iterator[Sequence[Any]]:
        for row in drawn(table.rows, actor.principal):
            yield row
            tally.counted += 1
            tally.step()

    yield from form.write(table.header, counted())


def exporter_of(kind: str) -> Exporter:
    """Raises KeyError for a kind that no one registered."""
    return _EXPORTERS[kind]
