"""How often each rule was right, told from the decisions on the flags that carried it."""

import math
from typing import NamedTuple

from django.db import connection

from listings.matching.rules import RULES
from listings.matching.rules.base import WEIGHTS
from listings.states import CLAIMED, PROVED, FlagStatus

_COUNTED = """
SELECT item->>'signal', count(*) FILTER (WHERE f.status = ANY(%s)), count(*) FILTER (WHERE f.status = %s)
FROM listings_flag f CROSS JOIN LATERAL jsonb_array_elements(f.evidence) AS item
WHERE f.status = ANY(%s) OR f.status = %s
GROUP BY 1
"""


class RulePrecision(NamedTuple):
    """`right` of `decided` flags: upheld ones for a signal that speaks for a match, dismissed ones for one against.

    `low` and `high` bound the share at 95 %; None where nothing was decided yet.
    """

    signal: str
    rule: str
    weight: float
    decided: int
    right: int
    share: float | None
    low: float | None
    high: float | None


def rule_precisions() -> list[RulePrecision]:
    """Every signal of the engine, in the order of its rules."""
    upheld, dismissed = sorted(CLAIMED | PROVED), FlagStatus.DISMISSED
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [upheld, dismissed, upheld, dismissed])
        counts = {signal: (kept, dropped) for signal, kept, dropped in cursor.fetchall()}
    found = []
    for rule in RULES:
        for signal in rule.signals:
            kept, dropped = counts.get(signal, (0, 0))
            decided, right = kept + dropped, kept if WEIGHTS[signal] > 0 else dropped
            low, high = wilson(right, decided) if decided else (None, None)
            share = right / decided if decided else None
            found.append(RulePrecision(signal, rule.name, WEIGHTS[signal], decided, right, share, low, high))
    return found


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); `of` is at least 1."""
    z, share = 1.96, right / of
    centre = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
