"""How often each signal was right, counted from decisions, each with its evidence at that moment."""

import math
from typing import NamedTuple

from django.db import connection

from listings import past_removals
from listings.matching.rules import RULES
from listings.matching.rules.base import WEIGHTS
from listings.states import DecisionKind
from portal.database import acting

_UPHELD = [DecisionKind.REMOVED, DecisionKind.GEO_RESTRICTED]
_DROPPED = [DecisionKind.NOT_THE_PRODUCT, DecisionKind.APPEAL_GRANTED]
_COUNTED = """
WITH latest AS (
    SELECT DISTINCT ON (d.flag_id, d.evidence_digest) d.kind, d.signals
    FROM listings_decision d
    WHERE d.kind = ANY(%s)
      AND d.id NOT IN (SELECT o.overrides_id FROM listings_decision o WHERE o.overrides_id IS NOT NULL)
    ORDER BY d.flag_id, d.evidence_digest, d.id DESC
), counted AS (SELECT signals, kind, count(*) AS times FROM latest GROUP BY signals, kind)
SELECT signal, sum(times) FILTER (WHERE kind <> ALL(%s)), sum(times) FILTER (WHERE kind = ANY(%s))
FROM counted CROSS JOIN LATERAL jsonb_array_elements_text(signals) AS signal
GROUP BY signal
"""
"""Of a flag decided several times on the same evidence the last decision counts, and none that was overruled.

Counted for each set of signals first: there are few of them, and evidence itself is not read.
"""


class RulePrecision(NamedTuple):
    """`right` of `decided` flags: upheld ones for a signal for a match, dismissed ones for a signal against it.

    `low` and `high` bound the share at 95%. None: no decisions yet.
    """

    signal: str
    rule: str
    weight: float
    decided: int
    right: int
    share: float | None
    low: float | None
    high: float | None


def rule_precisions(*, everywhere: bool = False) -> list[RulePrecision]:
    """Every signal of the engine, in the order of its rules, then those of the platform's past: by the decisions that who
    acts can see, or by those of all regulators."""
    who = acting.SYSTEM if everywhere else acting.current()
    with acting.acting(who), connection.cursor() as cursor:
        cursor.execute(_COUNTED, [[*_UPHELD, *_DROPPED], _DROPPED, _DROPPED])
        counts = {signal: (int(kept or 0), int(dropped or 0)) for signal, kept, dropped in cursor.fetchall()}
    signals = [(signal, rule.name, WEIGHTS[signal]) for rule in RULES for signal in rule.signals]
    signals += [(signal, "history", weight) for signal, weight in past_removals.WEIGHTS.items()]
    found = []
    for signal, rule_name, weight in signals:
        kept, dropped = counts.get(signal, (0, 0))
        decided, right = kept + dropped, kept if weight > 0 else dropped
        low, high = wilson(right, decided) if decided else (None, None)
        share = right / decided if decided else None
        found.append(RulePrecision(signal, rule_name, weight, decided, right, share, low, high))
    return found


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95% score interval of a share (Wilson 1927); `of` is at least 1."""
    z, share = 1.96, right / of
    centre = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
