"""offshelf prove, offshelf verify."""

import argparse
from pathlib import Path

from offshelf_client.failures import Exit


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
    from offshelf_client.proofs import prove  # noqa: PLC0415  the readers of catalogues take long to load

    return prove(options)


def run_verify(options: argparse.Namespace) -> Exit:
    from offshelf_client.proofs import verify  # noqa: PLC0415  likewise

    return verify(options)
