"""What a benchmark of partitions asks: statements of the product, as Django writes them but for columns that decide nothing."""

import itertools
import random
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from benchmarks.partition_tables import EVENTS, FLAGS, LISTINGS, month
from listings.matching import lookup_of
from listings.matching.settling import stored_keys

SEALED_AT_ONCE = 5_000  # events that verification reads in one statement
TEXTS_AT_ONCE = 500  # listings that a notice is compared with in one statement


class Question(NamedTuple):
    """A statement about a table, {t}. `named` is what would name the partition, at {named}; empty where it is named anyway,
    or cannot be. A lookup of keys has what they ask for at {sharing}, from its values. `prepared` is asked first,
    untimed, where `named` needs the moments that it gives."""

    name: str
    about: str
    sql: str
    values: Callable[[random.Random], dict[str, Any]]
    times: int
    named: str = ""
    prepared: str = ""


LOOKUP = "SELECT id FROM {t} WHERE present AND NOT match_due AND ({sharing})"
TEXTS = "SELECT id, title, description, brand, gtin, mpn FROM {t} WHERE id = ANY(%(ids)s){named}"
QUEUE = f"""SELECT f.id, f.due_at, l.title, l.seller FROM {FLAGS} f JOIN {{t}} l ON l.id = f.listing_id{{named}}
WHERE f.platform_id = %(platform)s AND f.status = 'open' ORDER BY f.due_at, f.id LIMIT 41"""  # noqa: S608
CATALOGUE = "SELECT id, title, seller FROM {{t}}{where} ORDER BY id DESC LIMIT 51"
LOG = "SELECT id, at, action, subject_label, after FROM {{t}}{where} ORDER BY id DESC LIMIT 51"
LOG_OF_DAYS = "SELECT id, at, action, subject_label, after FROM {{t}}{where} ORDER BY at DESC, id DESC LIMIT 51"
EVENTS_IN_ORDER = "SELECT * FROM {t} WHERE id = ANY(%(ids)s){named}"


def looked_up(keys: Collection[str]) -> dict[str, Any]:
    """What matching asks for the keys of a recall, and its values."""
    single, beside = lookup_of(keys)
    parts, values = ["keys && %(single)s::text[]"], {"single": stored_keys(single)}
    for number, (word, others) in enumerate(beside.items()):
        parts.append(f"keys @> %(word{number})s::text[] AND keys && %(others{number})s::text[]")
        values |= {f"word{number}": [word], f"others{number}": others}
    return {"sharing": " OR ".join(parts), **values}


def questions(keys: Sequence[Collection[str]], first: int, size: int, platforms: int, end: datetime) -> list[Question]:
    """All of them. `keys` of recalls take turns; `first`: where the rows begin that came last; `end`: when events end."""
    turns = itertools.cycle(keys)

    def nothing(_chance: random.Random) -> dict[str, Any]:
        return {}

    def recall(_chance: random.Random) -> dict[str, Any]:
        return looked_up(next(turns))

    def platform(chance: random.Random) -> dict[str, Any]:
        return {"platform": chance.randint(1, platforms)}

    def some_of_a_platform(chance: random.Random) -> dict[str, Any]:
        number, share = chance.randint(1, platforms), -(-(size - first) // platforms)
        begins = first + (number - 1) * share + 1
        return {"platform": number, "ids": [begins + chance.randrange(share) for _ in range(TEXTS_AT_ONCE)]}

    def stretch(chance: random.Random) -> dict[str, Any]:
        begins = chance.randint(1, size - SEALED_AT_ONCE)
        return {"ids": list(range(begins, begins + SEALED_AT_ONCE))}

    def subject(chance: random.Random) -> dict[str, Any]:
        return {"subject": str(chance.randrange(size // 6))}

    def week(chance: random.Random) -> dict[str, Any]:
        begins = month(0) + chance.random() * (end - month(0))
        return {"from": begins, "to": begins + timedelta(days=7)}

    of_platform, of_week = " WHERE platform_id = %(platform)s", " WHERE at >= %(from)s AND at < %(to)s"
    of_subject = " WHERE subject_type = 'listings.flag' AND subject_id = %(subject)s"
    of_organisation = " WHERE organisation_id = %(platform)s"
    return [
        Question(
            "new recall: its keys at one platform",
            LISTINGS,
            f"{LOOKUP} AND platform_id = %(platform)s",
            lambda chance: recall(chance) | platform(chance),
            200,
        ),
        Question("search for keys at every platform", LISTINGS, f"{LOOKUP} LIMIT 500", recall, 100),
        Question(
            "texts of 500 listings", LISTINGS, TEXTS, some_of_a_platform, 60, named=" AND platform_id = %(platform)s"
        ),
        Question("queue of a platform", LISTINGS, QUEUE, platform, 200, named=" AND l.platform_id = f.platform_id"),
        Question("catalogue of a platform", LISTINGS, CATALOGUE.format(where=of_platform), platform, 200),
        Question("catalogue of every platform", LISTINGS, CATALOGUE.format(where=""), nothing, 100),
        Question("audit log, newest page", EVENTS, LOG.format(where=""), nothing, 100),
        Question("audit log, a week", EVENTS, LOG_OF_DAYS.format(where=of_week), week, 100),
        Question("audit log, one object", EVENTS, LOG.format(where=of_subject), subject, 200),
        Question("audit log, one organisation", EVENTS, LOG.format(where=of_organisation), platform, 100),
        Question(
            "verification: 5,000 events in order",
            EVENTS,
            EVENTS_IN_ORDER,
            stretch,
            20,
            named=" AND at >= %(from)s AND at <= %(to)s",
            prepared="SELECT min(at), max(at) FROM {t} WHERE id = ANY(%(ids)s)",
        ),
    ]
