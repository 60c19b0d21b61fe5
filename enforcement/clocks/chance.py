"""By how much the time of a check is moved at random, so that nobody can be ready for it."""

import random

from django.conf import settings

_CHANCE = random.SystemRandom()


def chance() -> float:
    """The share of a wait by which one check is moved, from 0 to CHECK_JITTER percent; nobody can foretell it."""
    return _CHANCE.uniform(0, settings.CHECK_JITTER / 100)
