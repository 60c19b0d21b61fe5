"""Judging rows one by one where nothing is written: what breaks costs itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import transaction
from django.db.models import Model

from portal.background.sweeping import database_is_gone

logger = logging.getLogger(__name__)


class Counts(Protocol):
    """Where rows that broke are counted."""

    broken: int


@contextmanager
def by_itself(row: Model, counts: Counts, *, where: str) -> Iterator[None]:
    """Judge one row: what breaks with it is counted, logged with `where`, and leaves it out."""
    try:
        with transaction.atomic():
            yield
    except Exception as error:
        if database_is_gone(error):
            raise
        logger.warning("%s %s is left out of %s", row._meta.verbose_name, row.pk, where, exc_info=error)
        counts.broken += 1
