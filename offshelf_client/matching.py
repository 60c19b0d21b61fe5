"""Searching a catalogue for the recalls of the notices: what is printed, noted and sent."""

import argparse
from datetime import UTC, datetime
from typing import Any

from listings.ingest.rows import ListingRow
from offshelf_client.account import saved_login
from offshelf_client.commitment import METHOD
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import note, notes, out, out_json
from offshelf_client.private_files import state_folder, write_private
from offshelf_client.recalls import Recalls, fetch_recalls
from offshelf_client.search import Hit, Search, search
from offshelf_client.server import Server
from offshelf_client.storing import store

SENT = ("title", "description", "brand", "gtin", "mpn", "seller", "category", "link", "image_link")


def match(options: argparse.Namespace) -> Exit:
    """`offshelf match` with its arguments. Raises Failure."""
    login = saved_login()
    server = Server(login, seconds=options.timeout)
    recalls = fetch_recalls(server)
    notes("These notices could not be used:", recalls.refused)
    if not recalls.index.numbers:
        raise Failure("There are no recalls to search for: no notice is active.", Exit.REFUSED)
    found, hits = search(options.catalogue, recalls.index, frozenset(options.bands.split("+")))
    to_send = []
    for hit in hits:
        _show(hit, as_json=options.json)
        if options.report:
            to_send.append(item_of(hit.row))
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
    rejected = store(server, to_send, as_json=options.json)
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


def _show(hit: Hit, *, as_json: bool) -> None:
    for match in hit.matches:
        if as_json:
            out_json({**match.as_dict(), "title": hit.row.title, "link": hit.row.link})
            continue
        best = max(match.evidence, key=lambda evidence: evidence.weight, default=None)
        detail = best.detail if best else ""
        out(hit.row.external_id, match.recall_number, f"{match.score:.2f}", match.band, hit.row.title, detail)
