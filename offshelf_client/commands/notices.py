"""offshelf notices."""

import argparse
from typing import Any

from offshelf_client.account import saved_login
from offshelf_client.failures import Exit
from offshelf_client.printing import out, out_json
from offshelf_client.server import Server


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "notices",
        help="list the notices sent to you",
        description="List the notices sent to you, newest first: id, recall, priority, status, when it was sent, title.",
    )
    parser.add_argument("--all", action="store_true", help="also notices that were withdrawn")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, with everything the API says")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    server = Server(saved_login(), seconds=options.timeout)
    for row in server.rows("notices", **({} if options.all else {"status": "active"})):
        out_json(row) if options.json else out(*line(row))
    return Exit.DONE


def line(row: dict[str, Any]) -> tuple[Any, ...]:
    """A notice in one line."""
    recall = row.get("recall")
    title = recall.get("title", "") if isinstance(recall, dict) else ""
    return row.get("id"), row.get("recall_number"), row.get("priority"), row.get("status"), row.get("sent_at"), title
