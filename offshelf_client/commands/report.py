"""offshelf report."""

import argparse

from offshelf_client.account import saved_login
from offshelf_client.failures import Exit
from offshelf_client.server import Server
from offshelf_client.storing import store


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
