"""The tables of a benchmark: those of the migrated schema made again, plain or partitioned, with every index of the model."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.backends.utils import CursorWrapper

LISTINGS, EVENTS, FLAGS = "listings_listing", "portal_auditevent", "flags.listings_flag"
FIRST_YEAR, MONTHS = 2024, 36
_KEPT = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING STORAGE"
_INDEXES = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = to_regclass(%s) ORDER BY indexrelid"
_REQUIRED = """SELECT attname FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND attnotnull AND attname <> 'id'"""
_PARTS = (
    "(SELECT relid FROM pg_partition_tree(to_regclass(%s)) UNION SELECT to_regclass(%s))"  # no tree of a plain table
)
_SIZES = f"SELECT sum(pg_table_size(relid)) / 1e6, sum(pg_indexes_size(relid)) / 1e6 FROM {_PARTS} t"  # noqa: S608
_ONE_INDEX = f"""SELECT sum(pg_relation_size(i.indexrelid)) / 1e6 FROM {_PARTS} t JOIN pg_index i ON i.indrelid = t.relid
WHERE pg_get_indexdef(i.indexrelid) LIKE %s"""  # noqa: S608
_BLOCKS = """SELECT sum(coalesce(heap_blks_hit, 0) + coalesce(idx_blks_hit, 0) + coalesce(toast_blks_hit, 0)),
sum(coalesce(heap_blks_read, 0) + coalesce(idx_blks_read, 0) + coalesce(toast_blks_read, 0))
FROM pg_statio_all_tables WHERE schemaname = %s"""


@dataclass(frozen=True)
class Layout:
    """One way to lay out the tables: a schema of the benchmark's own database, with partitions or without."""

    name: str
    is_partitioned: bool

    def table(self, name: str) -> str:
        return f"{self.name}.{name}"

    def make(self, cursor: CursorWrapper, platforms: int) -> None:
        """Both tables, empty, in place of those of an earlier run. Listings are partitioned by platform, events by month."""
        cursor.execute(f"DROP SCHEMA IF EXISTS {self.name} CASCADE")
        cursor.execute(f"CREATE SCHEMA {self.name}")
        self._make(cursor, LISTINGS, "LIST", "platform_id")
        self._make(cursor, EVENTS, "RANGE", "at")
        if self.is_partitioned:
            for number in range(1, platforms + 1):
                self._part(cursor, LISTINGS, number, f"IN ({number})")
            for number in range(MONTHS):
                bounds = f"FROM ('{month(number):%Y-%m-%d}') TO ('{month(number + 1):%Y-%m-%d}')"
                self._part(cursor, EVENTS, number, bounds)

    def _make(self, cursor: CursorWrapper, name: str, way: str, column: str) -> None:
        how = f" PARTITION BY {way} ({column})" if self.is_partitioned else ""
        cursor.execute(f"CREATE TABLE {self.table(name)} (LIKE public.{name} {_KEPT}){how}")
        cursor.execute(_INDEXES, [f"public.{name}"])
        for (definition,) in cursor.fetchall():
            cursor.execute(self._moved(definition, name, column))

    def _moved(self, definition: str, name: str, column: str) -> str:
        """The index on our table. A unique one of a partitioned table has to have the column that it is partitioned by."""
        moved = definition.replace(f" ON public.{name} ", f" ON {self.table(name)} ")
        if moved == definition:
            raise ValueError(f"no table in {definition!r}")
        if self.is_partitioned and moved.startswith("CREATE UNIQUE") and column not in moved:
            return re.sub(r"\)$", f", {column})", moved)
        return moved

    def _part(self, cursor: CursorWrapper, name: str, number: int, values: str) -> None:
        part = f"{self.table(name)}_{number}"
        cursor.execute(f"CREATE TABLE {part} PARTITION OF {self.table(name)} FOR VALUES {values}")

    def sizes(self, cursor: CursorWrapper, name: str) -> tuple[float, float]:
        """Megabytes of the table and of its indexes."""
        cursor.execute(_SIZES, [self.table(name)] * 2)
        table, indexes = cursor.fetchone()
        return float(table), float(indexes)

    def size_of_keys(self, cursor: CursorWrapper) -> float:
        """Megabytes of the index of candidate keys."""
        cursor.execute(_ONE_INDEX, [self.table(LISTINGS), self.table(LISTINGS), "%gin (keys)%"])
        return float(cursor.fetchone()[0])

    def blocks(self, cursor: CursorWrapper) -> tuple[int, int]:
        """Blocks that were found in shared_buffers, and those that were not, since the server started."""
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(_BLOCKS, [self.name])
        hit, read = cursor.fetchone()
        return int(hit), int(read)


PLAIN, PARTITIONED = Layout("plain", is_partitioned=False), Layout("partitioned", is_partitioned=True)
LAYOUTS = (PLAIN, PARTITIONED)


def month(number: int) -> datetime:
    """The first moment of a month of the events."""
    return datetime(FIRST_YEAR + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def make_flags(cursor: CursorWrapper) -> None:
    """The table of flags, which both layouts share, with what the queue reads; what it does not read may be missing."""
    cursor.execute("DROP SCHEMA IF EXISTS flags CASCADE")
    cursor.execute("CREATE SCHEMA flags")
    model = f"public.{FLAGS.removeprefix('flags.')}"
    cursor.execute(f"CREATE TABLE {FLAGS} (LIKE {model} {_KEPT})")
    cursor.execute(_REQUIRED, [FLAGS])
    for (column,) in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {FLAGS} ALTER {column} DROP NOT NULL")
    cursor.execute(_INDEXES, [model])
    for (definition,) in cursor.fetchall():
        cursor.execute(definition.replace(f" ON {model} ", f" ON {FLAGS} "))
