"""offshelf report, and storing listings through the API, as offshelf match does with its hits."""

import argparse
from collections.abc import Sequence
from itertools import islice
from typing import Any

from offshelf_client.account import saved_login
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import out, out_json
from offshelf_client.server import Server

AT_ONCE = 200  # listings in a request: with the longest descriptions it has about 5 MB


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = (
        "Report that listings are off sale. This is your word: independent checks must agree before a removal is "
        "confirmed. Prints one line for each: id, result (absent or rejected), reasons."
    )
    parser = commands.add_parser("report", help="report that a listing is off sale", description=about)
    parser.add_argument("listings", nargs="+", metavar="LISTING", help="your own id of the listing")
    parser.add_argument("--gone", action="store_true", required=True, help="it is off sale")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    server = Server(saved_login(), seconds=options.timeout)
    items = [{"id": listing, "present": False} for listing in options.listings]
    return Exit.PARTLY if store(server, items) else Exit.DONE


def store(server: Server, items: Sequence[dict[str, Any]], *, as_json: bool = False) -> int:
    """Send listings and print what became of each; returns how many were rejected."""
    rejected = 0
    rest = iter(items)
    while part := list(islice(rest, AT_ONCE)):
        results = server.send("listings/bulk", {"listings": part}).get("results")
        if not isinstance(results, list) or len(results) != len(part):
            raise Failure("The server did not say what became of each listing.", Exit.NO_ANSWER)
        for row in results:
            rejected += row.get("result") == "rejected"
            out_json(row) if as_json else out(*_line(row))
    return rejected


def _line(row: dict[str, Any]) -> tuple[Any, ...]:
    return row.get("id"), row.get("result"), "; ".join(map(str, row.get("reasons") or ()))
