"""The one list of what is deleted after some days. Each app registers its kinds (registration.py); nothing else prunes.

What is in no kind is kept for ever: the audit chain, decisions, messages, proofs of removal. A kind leaves out by its own
`rows` what an open case still needs; `protect` adds what an app further up knows of that.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Expression, F, Model, Q, QuerySet
from django.utils import timezone

from portal.database.acting import as_system
from portal.models import LegalHold, RetentionRule

MAX_DAYS = 36_500
Held = str | Callable[[Collection[int]], Q]
"""How rows belong to a held object: the path to its key, or a condition made of the held objects' keys."""
Holds = Mapping[str, frozenset[int]]
"""Kind of object → the keys of those under a legal hold."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data. `title` and `detail` are for the page, marked for translation; `detail` is one sentence: what goes.

    Rows of `rows()` go when `since`, a field, is `days` back, an operator may choose no fewer than `min_days`. `dated` rows
    carry in `since` the moment at which they end, which was set with `days` in mind. `held` says how rows belong to what
    can be held. `erase` deletes the rows it is given, in the transaction of the audit event that tells of it; a file goes
    by `transaction.on_commit`. `stated` is what the event's digest covers of a row. `size` is an expression (bytes),
    `file` the name of a file field; rows with files are taken one by one.
    """

    name: str
    title: str
    detail: str
    days: int
    min_days: int
    since: str
    rows: Callable[[], QuerySet[Any]]
    erase: Callable[[Sequence[Any]], object]
    held: Mapping[str, Held]
    stated: Callable[[Any], str] = lambda row: str(row.pk)
    size: Expression | F | None = None
    file: str = ""
    dated: bool = False

    @property
    def sweep(self) -> str:
        return f"retention of {self.name}"

    def old(self, *, days: int, now: datetime | None = None) -> QuerySet[Any]:
        """The rows whose days are over, held or not."""
        now = now or timezone.now()
        before = now if self.dated else now - timedelta(days=days)
        found = self.rows().filter(**{f"{self.since}__lte": before})
        for condition in _PROTECTED.get(self.name, ()):
            found = found.exclude(condition())
        return found

    def under(self, holds: Holds) -> Q:
        """The condition of being held."""
        found = Q(pk__in=[])
        for path, held in [*self.held.items(), *_ALSO_HELD.get(self.name, ())]:
            if keys := holds.get(path):
                found |= held(keys) if callable(held) else Q(**{f"{held}__in": keys})
        return found


@dataclass(frozen=True, slots=True)
class Holdable:
    """A kind of object that can be held: what pages call it, and by which field a person names one."""

    label: str
    title: str
    lookup: str


KINDS: dict[str, Kind] = {}
HOLDABLE: dict[str, Holdable] = {}
_PROTECTED: dict[str, list[Callable[[], Q]]] = {}
_ALSO_HELD: dict[str, list[tuple[str, Held]]] = {}


def register(*kinds: Kind) -> None:
    """Add kinds of an app. Raises ValueError for a name that is taken, or a default below its own minimum."""
    for kind in kinds:
        if kind.name in KINDS or kind.days < kind.min_days:
            raise ValueError(f"The retention of {kind.name} is registered twice, or shorter than its minimum.")
        KINDS[kind.name] = kind


def register_holdable(*found: Holdable) -> None:
    """Add kinds of objects of an app that can be put under a legal hold."""
    HOLDABLE.update({each.label: each for each in found})


def protect(
    name: str, condition: Callable[[], Q] | None = None, *, also_held: Mapping[str, Held] | None = None
) -> None:
    """Keep the rows of a kind for which `condition` holds, whatever their age, and hold further ones by `also_held`."""
    if condition is not None:
        _PROTECTED.setdefault(name, []).append(condition)
    _ALSO_HELD.setdefault(name, []).extend((also_held or {}).items())


def days_of(name: str) -> int:
    """For how many days a kind is kept at present."""
    return chosen_days()[name]


def chosen_days() -> dict[str, int]:
    """For how many days each kind is kept at present: what an operator chose, or its default; never below its minimum."""
    rules = RetentionRule.objects.values_list("kind", "days")
    chosen = {name: days for name, days in rules if days is not None}
    return {name: max(chosen.get(name, kind.days), kind.min_days) for name, kind in KINDS.items()}


def holds_now() -> dict[str, frozenset[int]]:
    """What is under a legal hold at this moment."""
    found: dict[str, set[int]] = {}
    for label, key in LegalHold.objects.filter(released_at=None).values_list("subject_type", "subject_id"):
        found.setdefault(label, set()).add(key)
    return {label: frozenset(keys) for label, keys in found.items()}


@as_system("a hold keeps what it names, whoever may see the hold")
def is_held(row: Model) -> bool:
    return row.pk in holds_now().get(row._meta.label_lower, ())
