"""The weights of all rules, and how a rule states what it found."""

import json
from pathlib import Path

from listings.matching.texts import Evidence, Span

WEIGHTS: dict[str, float] = json.loads((Path(__file__).parent.parent / "weights.json").read_text(encoding="utf-8"))
CALIBRATION = WEIGHTS.pop("calibration")
"""Log-odds between a score and the share of such matches that is right (score.share_right)."""


def found(
    signal: str, detail: str, recall: Span | None = None, listing: Span | None = None, *, share: float = 1.0
) -> Evidence:
    """Evidence for `signal` with its weight from weights.json, times `share`."""
    return Evidence(signal, round(WEIGHTS[signal] * share, 3), recall, listing, detail)
