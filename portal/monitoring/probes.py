"""Whether this process can answer pages, and whether the work behind them is done in time."""

from functools import lru_cache

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from portal.readings import Reading, readings, values_of

OK, LATE, DOWN = "ok", "late", "down"
KEPT = 5  # seconds for which an answer is kept, so that strangers who ask all the time cost nothing
_KEY = "health:work"


def web_state() -> dict[str, str]:
    """`database` and `migrations`: what this process needs to answer any page."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
            applied: set[tuple[str, str]] = set()
            if cursor.fetchone()[0]:
                cursor.execute("SELECT app, name FROM django_migrations")
                applied = set(cursor.fetchall())
    except DatabaseError:
        return {"database": DOWN, "migrations": DOWN}
    return {"database": OK, "migrations": OK if _shipped() <= applied else LATE}


@lru_cache(maxsize=1)
def _shipped() -> frozenset[tuple[str, str]]:
    """The migrations of this version. A database that has more of them is a newer version's, and good enough."""
    return frozenset(MigrationLoader(None).disk_migrations or ())


def work_state() -> dict[str, str]:
    """Every part that works in the background, and the database: `ok`, `late`, or `down` where it cannot be asked."""
    kept: dict[str, str] | None = cache.get(_KEY)
    if kept is None:
        kept = web_state()
        if kept["database"] == OK:
            kept |= _parts()
        cache.set(_KEY, kept, KEPT)
    return kept


def forget() -> None:
    """Ask again the next time."""
    cache.delete(_KEY)


def _parts() -> dict[str, str]:
    found: dict[str, str] = {}
    for reading in readings():
        if reading.part and found.get(reading.part, OK) == OK:
            found[reading.part] = _state_of(reading)
    return dict(sorted(found.items()))


def _state_of(reading: Reading) -> str:
    if (values := values_of(reading)) is None:
        return DOWN
    return LATE if any(value > reading.limit(labels) for labels, value in values.items()) else OK
