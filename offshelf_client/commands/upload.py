"""offshelf upload."""

import argparse
import base64
import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from offshelf_client.account import saved_login
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import note, out
from offshelf_client.server import Server

PART = 8 << 20  # bytes that are sent at once, and lost at most
SECONDS_BETWEEN = 2.0
GOING_ON = frozenset({"queued", "running"})


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = (
        "Upload a catalogue and import it, in parts: run the same command again after a break, and it goes on where it "
        "stopped. Prints the number of the import and, with --wait, its state and counts."
    )
    parser = commands.add_parser("upload", help="upload a catalogue, and go on after a break", description=about)
    parser.add_argument("catalogue", type=Path, help="any file that the server imports, packed or not")
    parser.add_argument(
        "--kind",
        choices=("full", "delta"),
        required=True,
        help="full: a listing that is not in it is off sale; delta: only what is new or changed",
    )
    parser.add_argument("--wait", action="store_true", help="until it is imported")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    server = Server(saved_login(), seconds=options.timeout)
    try:
        with options.catalogue.open("rb") as source:
            size = source.seek(0, 2)
            upload = _begun(server, options.catalogue.name, size)
            digest = _send(server, upload, source, size)
    except OSError as error:
        raise Failure(f"Cannot read {options.catalogue}: {error.strerror}.", Exit.USAGE) from None
    job = server.send(f"uploads/{upload['id']}/import", {"kind": options.kind, "sha256": digest})
    while options.wait and job["status"] in GOING_ON:
        time.sleep(SECONDS_BETWEEN)
        job = server.get(f"imports/{job['id']}")
    if not options.wait:
        out("import", job["id"], job["status"])
        return Exit.DONE
    counts = [f"{name} {job[name]}" for name in ("added", "changed", "unchanged", "absent", "rejected")]
    out("import", job["id"], job["status"], *counts)
    if job["status"] == "failed":
        raise Failure(str(job["error"]), Exit.REFUSED)
    return Exit.PARTLY if job["rejected"] else Exit.DONE


def _begun(server: Server, name: str, size: int) -> dict[str, Any]:
    """The upload of this file that was not finished, or a new one."""
    now = datetime.now(UTC)
    for row in server.rows("uploads"):
        alive = row["catalogue_import"] is None and datetime.fromisoformat(row["expires_at"]) > now
        if alive and (row["filename"], row["size"]) == (name, size):
            note(f"Continuing at byte {row['received']:,} of {size:,}.")
            return row
    named = base64.b64encode(name.encode()).decode()
    headers = {"Upload-Length": str(size), "Upload-Metadata": f"filename {named}"}
    return server.send_bytes("POST", "uploads", headers=headers)


def _send(server: Server, upload: dict[str, Any], source: IO[bytes], size: int) -> str:
    """Send what is not there yet; returns the SHA-256 of the whole file."""
    whole, here = hashlib.sha256(), int(upload["received"])
    for at, part in _parts(source):
        whole.update(part)
        missing = part[max(0, here - at) :]
        if not missing:
            continue
        start = at + len(part) - len(missing)
        headers = {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(start),
            "Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(missing).digest()).decode()}",
        }
        server.send_bytes("PATCH", f"uploads/{upload['id']}", missing, headers=headers)
        note(f"{at + len(part):,} of {size:,} bytes sent.")
    return whole.hexdigest()


def _parts(source: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    source.seek(0)
    at = 0
    while part := source.read(PART):
        yield at, part
        at += len(part)
