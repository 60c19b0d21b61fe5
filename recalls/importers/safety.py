"""What regulators record of a recall beside its text: vocabularies, measures, businesses, and how tables write them.

The vocabularies follow the UK's product safety database (risk levels, corrective actions, roles of businesses), with the
EU's four levels of injury (Safety Gate's risk assessment guideline) and "fatal" for the worst of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MAX_MEASURES, MAX_BUSINESSES, MAX_TRADE_NAMES = 50, 50, 20
MAX_COUNT = 10_000_000  # incidents, injuries and deaths
MAX_LINE = 500  # characters of one value of a measure or a business
MAX_COUNTRY = 80

RISK_LEVELS = ("serious", "high", "medium", "low")
"""Worst first; a level that is not stated is empty."""
SEVERITIES = ("fatal", "serious", "moderate", "minor", "none")
MEASURES = (
    "stop_sale", "withdrawal", "recall", "listing_removal", "repair", "replacement", "refund", "destruction", "warning",
    "marking", "modification", "marketing_ban", "import_rejected", "other",
)  # fmt: skip
BASES = ("voluntary", "ordered")
ROLES = (
    "manufacturer", "importer", "distributor", "seller", "authorised_representative", "fulfilment_service", "marketplace",
)  # fmt: skip

NAMES = (
    "risk_level", "incidents", "injuries", "deaths", "worst_severity", "injury_details", "measures", "businesses",
)  # fmt: skip
"""The fields of a version that this module is about, in the order of pages."""
COUNTS = ("incidents", "injuries", "deaths")


class NotInVocabulary(ValueError):
    """A cell says something that its column has no word for; the message says which words there are."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One corrective measure: who orders or takes it, whether it is voluntary or ordered, and the day (ISO 8601) from
    which it holds. What is not stated is empty."""

    kind: str
    by: str = ""
    basis: str = ""
    since: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Business:
    """One business and its role in the supply of the product."""

    role: str
    name: str
    address: str = ""
    country: str = ""
    trade_names: tuple[str, ...] = ()


def measure_cell(measures: tuple[Measure, ...]) -> str:
    """Measures as one cell: one a line, as "kind | by | basis | since | details"."""
    return "\n".join(_row(each.kind, each.by, each.basis, each.since, each.details) for each in measures)


def business_cell(businesses: tuple[Business, ...]) -> str:
    """Businesses as one cell: one a line, as "role | name | address | country | trade name | trade name …"."""
    return "\n".join(_row(each.role, each.name, each.address, each.country, *each.trade_names) for each in businesses)


def measures_in(cell: str) -> tuple[Measure, ...]:
    """What `measure_cell` wrote, or a person: empty values and those at the end can be left out, and a line of words alone is
    read as a publisher's. Raises NotInVocabulary for values between strokes that are not known."""
    found = []
    for number, values in _rows(cell, MAX_MEASURES):
        if len(values) == 1 and "_".join(_plain(values[0]).split()) not in MEASURES:
            found.append(published_measure(values[0]))
            continue
        kind, by, basis, since, details = _filled(values, 5, number, "kind | by | basis | since | details")
        found.append(
            Measure(
                _word(kind, MEASURES, f"measure {number}"),
                by,
                _word(basis, ("", *BASES), f"measure {number}"),
                _day(since, number),
                details,
            )
        )
    return tuple(dict.fromkeys(found))


def businesses_in(cell: str) -> tuple[Business, ...]:
    """What `business_cell` wrote, or a person. Raises NotInVocabulary."""
    found = []
    for number, values in _rows(cell, MAX_BUSINESSES):
        role, name, address, country, *trade_names = [*values, "", "", ""]
        if not name:
            raise NotInVocabulary(f"business {number} has no name: write it like role | name | address | country")
        if len(country) > MAX_COUNTRY:
            raise NotInVocabulary(
                f"the country of business {number} has more than {MAX_COUNTRY} characters: shorten it"
            )
        names = tuple(dict.fromkeys(each for each in trade_names if each))[:MAX_TRADE_NAMES]
        found.append(Business(_word(role, ROLES, f"business {number}"), name, address, country, names))
    return tuple(dict.fromkeys(found))


def count_in(cell: str) -> int | None:
    """A number of incidents, injuries or deaths; None where the cell is empty or says it in words: unknown is not zero."""
    text = cell.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,8}", text) and int(text) <= MAX_COUNT else None


def word_in(cell: str, words: tuple[str, ...], name: str) -> str:
    """A word of a vocabulary, however it is written: "Removal of listing" is none, "Listing removal" is. Empty stays empty."""
    return _word(cell, ("", *words), name)


def contradiction(deaths: int | None, worst_severity: str) -> str:
    """What contradicts itself: "deaths" of which none is fatal, or "fatal" without a death. Empty where nothing does."""
    if deaths and worst_severity not in {"", "fatal"}:
        return "deaths"
    return "fatal" if deaths == 0 and worst_severity == "fatal" else ""


def risk_level_in(text: str) -> str:
    """The level of the vocabulary that a publisher's words name, as "Serious risk" or "High"; empty where they name none,
    as "Other risk level" does: no level is guessed."""
    plain = re.sub(r"\s+risk$", "", _plain(text))
    return plain if plain in RISK_LEVELS else ""


_MEASURE_WORDS = (
    ("listing_removal", r"removal of (?:the |this )?(?:product )?listing"),
    ("import_rejected", r"import (?:of the product )?rejected"),
    ("recall", r"recall of (?:the )?product from (?:end[ -]users|consumers)"),
    ("withdrawal", r"withdrawal of (?:the )?product from (?:the )?market"),
    ("destruction", r"destruction of (?:the )?product"),
    ("warning", r"warning (?:of )?consumers"),
    ("marking", r"marking (?:of )?(?:the )?product with"),
    ("modification", r"modification programme"),
    ("stop_sale", r"temporary ban on (?:the )?supply"),
    ("marketing_ban", r"ban on (?:the )?marketing"),
)


def measure_kind(text: str) -> str:
    """The kind of measure that a publisher's words name; empty where the words name none or are not known."""
    plain = _plain(text)
    return next((kind for kind, pattern in _MEASURE_WORDS if re.match(pattern, plain)), "")


def stated(
    *, risk_level: str = "", measures: Iterable[Measure] = (), injury_details: str = ""
) -> dict[str, str | tuple[Measure, ...]]:
    """What a publisher says of these fields; those that it does not speak about are left out."""
    found: dict[str, str | tuple[Measure, ...]] = {
        "risk_level": risk_level_in(risk_level),
        "measures": tuple(dict.fromkeys(measures))[:MAX_MEASURES],
        "injury_details": injury_details,
    }
    return {name: value for name, value in found.items() if value}


def published_measure(words: str, **more: str) -> Measure:
    """A measure in a publisher's words, which stay as its details where no kind of ours is meant."""
    kind = measure_kind(words)
    return Measure(kind or "other", details="" if kind else one_line(words)[:MAX_LINE], **more)


def is_day(text: str) -> bool:
    """Whether a text is a day as ISO 8601 writes it, like 2025-06-26."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _word(text: str, words: tuple[str, ...], name: str) -> str:
    word = "_".join(_plain(text).split())
    if word in words:
        return word
    listed = ", ".join(each.replace("_", " ") for each in words if each)
    raise NotInVocabulary(f"{name}: {text[:40]!r} is not known: write one of {listed}")


def _day(text: str, number: int) -> str:
    if text and not is_day(text):
        raise NotInVocabulary(f"measure {number}: {text[:40]!r} is not a date: write it like 2025-06-26")
    return text


def _row(*values: str) -> str:
    """Values in one line. A stroke or a backslash in a value has a backslash ahead; empty values at the end are left out."""
    kept = [re.sub(r"([\\|])", r"\\\1", value) for value in values]
    while kept and not kept[-1]:
        kept.pop()
    return " | ".join(kept)


def _rows(cell: str, most: int) -> list[tuple[int, list[str]]]:
    lines = [line for line in re.split(r"[\r\n]+", cell) if line.strip()]
    if len(lines) > most:
        raise NotInVocabulary(f"there are {len(lines):,} lines, and {most} is the maximum: keep the most important")
    return [(number, _values(line, number)) for number, line in enumerate(lines, 1)]


def _values(line: str, number: int) -> list[str]:
    parts = re.findall(r"((?:\\.|[^\\|])*)(?:\||$)", line.strip())
    values = [one_line(re.sub(r"\\(.)", r"\1", part)) for part in parts[:-1] or parts]
    if too_long := next((value for value in values if len(value) > MAX_LINE), ""):
        raise NotInVocabulary(f"line {number}: {too_long[:40]!r}… has more than {MAX_LINE} characters: shorten it")
    return values


def _filled(values: list[str], width: int, number: int, form: str) -> list[str]:
    if len(values) > width:
        raise NotInVocabulary(
            f"line {number} has {len(values)} values, and {width} is the maximum: write it like {form}"
        )
    return [*values, *[""] * (width - len(values))]
