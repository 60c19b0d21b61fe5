"""Storing listings through the API: as `offshelf report` does, and `offshelf match --report` with its hits."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import out, out_json
from offshelf_client.server import Server

AT_ONCE = 200  # listings in a request: with the longest descriptions it has about 5 MB


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
