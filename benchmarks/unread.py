"""python -m benchmarks.unread --data D: how many of the listings that were made up before the rules were read are right.

They are in tests/listings/matching/unread_listings.jsonl, labelled by what a careful reader would say: `open` was worked
on, `sealed` was looked at once and its misses read then, `after` was made up after the last change of a rule. `open_2` and
`sealed_2` are of recalls that none of these has: one half was worked on, of the other only totals were looked at. `drawn_1`
and `drawn_2` are of 68 recalls drawn at random from all, each made up before an answer was looked at. A listing is right if its
recall is flagged, beside all recalls of the data, or for one that is none, not flagged.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.matching import engine

LISTINGS = Path(__file__).parents[1] / "tests" / "listings" / "matching" / "unread_listings.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unread", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with cpsc_recalls.json.gz")
    data: Path = parser.parse_args().data
    rows = [json.loads(line) for line in LISTINGS.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "matches.jsonl"
        engine(data / "cpsc_recalls.json.gz", output, LISTINGS)
        matches = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    flagged = {(match["listing_id"], match["recall_number"]) for match in matches if match["band"] == "flag"}
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        is_flagged, is_wanted = (row["id"], row["recall"]) in flagged, row["want"] == "flag"
        counted[row["half"], "all"] += 1
        counted[row["half"], "right"] += is_flagged == is_wanted
        counted[row["half"], "recalled"] += is_wanted
        counted[row["half"], "found"] += is_flagged and is_wanted
    for half in dict.fromkeys(row["half"] for row in rows):
        at = {name: counted[half, name] for name in ("right", "all", "found", "recalled")}
        sys.stdout.write("{half}: {right} of {all} right, {found} of {recalled} flagged\n".format(half=half, **at))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
