#!/usr/bin/env python
"""Draw the state machines in docs/enforcement.md from the tables that the code itself uses.

python -m portal.run servers -- .venv/bin/python scripts/draw_states.py           write the drawings again
… --check   only say whether they are up to date (exit status 1 where not)
"""

import argparse
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "enforcement.md"
MARK = re.compile(r"(<!-- states: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django  # noqa: E402  the path is set first

django.setup()

from enforcement import states as enforcement  # noqa: E402
from listings import states as listings  # noqa: E402
from portal.transition_tables import TransitionTable  # noqa: E402

TABLES: dict[str, TransitionTable] = {
    "takedown": enforcement.TAKEDOWN_TRANSITIONS,
    "flag": listings.FLAG_TRANSITIONS,
    "extension": enforcement.EXTENSION_TRANSITIONS,
    "appeal": enforcement.APPEAL_TRANSITIONS,
    "letter": enforcement.LETTER_TRANSITIONS,
    "public_listing": enforcement.PUBLIC_LISTING_TRANSITIONS,
}


def drawn(table: TransitionTable) -> str:
    """The table as a Mermaid state diagram; an arrow says what the audit calls the move."""
    lines = [f"    {move.source} --> {move.target}: {move.event.partition('.')[2].replace('_', ' ')}" for move in table]
    first = next(iter(table)).source
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *lines, "```", ""])


def with_drawings(text: str) -> str:
    """The page with every drawing made again. Raises KeyError for a name that has no table."""
    return MARK.sub(lambda found: f"{found[1]}{drawn(TABLES[found[2]])}{found[3]}", text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    fresh = with_drawings(text)
    if options.check:
        return int(fresh != text)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
