"""offshelf prove, offshelf verify."""

import argparse
import json
from pathlib import Path
from typing import Any

from offshelf_client.commitment import METHOD, Rows, Step, leaf_of_values, proves, values_of
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import out, out_json
from offshelf_client.private_files import read_private
from offshelf_client.search import rows_of

MAX_PROOF = 1 << 20  # bytes; a row has at most 30,000 characters, a path at most 64 steps


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = (
        "Prove that a listing was among those that offshelf match searched: print a JSON document that anyone can check "
        "with offshelf verify. It shows this listing and no other. Keep the catalogue as it was searched for as long as "
        "you may be asked. Asks no server."
    )
    parser = commands.add_parser("prove", help="prove that a listing was searched", description=about)
    parser.add_argument("catalogue", type=Path, help="the file as it was searched")
    parser.add_argument("listing", help="your own id of the listing")
    parser.add_argument("--commitment", type=Path, required=True, metavar="FILE", help="what offshelf match wrote")
    parser.set_defaults(run=run)
    about = (
        "Check a proof of offshelf prove against the root that the platform gave before. Exit status 0 if it proves "
        "that the listing was searched, 1 if not. Asks no server."
    )
    parser = commands.add_parser("verify", help="check such a proof", description=about)
    parser.add_argument("proof", type=Path, help="what offshelf prove printed")
    parser.add_argument("--root", required=True, metavar="HEX", help="the root, as given when it was searched")
    parser.set_defaults(run=run_verify)


def run(options: argparse.Namespace) -> Exit:
    commitment = read_private(options.commitment)
    if commitment is None or commitment.get("method") != METHOD:
        raise Failure(f"{options.commitment} is not a commitment of offshelf match.", Exit.USAGE)
    rows, wanted = Rows(), None
    for row in rows_of(options.catalogue):
        rows.add(row)
        if row.external_id == options.listing:
            wanted = row
    if rows.root() != commitment.get("root"):
        raise Failure(f"{options.catalogue} is not the catalogue that was searched: the roots differ.", Exit.USAGE)
    path = rows.path(wanted) if wanted else None
    if wanted is None or path is None:
        raise Failure(f"There is no listing {options.listing} in {options.catalogue}.", Exit.REFUSED)
    out_json({"method": METHOD, "root": rows.root(), "row": values_of(wanted), "path": path})
    return Exit.DONE


def run_verify(options: argparse.Namespace) -> Exit:
    row, path = _read(options.proof)
    root = options.root.strip().lower()
    if not proves(root, leaf_of_values(row), path):
        raise Failure("This does not prove that the listing was searched: it does not lead to the root.", Exit.REFUSED)
    out("Proved: this listing was searched.", row.get("external_id"), row.get("title"))
    return Exit.DONE


def _read(file: Path) -> tuple[dict[str, Any], list[Step]]:
    """The row and the path of a proof, which may come from anyone. Raises Failure."""
    try:
        with file.open("rb") as source:
            content = json.loads(source.read(MAX_PROOF))
        path = [Step(bytes.fromhex(digest).hex(), is_left=is_left is True) for digest, is_left in content["path"][:64]]
        row, method = dict(content["row"]), content["method"]
    except OSError as error:
        raise Failure(f"Cannot read {file}: {error.strerror or error}.", Exit.USAGE) from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        row, path, method = {}, [], None
    if method != METHOD or any(len(step.digest) != 64 for step in path):
        raise Failure(f"{file} is not a proof of offshelf prove.", Exit.USAGE)
    return row, path
