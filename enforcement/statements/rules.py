"""What the DSA Transparency Database takes: names, values and limits of a statement of reasons, and where one breaks them.

As its own API states them (github.com/digital-services-act/transparency-database, version of June 2026:
StatementStoreRequest, Statement, EuropeanCountriesService, StatementMultipleAPIController). Of its categories and keywords
those about products are here, of its fields those about the visibility of content: a removal has no others.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

MAX_IN_BATCH = 100
SHORT, EXPLANATION, FACTS = 500, 2_000, 5_000  # characters

COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""The European Economic Area, as ISO 3166-1 names its members."""

VISIBILITIES = frozenset(
    f"DECISION_VISIBILITY_{each}"
    for each in (
        "CONTENT_REMOVED", "CONTENT_DISABLED", "CONTENT_DEMOTED", "CONTENT_AGE_RESTRICTED",
        "CONTENT_INTERACTION_RESTRICTED", "CONTENT_LABELLED", "OTHER",
    )
)  # fmt: skip
GROUNDS = frozenset({"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"})
CONTENT_TYPES = frozenset(
    f"CONTENT_TYPE_{each}" for each in ("APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER")
)
SOURCES = frozenset(
    {"SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"}
)
AUTOMATED_DECISIONS = frozenset(f"AUTOMATED_DECISION_{each}" for each in ("FULLY", "PARTIALLY", "NOT_AUTOMATED"))
PRODUCT_CATEGORY = "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS"
KEYWORDS = frozenset({"KEYWORD_UNSAFE_PRODUCTS", "KEYWORD_PROHIBITED_PRODUCTS", "KEYWORD_DANGEROUS_TOYS"})
"""The keywords about products; the database has more, for other content."""

_PUID = re.compile(r"[a-zA-Z0-9_-]+", re.ASCII)
_EAN_13 = re.compile(r"[0-9]{13}", re.ASCII)
_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LAST_DAY = date(2038, 1, 1)

Rule = Callable[[Any], str]


def problems(statement: Mapping[str, Any]) -> list[str]:
    """What the database would refuse, a sentence each that begins with the field; empty where it takes the statement."""
    found = [f"{name}: the database has no such field here" for name in sorted(statement.keys() - _RULES.keys())]
    found += [f"{name}: is required" for name in _REQUIRED if statement.get(name) in (None, "", [])]
    for name, rule in _RULES.items():
        if statement.get(name) not in (None, "", []) and (problem := rule(statement[name])):
            found.append(f"{name}: {problem}")
    return [*found, *_depending(statement)]


def _depending(statement: Mapping[str, Any]) -> list[str]:
    """Fields that another field's value asks for, or leaves no place for."""
    needs = {
        "decision_visibility_other": "DECISION_VISIBILITY_OTHER" in (statement.get("decision_visibility") or ()),
        "content_type_other": "CONTENT_TYPE_OTHER" in (statement.get("content_type") or ()),
    }
    illegal = statement.get("decision_ground") == "DECISION_GROUND_ILLEGAL_CONTENT"
    incompatible = statement.get("decision_ground") == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    needs |= dict.fromkeys(("illegal_content_legal_ground", "illegal_content_explanation"), illegal)
    needs |= dict.fromkeys(("incompatible_content_ground", "incompatible_content_explanation"), incompatible)
    found = [f"{name}: is required here" for name, needed in needs.items() if needed and not statement.get(name)]
    found += [f"{name}: is dropped here" for name, needed in needs.items() if not needed and statement.get(name)]
    if not incompatible and statement.get("incompatible_content_illegal"):
        found.append("incompatible_content_illegal: is dropped here")
    if statement.get("source_type") == "SOURCE_VOLUNTARY" and statement.get("source_identity"):
        found.append("source_identity: is dropped where no one else was the source")
    return found


def _text(most: int) -> Rule:
    def rule(value: Any) -> str:
        if not isinstance(value, str):
            return "is not text"
        return f"has {len(value):,} characters, at most {most:,}" if len(value) > most else ""

    return rule


def _one_of(values: frozenset[str]) -> Rule:
    return lambda value: "" if isinstance(value, str) and value in values else f"{value!r} is not one of its values"


def _some_of(values: frozenset[str]) -> Rule:
    def rule(value: Any) -> str:
        if not isinstance(value, list):
            return "is not a list"
        wrong = [each for each in value if not (isinstance(each, str) and each in values)]
        return f"{wrong[0]!r} is not one of its values" if wrong else ""

    return rule


def _day(first: date) -> Rule:
    def rule(value: Any) -> str:
        if not (isinstance(value, str) and _DAY.fullmatch(value)):
            return "is not a day like 2026-03-02"
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return f"{value} is no day of the calendar"
        return "" if first <= day <= _LAST_DAY else f"{value} is not from {first} to {_LAST_DAY}"

    return rule


def _puid(value: Any) -> str:
    if not (isinstance(value, str) and _PUID.fullmatch(value)):
        return "has other characters than a-z, A-Z, 0-9, - and _"
    return _text(SHORT)(value)


def _url(value: Any) -> str:
    if not (isinstance(value, str) and _URL.fullmatch(value)):
        return "is not a web address"
    return _text(SHORT)(value)


def _content_id(value: Any) -> str:
    if not isinstance(value, dict) or value.keys() - {"EAN-13"}:
        return "names an EAN-13 and nothing else"
    return "" if _EAN_13.fullmatch(str(value.get("EAN-13", ""))) else "its EAN-13 does not have 13 digits"


_RULES: dict[str, Rule] = {
    "puid": _puid,
    "decision_visibility": _some_of(VISIBILITIES),
    "decision_visibility_other": _text(SHORT),
    "decision_ground": _one_of(GROUNDS),
    "decision_ground_reference_url": _url,
    "illegal_content_legal_ground": _text(SHORT),
    "illegal_content_explanation": _text(EXPLANATION),
    "incompatible_content_ground": _text(SHORT),
    "incompatible_content_explanation": _text(EXPLANATION),
    "incompatible_content_illegal": _one_of(frozenset({"Yes", "No"})),
    "category": _one_of(frozenset({PRODUCT_CATEGORY})),
    "category_specification": _some_of(KEYWORDS),
    "content_type": _some_of(CONTENT_TYPES),
    "content_type_other": _text(SHORT),
    "content_id": _content_id,
    "content_date": _day(date(2000, 1, 1)),
    "application_date": _day(date(2020, 1, 1)),
    "territorial_scope": _some_of(COUNTRIES),
    "decision_facts": _text(FACTS),
    "source_type": _one_of(SOURCES),
    "source_identity": _text(SHORT),
    "automated_detection": _one_of(frozenset({"Yes", "No"})),
    "automated_decision": _one_of(AUTOMATED_DECISIONS),
}
# Of the four kinds of decision a removal is one about visibility: the database asks for at least one of them.
_REQUIRED = (
    "puid", "decision_visibility", "decision_ground", "category", "content_type", "content_date", "application_date",
    "decision_facts", "source_type", "automated_detection", "automated_decision",
)  # fmt: skip
