"""Judge recorded answers of shops from a file: python -m enforcement.rules.verdict --pages FILE.jsonl

Needs no database and no Django. Prints one JSON line for each row.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from enforcement.rules.verdict import Answer, judge

_TEXTS = ("url", "final_url", "html", "title", "listing_id")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m enforcement.rules.verdict",
        description="Decide for each recorded answer of a shop whether its listing is gone, live, restricted or unknown.",
        epilog="A row is a JSON object: id, status, url, final_url, headers, html, title, listing_id. A row that cannot be read "
        "gives a line with its id (or line number) and an error. Other rows are not affected.",
    )
    parser.add_argument("--pages", required=True, type=Path, help="the answers, one JSON object a line (UTF-8)")
    path = parser.parse_args(arguments).pages
    try:
        with path.open("rb") as lines:
            for row in judged(lines):
                sys.stdout.write(json.dumps(row, ensure_ascii=True) + "\n")
    except BrokenPipeError:
        sys.stderr.close()  # whoever reads the findings has enough of them
        return 0
    except OSError as error:
        parser.error(f"{path} cannot be read: {error.strerror}. Give a readable file with --pages.")
    return 0


def judged(lines: Any) -> Iterator[dict[str, Any]]:
    """One finding for each line that is not blank: id, verdict, rule and says, or id and error."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            name: Any = f"line {number}"
            try:
                row = json.loads(line)
                name = row["id"] if isinstance(row, dict) and "id" in row else name
                yield {"id": name, **_finding(row)}
            except Exception as error:
                yield {"id": name, "error": f"line {number}: {type(error).__name__}: {error}"[:300]}


def _finding(row: Any) -> dict[str, str]:
    if not isinstance(row, dict):
        raise TypeError("the row is not a JSON object")
    for key in _TEXTS:
        if not isinstance(row.get(key, ""), str):
            raise TypeError(f"{key} must be text, not {type(row[key]).__name__}")
    status = row.get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        raise TypeError("status must be a whole number")
    if not isinstance(headers := row.get("headers") or {}, dict):
        raise TypeError("headers must be an object")
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    url = row.get("url", "")
    answer = Answer(status, url, row.get("final_url") or url, named, row.get("html", ""))
    found = judge(answer, listing_id=row.get("listing_id", ""), title=row.get("title", ""))
    return {"verdict": found.verdict, "rule": found.rule, "says": found.detail}


if __name__ == "__main__":
    sys.exit(main())
