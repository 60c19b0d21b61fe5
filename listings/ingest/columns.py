"""Which column or key of a feed is which field of a listing."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from listings.ingest.outcome import Chosen, Report, Row
from listings.ingest.synonyms import IGNORED, QUALIFIERS, SYNONYMS

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOTHING = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREFIX = re.compile(r"^(?:g|c|p):")  # of Google Merchant, and of eBay's item specifics and product identifiers
MAX_SHOWN = 60
MAX_COLUMNS = 300
_QUALIFIED = 500  # added to a name's rank: the plain name takes precedence
NEEDED = ("external_id", "title")


def squeezed(name: str) -> str:
    """A column's name for comparison: without case, prefix, brackets, spaces and punctuation."""
    return _squeezed(name[:200])


@lru_cache(maxsize=4_096)
def _squeezed(name: str) -> str:
    plain = _PREFIX.sub("", unicodedata.normalize("NFKC", name).casefold().strip("\ufeff *"))
    return _NOTHING.sub("", _BRACKETS.sub("", plain)) or _NOTHING.sub("", plain)


KNOWN: dict[str, tuple[str, int]] = {}
for _field, _names in SYNONYMS.items():
    for _rank, _name in enumerate(_names):
        KNOWN.setdefault(squeezed(_name), (_field, _rank))
_BARE_FROM = 4  # letters of a name that is known without its accents as well, as many people type it
for _name, _found in list(KNOWN.items()):
    _bare = "".join(letter for letter in unicodedata.normalize("NFD", _name) if not unicodedata.combining(letter))
    if len(_bare) >= _BARE_FROM and _bare.isascii():
        KNOWN.setdefault(_bare, _found)


def known(name: str) -> tuple[str, int] | None:
    """The field that a column of this name has, and the name's rank; None if it is not known.

    A name that is not known as it is may be one with a qualifier: Nom de l'article, price EUR, title_en.
    """
    return KNOWN.get(squeezed(name)) or _qualified(name[:MAX_SHOWN])


@lru_cache(maxsize=4_096)
def _qualified(name: str) -> tuple[str, int] | None:
    apart = _CAMEL.sub(" ", unicodedata.normalize("NFKC", name)).casefold()
    words = _NOTHING.split(_PREFIX.sub("", _BRACKETS.sub("", apart)))
    core = [word for word in words if word and word not in QUALIFIERS]
    found = KNOWN.get(squeezed(" ".join(core))) if core and len(core) < len([word for word in words if word]) else None
    return (found[0], found[1] + _QUALIFIED) if found else None


class Plan(NamedTuple):
    """For each field the columns it comes from, best first; and the columns that are not used."""

    fields: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """Fields that every listing needs and no column gives."""
        return [field for field in NEEDED if field not in self.fields]


def plan_for(
    names: tuple[str, ...],
    preferred: Mapping[str, tuple[str, ...]] | None = None,
    ignored: frozenset[str] = frozenset(),
    chosen: Chosen = (),
) -> Plan:
    """How to read rows with these columns. `preferred`: per field, names that take precedence over the
    usual ones; `ignored`: squeezed names that mean something else here; `chosen` overrides all of this."""
    first = {
        squeezed(name): (field, rank - 1_000)
        for field, names in (preferred or {}).items()
        for rank, name in enumerate(names)
    }
    found: dict[str, list[tuple[int, str]]] = {}
    unused = []
    for name in names:
        plain = squeezed(name)
        field, rank = first.get(plain) or known(name) or ("", 0)
        if field and plain not in ignored:
            found.setdefault(field, []).append((rank, name))
        elif plain and name not in IGNORED:
            unused.append(name)
    ranked = {field: sorted(places, key=itemgetter(0)) for field, places in found.items()}
    usual = Plan({field: tuple(name for _, name in places) for field, places in ranked.items()}, tuple(unused))
    return _as_chosen(usual, names, chosen) if chosen else usual


def _as_chosen(usual: Plan, names: tuple[str, ...], chosen: Chosen) -> Plan:
    """The plan with each field from the column that a person chose, and no others.

    Where that is the column which is used anyway, those that stand in for it still do (GTINs in several columns).
    """
    taken = {column for _, column in chosen}
    fields = {}
    for field, column in chosen:
        usually = usual.fields.get(field, ())
        if usually and shown(usually[0]) == column:
            fields[field] = tuple(name for name in usually if shown(name) == column or shown(name) not in taken)
        elif places := tuple(name for name in names if shown(name) == column):
            fields[field] = places
    used = {name for places in fields.values() for name in places}
    return Plan(
        fields, tuple(name for name in names if name not in used and name not in IGNORED and shown(name).strip())
    )


def usual_plan(names: tuple[str, ...], chosen: Chosen = ()) -> Plan:
    """The plan for these columns in a plain file; cached, unless the header is huge."""
    if len(names) < 100 and sum(map(len, names)) < 5_000:
        return _cached(names, chosen)
    return plan_for(names, chosen=chosen)


@lru_cache(maxsize=512)
def _cached(names: tuple[str, ...], chosen: Chosen) -> Plan:
    return plan_for(names, chosen=chosen)


def picked(plan: Plan, row: Row) -> Row:
    """The row by field: of each field's columns the first with a value; GTINs from all of them."""
    out: Row = {}
    for field, names in plan.fields.items():
        for name in names:
            value = row.get(name)
            if value is None or value in ("", []):
                continue
            if field == "gtin":
                out.setdefault(field, []).extend(value if isinstance(value, list) else [value])
                continue
            out[field] = value
            break
    return out


def note_columns(report: Report, plan: Plan) -> None:
    """Add to the report which columns are used and which are not."""
    for field, names in plan.fields.items():
        known = report.used.setdefault(field, [])
        known += [name for name in map(shown, names) if name not in known and len(known) < 10]
    used = {name for names in report.used.values() for name in names}
    for name in map(shown, plan.unused):
        if name not in report.unused and name not in used and len(report.unused) < 200:
            report.unused.append(name)


def add_columns(report: Report, names: Iterable[str]) -> None:
    """Add names to the columns that the report lists, each once, as they may be shown."""
    for name in map(shown, names):
        if len(report.columns) >= MAX_COLUMNS:
            return
        if name.strip() and name not in report.columns and name not in IGNORED:
            report.columns.append(name)


def shown(name: Any) -> str:
    """A column's name as it may be shown: printable and short."""
    return "".join(letter for letter in str(name) if letter.isprintable())[:MAX_SHOWN]
