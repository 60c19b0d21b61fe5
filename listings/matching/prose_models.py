"""Model numbers out of a recall's prose: lists, ranges, and those it says are not recalled."""

import re
from collections.abc import Iterator
from itertools import islice

from listings.matching.apart_models import add_apart, written_apart
from listings.matching.identifiers import models_in
from listings.matching.normalise import canonical_model
from listings.matching.texts import Span

FIELD = "recall description"
_EXCLUDES = re.compile(
    r"\b(?:not (?:included|affected|part of|involved|subject|being recalled|recalled)|excluded|"
    r"does not (?:include|affect|involve|apply)|do not (?:include|apply)|"
    r"are not (?:in|part|included|affected)|is not (?:in|part|included|affected))\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"[^.;\n]+(?:(?:\.(?=\S)|(?<=\b[Nn]o)\.|(?<=\b[Nn]os)\.)[^.;\n]+)*")  # "Model No. 6093"
_MODEL_WORDS = re.compile(r"\b(?:models?|item|style|sku|part|product|catalog|mpn|numbers?|nos?\.)\b", re.IGNORECASE)
_NOT_MODELS = re.compile(r"\b(?:serial|lot|date codes?|batch|manufactur\w+ dates?|tracking)\b", re.IGNORECASE)
_RANGE = re.compile(r"\b([A-Z]{0,6}-?)(\d{2,6})([A-Z]?) ?(?:to|through|thru|–|-) ?([A-Z]{0,6}-?)(\d{2,6})([A-Z]?)\b")
_WILDCARD = re.compile(r"\b([A-Z][A-Z0-9-]{2,9}?)(?:[X*#]{2,4}|\*|#)(?![\w*#])")
_NUMBERS = r"\b(?i:models?|items?|style|sku|part)(?: ?#)? (?:numbers? )?(?:that )?"
_BEGINNING = re.compile(
    _NUMBERS + r"(?:beginning|starting|begin|start)s?(?: with)? (?:the )?[\"“]?(?P<start>[A-Z0-9-]{3,12})\b"
    r"(?P<more>(?:(?:,? and|,? or|,) [\"“]?[A-Z]{1,6}[0-9-][A-Z0-9-]{1,9}\b[\"”]?)*)"
)
_TABLE_OF_BEGINNINGS = re.compile(
    r"\bmodels? (?:numbers?|nos?\.?) (?:that )?(?:begin|start)(?:s|ning|ing)? with(?: (?:any|one) of)?(?: the following)?"
    r"(?: \w+)?:",
    re.IGNORECASE,
)
_COVERS = re.compile(r"\b(?:involves?|covers?|includes only|(?:are|is) (?:included|recalled))\b", re.IGNORECASE)
_WHOLE = re.compile(r"[A-Z0-9-]{3,12}\b")
_ONE = re.compile(r"[A-Z]{1,6}[0-9-][A-Z0-9-]{1,9}")
_ENDING = re.compile(_NUMBERS + r"(?:ending|end)s? (?:in|with) (?:the )?[\"“]?-?(?P<end>[A-Z0-9]{1,6})\b")
_LISTED_BEFORE = re.compile(r"(?:(?:,|,? and|,? or|/|&) ?[\w/-]*\d[\w/-]*)*,? models?\b", re.IGNORECASE)
DIGITS_ALONE = 4  # digits of a number that is a model without any letter
TABLE_READ = 600  # characters of a table of beginnings
MAX_RANGE = 500
MAX_NUMBERS = 2_000  # of all ranges of a recall: no real one has half as many


def models_of_prose(description: str) -> tuple[dict[str, Span], dict[str, Span]]:
    """Model numbers that the description names, and those it says are not recalled."""
    named: dict[str, Span] = {}
    left_out: dict[str, Span] = {}
    ranged = 0
    for sentence in _SENTENCE.finditer(description):
        said = sentence.group()
        if not _DIGIT.search(said):
            continue
        about_models = _MODEL_WORDS.search(said)
        mixed = _NOT_MODELS.search(said)
        if mixed and not about_models:
            continue
        into = left_out if _EXCLUDES.search(said) else named
        found = models_in(said, FIELD, digits_alone=bool(about_models))
        if about_models:
            add_apart(found, written_apart(said, FIELD, about_models.start()))
        for number, span in found.items():
            if number.isdigit() and not _is_said_of_models(said, span, about_models):
                continue
            if mixed and _follows_no_model(said[max(0, span.start - 60) : span.start]):
                continue
            start = sentence.start() + span.start
            into.setdefault(number, Span(FIELD, start, start + len(span.text), span.text))
        if about_models and ranged < MAX_NUMBERS:
            for number, start, end in islice(_ranges(said), MAX_NUMBERS - ranged):
                ranged += 1
                if mixed and _follows_no_model(said[max(0, start - 60) : start]):
                    continue  # a range of lots or dates
                into.setdefault(number, Span(FIELD, sentence.start() + start, sentence.start() + end, said[start:end]))
    return named, left_out


def sentences_left_out(description: str) -> Iterator[re.Match[str]]:
    """The sentences that only say what is not recalled ("Glide 2 and Glide 4 scooters are not included in this recall")."""
    for sentence in _SENTENCE.finditer(description):
        if _EXCLUDES.search(sentence.group()) and not _COVERS.search(sentence.group()):
            yield sentence


def without_left_out(description: str) -> str:
    """The description with blanks in place of what is not recalled, so that all else keeps its place."""
    for sentence in list(sentences_left_out(description)):
        start, end = sentence.span()
        description = f"{description[:start]}{' ' * (end - start)}{description[end:]}"
    return description


def _is_said_of_models(said: str, number: Span, about_models: re.Match[str] | None) -> bool:
    """Whether plain digits name a model: behind the word, or in a list right before it ("Fax 1040 and 1050 models")."""
    if about_models is None or len(number.text) < DIGITS_ALONE:
        return False
    return about_models.start() <= number.start or _LISTED_BEFORE.match(said, number.end) is not None


def _follows_no_model(before: str) -> bool:
    """Whether the words before a number speak of serial numbers, lots or dates, and of no model since."""
    cut = _NOT_MODELS.search(before)
    return cut is not None and not _MODEL_WORDS.search(re.sub(r"numbers?", "", before[cut.end() :]))


def model_endings(description: str) -> dict[str, Span]:
    """What recalled model numbers end in ("model numbers ending in -R1"): canonical ending → where."""
    return {
        canonical_model(match["end"]): Span(FIELD, match.start("end"), match.end("end"), match["end"])
        for match in _ENDING.finditer(description)
    }


def model_beginnings(description: str) -> dict[str, Span]:
    """Beginnings of model numbers that end in wildcards ("HL-2XX", "KB4*"), are said to be ("beginning with KB40")
    or are in a table of such ("Model numbers that begin with: …"): canonical beginning → where."""
    found = {
        canonical_model(start.group()): Span(FIELD, start.start(), start.end(), start.group())
        for match in _BEGINNING.finditer(description)
        if any(map(str.isdigit, match["start"]))
        for start in (_WHOLE.match(description, match.start("start")), *_ONE.finditer(description, *match.span("more")))
        if start
    }
    if table := _TABLE_OF_BEGINNINGS.search(description):
        for start in _ONE.finditer(description, table.end(), table.end() + TABLE_READ):
            if any(map(str.isdigit, start.group())) and len(start.group()) >= DIGITS_ALONE:
                found[canonical_model(start.group())] = Span(FIELD, start.start(), start.end(), start.group())
    for match in _WILDCARD.finditer(description):
        if any(map(str.isdigit, match[1])):
            found[canonical_model(match[1])] = Span(FIELD, match.start(), match.end(), match.group())
    return found


def _ranges(said: str) -> Iterator[tuple[str, int, int]]:
    for match in _RANGE.finditer(said):
        prefix, first, _, other_prefix, last, _ = match.groups()
        if not prefix.strip("-") or (other_prefix and other_prefix != prefix):
            continue
        low, high = int(first), int(last)
        if len(first) == len(last) and low < high and high - low <= MAX_RANGE:
            for number in range(low, high + 1):
                yield canonical_model(f"{prefix}{number:0{len(first)}d}"), match.start(), match.end()
