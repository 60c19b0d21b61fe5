"""A clock that the demo sets: what happens under it happens, for the whole product, at the time it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest import mock

from django.utils import timezone


class StagedClock:
    """A time that stands still until it is moved, and never moves back.

    The product asks for the time in one way, `django.utils.timezone.now()`, of which the defaults of model fields hold
    the function itself. The function looks up `datetime` in its own module at each call, so that is what is replaced.
    The database's clock, `time.monotonic()` and the sealing times of the audit log stay the real ones.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at

    def move_to(self, moment: datetime) -> None:
        """Show `moment` from now on. Raises ValueError for one that is earlier than what the clock shows."""
        if moment < self.at:
            raise ValueError(f"The clock shows {self.at}. It cannot be moved back to {moment}.")
        self.at = moment

    def timestamp(self) -> float:
        """What it shows, in seconds of Unix time."""
        return self.at.timestamp()

    @contextmanager
    def in_force(self) -> Iterator["StagedClock"]:
        """While it lasts, every thread of this process gets its time from this clock."""
        clock = self

        class Staged(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return clock.at.astimezone(tz)

        with mock.patch.object(timezone, "datetime", Staged):
            yield self
