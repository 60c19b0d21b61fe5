"""offshelf match."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from listings.ingest.rows import ListingRow
from offshelf_client.account import saved_login
from offshelf_client.commands.report import store
from offshelf_client.commitment import METHOD
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import note, notes, out, out_json
from offshelf_client.private_files import state_folder, write_private
from offshelf_client.recalls import Recalls, fetch_recalls
from offshelf_client.search import Hit, Search, search
from offshelf_client.server import Server

BANDS = {"flag": frozenset({"flag"}), "flag+ask": frozenset({"flag", "ask"})}
SENT = ("title", "description", "brand", "gtin", "mpn", "seller", "category", "link", "image_link")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = (
        "Search a catalogue on this machine for the products of your active notices. The recalls are downloaded; the "
        "catalogue stays here. Prints one line for each hit: listing, recall, score, band, title, the strongest "
        "evidence. What was searched is noted as a commitment: the root of a Merkle tree over all rows, which shows "
        "none of them and binds you to all. docs/integrate.md says how it is made and checked."
    )
    parser = commands.add_parser("match", help="search your catalogue for recalled products", description=about)
    parser.add_argument(
        "catalogue",
        type=Path,
        help="CSV, TSV, JSONL, JSON, XML, XLSX or Parquet, as exported; gzip, ZIP and zstd are unpacked",
    )
    parser.add_argument(
        "--bands",
        choices=sorted(BANDS),
        default="flag+ask",
        help="which matches are hits (default: %(default)s, those that the server flags; ask is wrong more often)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line, with all evidence")
    parser.add_argument(
        "--report",
        action="store_true",
        help="send the hits, and only them, to the server, which matches and flags them",
    )
    parser.add_argument(
        "--commitment",
        type=Path,
        metavar="FILE",
        help="where to write the commitment (default: a new file in $XDG_STATE_HOME/offshelf)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    login = saved_login()
    server = Server(login, seconds=options.timeout)
    recalls = fetch_recalls(server)
    notes("These notices could not be used:", recalls.refused)
    if not recalls.index.numbers:
        raise Failure("There are no recalls to search for: no notice is active.", Exit.REFUSED)
    found, hits = search(options.catalogue, recalls.index, BANDS[options.bands])
    rows = [_shown(hit, as_json=options.json) for hit in hits]
    notes(f"{found.set_aside:,} rows were not searched:", found.complaints)
    if found.report.broke_off:
        note(found.report.broke_off)
    content = commitment(found, recalls, server.address)
    file = options.commitment or state_folder() / f"commitment-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.json"
    write_private(file, content)
    note(
        f"{len(found.rows):,} listings searched for {len(recalls.index.numbers):,} recalls, {found.hits:,} hits. "
        f"Commitment {content['root']} in {file}."
    )
    rejected = 0
    if options.report and rows:
        rejected = store(server, [item_of(row) for row in rows], as_json=options.json)
    is_partial = found.set_aside or recalls.refused or found.report.broke_off or rejected
    return Exit.PARTLY if is_partial else Exit.DONE


def commitment(found: Search, recalls: Recalls, address: str) -> dict[str, Any]:
    """What was searched, for what, and what it gave. Has no row of the catalogue."""
    return {
        "method": METHOD,
        "root": found.rows.root(),
        "rows": len(found.rows),
        "set_aside": found.set_aside,
        "is_cut_off": bool(found.report.broke_off),
        "hits": found.hits,
        "catalogue": {"name": found.file.name, "sha256": found.sha256},
        "recalls": {"count": len(recalls.index.numbers), "sha256": recalls.digest},
        "server": address,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def item_of(row: ListingRow) -> dict[str, str]:
    """A hit as the API takes listings; fields without a value are left out."""
    values = {"id": row.external_id, **{name: getattr(row, name) for name in SENT}}
    if row.price is not None:
        values["price"] = f"{row.price} {row.currency}".strip()
    return {name: value for name, value in values.items() if value}


def _shown(hit: Hit, *, as_json: bool) -> ListingRow:
    for match in hit.matches:
        if as_json:
            out_json({**match.as_dict(), "title": hit.row.title, "link": hit.row.link})
            continue
        best = max(match.evidence, key=lambda evidence: evidence.weight, default=None)
        detail = best.detail if best else ""
        out(hit.row.external_id, match.recall_number, f"{match.score:.2f}", match.band, hit.row.title, detail)
    return hit.row
