"""python -m benchmarks.incidents --recalls cpsc_recalls.json.gz: precision and recall of the leads to shared incidents.

`labelled.jsonl` has notices of Canada, the UK and the EU as facts (number, name, brand, models, day), with the notices of
other publishers that are about the same product, and near-misses. Each is searched for among all recalls of the CPSC file
and among each other: a lead that is not labelled as the same product is false; two pairs that nobody can tell from what
is published do not count. Canadian names are as far as they are
known: the words that both publishers' titles share, which makes these easier to find than they are.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from recalls.importers import registry
from recalls.importers.records import ImportedRecall
from recalls.linking import LinkIndex, NoticeReading, compare
from recalls.linking.notice import NoticeText, ProductText
from recalls.linking.published import notice_of

LABELLED = Path(__file__).parent / "labelled.jsonl"
JOINT = "Joint recall with Health Canada, the United States Consumer Product Safety Commission (US CPSC)"
PRECISION_WANTED = 0.95


@dataclass(frozen=True, slots=True)
class Result:
    found: int
    false: tuple[str, ...]
    missed: tuple[str, ...]
    near_misses: int
    near_misses_proposed: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + len(self.false))

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + len(self.missed))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def labelled() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]


def name_of(notice: NoticeText | dict[str, Any]) -> str:
    if isinstance(notice, NoticeText):
        return f"{notice.country}:{notice.number}"
    return f"{notice['country']}:{notice['number']}"


def notice_in(row: dict[str, Any]) -> NoticeText:
    brands = [brand.strip() for brand in row.get("brand", "").split(",")]
    models = tuple(row.get("models", ()))
    return NoticeText(
        number=row["number"],
        country=row["country"],
        products=tuple(ProductText(row["name"], brand, models) for brand in brands),
        title=row["name"],
        on=date.fromisoformat(row["on"]) if row.get("on") else None,
        is_update=row["country"] == "CA",
        joint=JOINT if row.get("joint") else "",
    )


def imported(recall: ImportedRecall) -> NoticeText:
    return notice_of(recall, number=recall.number, country="US", on=recall.recalled_on, products=recall.products)


def measure(index: LinkIndex[str], rows: list[dict[str, Any]]) -> Result:
    """Every lead of the labelled notices, once each, against their labels."""
    same = {frozenset((name_of(row), other)) for row in rows for other in row.get("same", ())}
    same = {pair for pair in same if all(name in index.readings for name in pair)}
    leads: set[frozenset[str]] = set()
    for row in rows:
        name = name_of(row)
        for other in index.candidates(name):
            if compare(index.readings[name], index.readings[other]).is_lead:
                leads.add(frozenset((name, other)))
    leads -= {frozenset((name_of(row), other)) for row in rows for other in row.get("unsure", ())}
    near = {frozenset((name_of(row), other)) for row in rows for other in row.get("other", ())}
    near = {pair for pair in near if all(name in index.readings for name in pair)}
    return Result(
        found=len(leads & same),
        false=_shown(leads - same),
        missed=_shown(same - leads),
        near_misses=len(near),
        near_misses_proposed=_shown(leads & near),
    )


def explained(index: LinkIndex[str], pair: str) -> str:
    one, other = (index.readings[name] for name in pair.split(" "))
    found = compare(one, other)
    said = "; ".join(f"{each.signal} {each.weight:+.1f} {','.join(each.values)}" for each in found.evidence)
    names = " | ".join(reading.notice.title[:90] for reading in (one, other))
    return f"  {pair} {found.score:.2f} {names}\n      {said}"


def _shown(pairs: set[frozenset[str]]) -> tuple[str, ...]:
    return tuple(sorted(" ".join(sorted(pair)) for pair in pairs))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recalls", type=Path, required=True, help="A recall file of CPSC, as published or packed.")
    parser.add_argument(
        "--verbose", action="store_true", help="Name each false and each missed pair with its evidence."
    )
    options = parser.parse_args()
    recalls = [row for row in registry.read(options.recalls.read_bytes()).rows if isinstance(row, ImportedRecall)]
    rows, started = labelled(), time.perf_counter()
    index: LinkIndex[str] = LinkIndex()
    for notice in [imported(recall) for recall in recalls] + [notice_in(row) for row in rows]:
        index.add(name_of(notice), notice.country, NoticeReading(notice))
    indexed = time.perf_counter() - started
    result = measure(index, rows)
    say(f"{len(recalls)} recalls and {len(rows)} labelled notices indexed in {indexed:.1f} s")
    say(f"labelled notices linked in {time.perf_counter() - started - indexed:.1f} s")
    say(f"precision {result.precision:.3f} ({result.found} right, {len(result.false)} wrong)")
    say(f"recall {result.recall:.3f} ({len(result.missed)} missed)")
    say(f"near-misses proposed: {len(result.near_misses_proposed)} of {result.near_misses}")
    if options.verbose:
        for title, pairs in (("wrong", result.false), ("missed", result.missed)):
            say(f"{title}:")
            say("\n".join(explained(index, pair) for pair in pairs))
    return 0 if result.precision >= PRECISION_WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
