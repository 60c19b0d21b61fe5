"""What became of the listings under a recall at one platform, as the apps above count it for the other regulators of an
incident: counts and moments, and nothing of any listing, seller or message."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Removals:
    """`found` listings in all; `removed` by the platform and `found_gone` without a word of it, both confirmed by checks; the
    rest is not confirmed gone: `seen_online` by the last check, or `open` otherwise."""

    recall_id: int
    platform: str
    found: int = 0
    removed: int = 0
    found_gone: int = 0
    seen_online: int = 0
    open: int = 0
    first_found_at: datetime | None = None
    last_gone_at: datetime | None = None
