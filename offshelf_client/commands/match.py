"""offshelf match."""

import argparse
from pathlib import Path

from offshelf_client.failures import Exit

BANDS = ("flag", "flag+ask")


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
        help="CSV, TSV, JSONL, JSON, XML, XLSX or Parquet, as exported; gzip, ZIP, zstd, xz and bzip2 are unpacked",
    )
    parser.add_argument(
        "--bands",
        choices=BANDS,
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
    from offshelf_client.matching import match  # noqa: PLC0415  the engine takes longer to load than others to run

    return match(options)
