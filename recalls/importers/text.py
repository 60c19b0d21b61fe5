"""Text as publishers write it, cleaned: entities, mojibake, control characters, HTML, placeholders."""

import html
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import ftfy
from selectolax.lexbor import LexborHTMLParser

MAX_DEPTH = 60  # levels of a record; real ones have fewer than ten
SHOWN = 2000  # characters of a record that a reject keeps
READ = 50_000  # characters of a text in which codes are looked for; the longest real one has 20,000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MOJIBAKE = re.compile("[ÃÂâ€ð]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_LONG_GAP = re.compile(r"\s{3,}")
_TAG = re.compile(r"<[A-Za-z/!][^<>]*>")
_NONE = re.compile(
    r"(?:none|no ?ne|n/?\.?a\.?|nil|null|unknown|not (?:known|provided|applicable|available|specified|stated)|unbranded|no brand"
    r"|no name|without brand|various(?: brands)?|other|generic|-+|\?+|\.+|/+|x+|nincs|nem ismert|ismeretlen|sans marque"
    r"|sans|aucune?|inconnue?|non (?:concern[ée]+|renseign[ée]+|communiqu[ée]+)|keine?(?: angabe)?|unbekannt|ohne(?: marke)?"
    r"|ninguna|sin marca|desconocid[oa]|nessuna?|senza marca|sconosciut[oa]|geen|onbekend|merkloos|brak|nieznan[ay]|bez marki"
    r"|neznám[áý]|bez značky|ingen|ukendt|okänd|ei ole|tuntematon|nezināms|nežinoma|teadmata|nav|nėra|puudub|žiadna|nepoznat[ao]?)",
    re.IGNORECASE,
)


class TooDeep(ValueError):
    """A record has more levels than any recall has."""


def clean(value: Any) -> str:
    """Text decoded correctly, once: entities (also twice escaped), mojibake, control characters, lone surrogates."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    text = str(value)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if _LONE_SURROGATE.search(text):
        text = _LONE_SURROGATE.sub("\ufffd", text)
    if _MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def line(value: Any) -> str:
    """`clean`, on one line."""
    return " ".join(clean(value).split())


def readable(text: str) -> str:
    """A text as codes, lots and dates are looked for in it: no longer than any notice, and no gap longer than a paragraph's.

    What is looked for has optional blanks between its words, so a thousand line ends in a row would take minutes.
    """
    return _LONG_GAP.sub(lambda gap: "\n\n" if "\n" in gap[0] else "  ", text[:READ])


def plain(value: Any) -> str:
    """`clean`, without HTML tags; blocks and list items are on separate lines."""
    text = clean(value)
    if not _TAG.search(text):
        return text
    text = re.sub(r"(?i)<(?:br|/p|/div|/li|/tr|/h[1-6]|/ul|/ol)\b[^<>]*>", "\n", text)
    body = LexborHTMLParser(text).body
    shown = body.text() if body is not None else ""
    return "\n".join(part for row in shown.splitlines() if (part := " ".join(row.split())))


def is_none(value: str) -> bool:
    """Whether a publisher's value only means "none": "nincs", "sans marque", "n/a"."""
    return not value.strip() or _NONE.fullmatch(value.strip().strip('"“”')) is not None


def brand(value: Any) -> str:
    """A brand unchanged; empty if the publisher says that there is none."""
    text = line(value).strip(' "“”')
    return "" if is_none(text) else text[:200]


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def address(value: Any) -> str:
    text = clean(value)
    return text if len(text) <= 1000 and re.match(r"https?://[^\s<>\"]+$", text) else ""


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; a single object in place of a list counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def part(record: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under a name; an empty one if the value is not an object."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def storable(value: Any, depth: int = 0) -> Any:
    """The same without characters that a database rejects: NULs and lone surrogates. Raises TooDeep."""
    if depth > MAX_DEPTH:
        raise TooDeep(f"it is nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, str):
        text = value.replace("\x00", "")
        return _LONE_SURROGATE.sub("\ufffd", text) if _LONE_SURROGATE.search(text) else text
    if isinstance(value, dict):
        return {storable(str(name)): storable(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [storable(each, depth + 1) for each in value]
    return value


def show(record: Any) -> str:
    """A record as text for people, cut at SHOWN characters."""
    if isinstance(record, str):
        return storable(record)[:SHOWN]
    try:
        return json.dumps(record, ensure_ascii=True, default=str)[:SHOWN].replace("\\u0000", "")
    except (RecursionError, ValueError):
        return f"a {type(record).__name__} that is nested too deeply to be shown"


def day(value: Any, *, name: str, forms: Iterable[str] = ()) -> date | None:
    """The day in an ISO date or moment, or in one of the further `forms` of strptime; None if it is empty.

    Raises ValueError, which names the field and shows the expected format.
    """
    text = line(value)
    if not text:
        return None
    for form in forms:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day, in no zone
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError(f"{name} {text[:60]!r} is not a date: write it like 2025-06-26") from None
    if found.year < 1900:
        raise ValueError(f"{name} {text[:60]!r} is too early for a recall: check the year")
    return found
