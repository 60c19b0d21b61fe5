"""Figures that tell operators whether everything runs. Each app registers its own; metrics and health checks ask them all.

A figure is read from the database (or the broker) when somebody asks, so it is true after any crash and in any process.
No figure names an organisation, a person, or a case.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.database.acting import as_system

logger = logging.getLogger(__name__)
Values = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure, or one for each value of its labels.

    `read` returns values by the values of `labels`, in their order. `part` is the part of the system that is late where
    a value is above `limit` of its labels; a reading without a part decides nothing. `total`: it only ever grows.
    """

    name: str
    help: str
    read: Callable[[], Values]
    labels: tuple[str, ...] = ()
    part: str = ""
    limit: Callable[[tuple[str, ...]], float] = lambda _labels: 0.0
    total: bool = False


_READINGS: dict[str, Reading] = {}


def register(*readings: Reading) -> None:
    """Add readings of an app. Raises ValueError for a name that is taken. At start only."""
    for reading in readings:
        if reading.name in _READINGS:
            raise ValueError(f"There are two readings called {reading.name}.")
        _READINGS[reading.name] = reading


def readings() -> list[Reading]:
    """All that are registered, by name."""
    return [_READINGS[name] for name in sorted(_READINGS)]


def values_of(reading: Reading) -> Values | None:
    """What it reads at the moment; None where it cannot be read, which is logged and costs no other reading."""
    try:
        with as_system("numbers of the whole site"), transaction.atomic():
            return reading.read()
    except Exception:
        logger.exception("%s cannot be read", reading.name)
        return None


def one(value: float) -> Values:
    """The value of a reading without labels."""
    return {(): value}


def age(moment: datetime | None) -> float:
    """Seconds since `moment`, 0 where there is none or where it is yet to come."""
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0
