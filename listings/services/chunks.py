"""Rows of a feed in chunks of limited number and size, and the counts of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from listings.ingest.outcome import Complaint, Report
from listings.ingest.readers import Feed, FeedState
from listings.ingest.rows import ListingRow, RowReject, parse_row
from listings.models import CatalogueImport, CatalogueReject
from listings.services.storing import Stored

MAX_ROWS = 5_000
MAX_SIZE = 8_000_000  # characters
MAX_REJECTS = 100_000
MAX_CAUSES = 100
LINES_SHOWN = 5


@dataclass(slots=True)
class Chunk:
    """Listings by id, the last of equal ids winning, and everything refused among them.

    `state` is how far the file was read when the chunk was complete.
    """

    rows: dict[str, ListingRow] = field(default_factory=dict)
    rejects: list[RowReject] = field(default_factory=list)
    read: int = 0
    size: int = 0
    state: FeedState = field(default_factory=lambda: FeedState(Report()))

    @property
    def is_full(self) -> bool:
        return self.read >= MAX_ROWS or self.size >= MAX_SIZE or len(self.rejects) >= MAX_ROWS

    def ids(self) -> list[str]:
        """Every id that the chunk carries, also in rows that were refused: those listings are in the feed."""
        return list(dict.fromkeys([*self.rows, *(row.external_id for row in self.rejects if row.external_id)]))

    def take(self, line: int, row: Any, decimal: str) -> None:
        self.read += 1
        if isinstance(row, Complaint):
            self.rejects.append(RowReject(line, "", str(row), "", cause=row.cause))
            return
        listing, refused = parse_row(line, row, decimal=decimal)
        self.rejects += refused
        self.size += sum(len(reject.content) for reject in refused)
        if listing is None:
            return
        if (earlier := self.rows.pop(listing.external_id, None)) is not None:
            detail = f"the same id is again in line {line}: the later row was used; keep one row per id"
            self.rejects.append(
                RowReject(earlier.line, listing.external_id, detail, "", cause="duplicate id", column="external_id")
            )
        self.rows[listing.external_id] = listing
        self.size += listing.weight


def chunks_of(feed: Feed) -> Iterator[Chunk]:
    """A feed in chunks of MAX_ROWS rows or MAX_SIZE characters, each with what the reading knew behind its last row."""
    chunk = Chunk()
    for line, row in feed:
        chunk.take(line, row, feed.decimal)
        if chunk.is_full:
            chunk.state = feed.state()
            yield chunk
            chunk = Chunk()
    if chunk.read:
        chunk.state = feed.state()
        yield chunk


@dataclass(slots=True)
class Counts:
    """The counts of an import so far."""

    total: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    with_gtin: int = 0
    noted: int = 0
    causes: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def stored(self) -> int:
        return self.added + self.changed + self.unchanged

    def add(self, chunk: Chunk, stored: Stored, report: Report) -> None:
        """Count a chunk; what was refused is named by the file's own column where `report` knows it."""
        self.total += chunk.read
        self.added += len(stored.added)
        self.changed += len(stored.changed)
        self.unchanged += stored.unchanged
        self.with_gtin += sum(bool(row.gtin) for row in chunk.rows.values())
        for reject in chunk.rejects:
            self.rejected += reject.whole_row
            known = self.causes.get(reject.cause)
            if known is None:
                if len(self.causes) >= MAX_CAUSES:
                    continue
                known = self.causes[reject.cause] = {
                    "cause": reject.cause, "count": 0, "lines": [], "example": reject.reason[:300],
                    "column": report.column_of(reject.column), "whole_row": reject.whole_row,
                }  # fmt: skip
            known["count"] += 1
            if len(known["lines"]) < LINES_SHOWN:
                known["lines"].append(reject.line)

    def as_fields(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("total", "added", "changed", "unchanged", "rejected")}

    def report_of(self, state: FeedState) -> dict[str, Any]:
        """How the file was read, for the import's page."""
        report = state.report
        causes = sorted(self.causes.values(), key=lambda cause: (not cause["whole_row"], -cause["count"]))
        return {
            "format": report.format, "packing": report.packing, "encoding": report.encoding,
            "rows_read": state.rows_read, "decimal": state.decimal, "used": report.used, "unused": report.unused[:100],
            "notes": list(report.notes), "causes": causes, "columns": list(report.columns), "is_table": report.is_table,
            "sample": [{"line": line, "row": row} for line, row in report.sample],
        }  # fmt: skip

    def nothing_usable(self, report: Report) -> str:
        """Why a file without a usable row failed."""
        if report.broke_off:
            return report.broke_off
        if not self.total:
            return "The file has no rows. Export the catalogue again."
        most = max(
            (cause for cause in self.causes.values() if cause["whole_row"]),
            key=lambda cause: cause["count"],
            default=None,
        )
        reason = f" Most common reason, in {most['count']:,} rows: {most['example']}." if most else ""
        return f"None of the {self.total:,} rows could be used.{reason}"


def keep_rejects(job: CatalogueImport, rejects: list[RowReject], counts: Counts, report: Report) -> None:
    """Store the rejects of a chunk, up to MAX_REJECTS of a file; all of them are counted."""
    keep = rejects[: max(0, MAX_REJECTS - counts.noted)]
    counts.noted += len(keep)
    CatalogueReject.objects.bulk_create(
        CatalogueReject(
            job=job, line=r.line, external_id=r.external_id, reason=r.reason, content=r.content, cause=r.cause[:60],
            column=report.column_of(r.column)[:40], whole_row=r.whole_row,
        )
        for r in keep
    )  # fmt: skip
