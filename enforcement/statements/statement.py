"""One removal as a statement of reasons: pure, from facts that are public or the platform's own, and of no person.

No seller, no moderator, no note, no title and no address of a listing goes in: a statement is published for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from enforcement.statements.rules import COUNTRIES, EXPLANATION, FACTS, PRODUCT_CATEGORY, SHORT
from portal.gtin import checked_gtin

CUT = "…"
MAX_SIGNALS = 10
GPSR = "Regulation (EU) 2023/988 on general product safety, Articles 22 and 35"


@dataclass(frozen=True, slots=True)
class Removal:
    """What is known about a final decision to take a listing off sale, or off sale in `restricted_in` alone.

    `removal` and `flag` are the numbers of the decision and its flag. `by_person` says whether a person decided on a page.
    `signals` are, in words, what speaks for the match.
    """

    flag: int
    removal: int
    decided_at: datetime
    by_person: bool
    restricted_in: str
    listed_at: datetime
    gtins: Sequence[str]
    notified_at: datetime
    regulator: str
    regulator_country: str
    recall: str
    title: str
    hazard: str
    url: str
    signals: Sequence[str]


def statement_of(removal: Removal) -> dict[str, Any]:
    """The statement, in the names and values of the Transparency Database; the same facts give the same statement.

    A decision has one PUID, whenever it is exported: the database refuses a second statement with it. A flag that was
    reopened and decided again is a decision of its own. `content_date` is the day on which the listing was first seen
    here, or the day of the decision where that is earlier.
    """
    statement: dict[str, Any] = {
        "puid": f"offshelf-{removal.flag}-{removal.removal}",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": _clipped(_legal_ground(removal), SHORT),
        "illegal_content_explanation": _clipped(_explanation(removal), EXPLANATION),
        "category": PRODUCT_CATEGORY,
        "category_specification": ["KEYWORD_UNSAFE_PRODUCTS"],
        "content_type": ["CONTENT_TYPE_PRODUCT"],
        "content_date": _day(min(removal.listed_at, removal.decided_at)),
        "application_date": _day(removal.decided_at),
        "decision_facts": _clipped(_facts(removal), FACTS),
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
        "source_identity": _clipped(removal.regulator, SHORT),
        "automated_detection": "Yes",
        "automated_decision": (
            "AUTOMATED_DECISION_NOT_AUTOMATED" if removal.by_person else "AUTOMATED_DECISION_PARTIALLY"
        ),
    }
    if removal.restricted_in:
        statement["decision_visibility"] = ["DECISION_VISIBILITY_CONTENT_DISABLED"]
        statement["territorial_scope"] = [removal.restricted_in]
    if ean := _ean_13(removal.gtins):
        statement["content_id"] = {"EAN-13": ean}
    if removal.url and len(removal.url) <= SHORT:
        statement["decision_ground_reference_url"] = removal.url
    return statement


def _legal_ground(removal: Removal) -> str:
    recall = f"Product recall {removal.recall} of {removal.regulator}"
    return f"{GPSR}; {recall}" if removal.regulator_country in COUNTRIES else recall


def _explanation(removal: Removal) -> str:
    said = f"The listing offered a product that {removal.regulator} has recalled: {removal.title}."
    return f"{said} Hazard: {removal.hazard}" if removal.hazard else said


def _facts(removal: Removal) -> str:
    facts = [
        f"{removal.regulator} notified the platform of recall {removal.recall} on {_day(removal.notified_at)}.",
        "The platform's catalogue was compared with the recall by automated means, and the listing matched.",
    ]
    if removal.signals:
        facts.append(f"What speaks for the match: {'; '.join(removal.signals[:MAX_SIGNALS])}.")
    how = (
        "A person reviewed it" if removal.by_person else "The platform reviewed it and answered through its own system"
    )
    what = f"access to it was disabled in {removal.restricted_in}" if removal.restricted_in else "it was removed"
    return " ".join([*facts, f"{how}, and {what} on {_day(removal.decided_at)}."])


def _ean_13(gtins: Sequence[str]) -> str:
    """The only code of the listing, where it is an EAN-13 or UPC-A with a right check digit; empty otherwise."""
    codes = {
        checked_gtin(code) if code.isascii() and code.isdigit() else None for code in map(str.strip, gtins) if code
    }
    code = codes.pop() if len(codes) == 1 else None
    is_thirteen = code is not None and code.startswith("0") and not code.startswith("000000")
    return code[1:] if code is not None and is_thirteen else ""


def _day(moment: datetime) -> str:
    """In UTC, so that it does not depend on who exports."""
    return moment.astimezone(UTC).date().isoformat()


def _clipped(text: str, most: int) -> str:
    """On one line, without control characters, with what is too long cut at its end."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= most else line[: most - len(CUT)] + CUT
