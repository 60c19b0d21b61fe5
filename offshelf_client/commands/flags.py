"""offshelf flags, offshelf decide."""

import argparse
from typing import Any
from urllib.parse import quote

from offshelf_client.account import saved_login
from offshelf_client.failures import Exit
from offshelf_client.printing import out, out_json
from offshelf_client.server import Server

KINDS = ("removed", "geo_restricted", "not_the_product", "ask_seller", "seller_answered", "escalate")
REASONS = ("other_model", "accessory", "other_brand", "not_affected", "remedied", "media", "other")
SCOPES = ("listing", "gtin", "seller_product")
STATUSES = (
    "open", "asked_seller", "referred", "second_asked", "claimed_removed", "claimed_restricted", "removed", "restricted",
    "dismissed", "withdrawn", "not_covered",
)  # fmt: skip


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = "List the flags of your listings, newest first: id, status, score, recall, deadline, listing, title."
    parser = commands.add_parser("flags", help="list the flags of your listings", description=about)
    parser.add_argument("--status", choices=STATUSES, help="only those with this status")
    parser.add_argument("--recall", metavar="NUMBER", help="only those of this recall")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, with the evidence")
    parser.set_defaults(run=run)
    about = (
        "Decide a flag. removed and geo_restricted are your word: checks must confirm them. not_the_product needs "
        "--reason; escalate and seller_answered need --note."
    )
    parser = commands.add_parser("decide", help="decide a flag", description=about)
    parser.add_argument("flag", type=int, metavar="FLAG", help="the flag's id, from offshelf flags")
    parser.add_argument("--kind", required=True, choices=KINDS, help="the decision: %(choices)s")
    parser.add_argument("--reason", choices=REASONS, help="why it is not the product: %(choices)s")
    parser.add_argument("--note", help="what a person should know")
    parser.add_argument("--remember", choices=SCOPES, help="for not_the_product: what is no longer flagged")
    parser.add_argument("--seller-hours", type=int, metavar="HOURS", help="for ask_seller: how long the seller has")
    parser.add_argument(
        "--seen",
        metavar="TOKEN",
        help="the `seen` of offshelf flags --json: the decision is refused if the flag has changed since. Without it, "
        "the flag is fetched now, and refused only if it changes in between",
    )
    parser.set_defaults(run=run_decide)


def run(options: argparse.Namespace) -> Exit:
    server = Server(saved_login(), seconds=options.timeout)
    wanted = {"status": options.status, "recall": options.recall}
    for row in server.rows("flags", **{name: value for name, value in wanted.items() if value}):
        out_json(row) if options.json else out(*line(row))
    return Exit.DONE


def run_decide(options: argparse.Namespace) -> Exit:
    server = Server(saved_login(), seconds=options.timeout)
    path = f"flags/{quote(str(options.flag), safe='')}"
    body = {
        "kind": options.kind,
        "reason": options.reason,
        "note": options.note,
        "remember": options.remember,
        "seller_hours": options.seller_hours,
        "seen": options.seen or str(server.get(path, fields="seen").get("seen", "")),
    }
    decided = server.send(f"{path}/decide", {name: value for name, value in body.items() if value is not None})
    out(*line(decided))
    return Exit.DONE


def line(row: dict[str, Any]) -> tuple[Any, ...]:
    """A flag in one line."""
    given = row.get("listing")
    listing = given if isinstance(given, dict) else {}
    known = (row.get("id"), row.get("status"), row.get("score"), row.get("recall_number"), row.get("due_at") or "-")
    return *known, listing.get("id"), listing.get("title")
