"""How well the listings of a recall can be found: a score and what would raise it.

A notice that no one can search for removes nothing, so this is shown before one is sent.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_COMMON = frozenset(
    [
        "recall",
        "recalled",
        "recalls",
        "product",
        "products",
        "toy",
        "toys",
        "chair",
        "chairs",
        "lamp",
        "lamps",
        "set",
        "sets",
        "the",
        "and",
        "with",
        "for",
        "of",
        "a",
        "an",
        "children",
        "kids",
        "baby",
        "infant",
        "electric",
        "portable",
        "power",
        "adult",
        "model",
        "style",
        "hazard",
        "risk",
        "due",
        "to",
        "sold",
        "by",
        "in",
        "on",
    ]
)

_CODE = re.compile(r"\b(?=[\w./-]*\d)(?=[\w./-]*[A-Z])[A-Z0-9][A-Z0-9_./-]{2,}[A-Z0-9]\b")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_DENIES = re.compile(
    r"\b(?:not|except|exclud\w+|unaffected|nicht|kein\w*|außer|ausgenommen|pas|sauf|excepto)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Findability:
    """`score` from 0 (cannot be searched for) to 100; `advice` says, best first, what to add."""

    score: int
    advice: tuple[str, ...]


def codes_in(text: str) -> frozenset[str]:
    """What is written like a model number, of letters and digits that may stand apart ("148012-A", "HI1318_13"); without
    the sentences that say what is not recalled."""
    return frozenset(
        code for sentence in _SENTENCE.split(text) if not _DENIES.search(sentence) for code in _CODE.findall(sentence)
    )


def rate(
    *,
    brands: Sequence[str],
    model_numbers: Sequence[str],
    gtins: Sequence[str],
    names: Sequence[str],
    text: str,
    pictures: int,
) -> Findability:
    """Rate what identifies the products: a GTIN 40, a model number 30, a brand 20, distinctive name words up to 10.

    `text` is the description: model numbers written only there count half, because they were not confirmed.
    """
    score, advice = 0, []
    if any(gtins):
        score += 40
    else:
        advice.append("Add the GTIN or UPC. It finds listings regardless of their titles.")
    if any(model_numbers):
        score += 30
    elif codes_in(text):
        score += 20
        advice.append("Enter the model numbers as fields of their product. They are now only in the text.")
    else:
        advice.append("Add the model numbers, in every notation that sellers use.")
    if any(brands):
        score += 20
    else:
        advice.append("Add the brand as sellers write it.")
    words = {word for name in names for word in re.findall(r"[^\W\d_]{4,}", name.lower())} - _COMMON
    score += min(10, 3 * len(words))
    if len(words) < 2:
        advice.append("Name the product more precisely. Its title has no word that distinguishes it from others.")
    if not pictures:
        advice.append("Add a picture for moderators to compare.")
    if score < 20:
        advice.insert(0, "Too little detail to match: listings may not be found. Add identifiers.")
    return Findability(min(score, 100), tuple(advice))
