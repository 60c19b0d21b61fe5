"""Proofs that a listing was searched: made of the catalogue and its commitment, and checked by anyone."""

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


def prove(options: argparse.Namespace) -> Exit:
    """`offshelf prove` with its arguments. Raises Failure."""
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


def verify(options: argparse.Namespace) -> Exit:
    """`offshelf verify` with its arguments. Raises Failure."""
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
    is_row = all(value is None or isinstance(value, str) for value in row.values())
    if method != METHOD or not is_row or any(len(step.digest) != 64 for step in path):
        raise Failure(f"{file} is not a proof of offshelf prove.", Exit.USAGE)
    return row, path
