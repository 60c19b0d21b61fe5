"""The meaning of a shop's sentence in 63 languages: a lexicon of word stems by meaning, and rules to combine them.

"This listing was ended by the seller" is a *thing* with an *over*, "no longer available" a *no_more*, "sold out" an *out*:
no phrase needs to be listed. Latin, Greek and Cyrillic letters are compared without accents and case.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MAX_WORDS = 30  # a shop's message about a listing is short; a longer sentence is something else
_SHORT = 5
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\ufeff\u034f\u180e\xad"
_OTHER_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ς": "σ", "ʼ": "'",
                                "ی": "ي", "ک": "ك", **dict.fromkeys(_INVISIBLE)})  # fmt: skip
# Words with their vowel signs, which Python does not count as letters (Hebrew, Arabic, the scripts of India).
_A_WORD = re.compile(r"\w[\w\u0591-\u05c7\u064b-\u065f\u0900-\u0dff]*")
_WITHOUT_SPACES = frozenset({"zh", "ja", "ko", "th", "my", "km", "ar", "he"})  # words of these are found inside others
_DATE = re.compile(
    r"[:,]?\s(?:\w{1,3} )?\d[\w\s.,:/-]{0,30}?(?:\b20\d\d\b|\d\d?:\d\d)[\w\s.,:/-]{0,12}$"
)  # when it ended
_TOLD = ("over", "no_more", "not_found", "out", "stock", "here", "wall", "outage", "oops", "cookies")


def fold(text: str) -> str:
    """`text` for comparison: without compatibility forms, case, and accents of Latin, Greek and Cyrillic."""
    flat = _ACCENTS.sub("", unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()))
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", flat).translate(_OTHER_LETTERS)).strip()


@dataclass(frozen=True)
class Shared:
    """What counts in every language alike. `other_matter`: other things that end, are removed or are unavailable (sessions,
    coupons, a size, a cart). `no_removal`: the end of a listing that is still to come, a condition, or about others or parts
    of it. `message`: words that are complete messages, like a status: "Ended", "已下架". `buy`: words of buying in languages
    whose shops are not judged otherwise."""

    other_matter: re.Pattern[str]
    no_removal: re.Pattern[str]
    message: re.Pattern[str]
    buy: re.Pattern[str]


@lru_cache(maxsize=1)
def _shared() -> Shared:
    stored = json.loads((Path(__file__).parent / "shared_words.json").read_text(encoding="utf-8"))
    matter, none = (_kinds(stored, key) for key in ("other_matter", "no_removal"))
    message, buy = (re.compile(fold("|".join(stored[key]))) for key in ("complete_messages", "buy_in_more_languages"))
    return Shared(matter, none, message, buy)


def _kinds(stored: dict[str, dict[str, str]], key: str) -> re.Pattern[str]:
    first, anywhere = ("|".join(stored[name].values()) for name in (key, f"{key}_inside_words"))
    return re.compile(rf"(?<![^\W_])(?:{_folded(first)})|{_folded(anywhere)}")


def _folded(patterns: str) -> str:
    """`patterns` folded, with the spaces that end some of them."""
    return fold(patterns.replace(" |", "\ue001|")).replace("\ue001", " ")


@dataclass(frozen=True)
class Language:
    """The stems of one language, by meaning; `relevant` finds whether a page has any relevant ones."""

    code: str
    means: dict[str, re.Pattern[str]]
    relevant: re.Pattern[str]


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    stored = json.loads((Path(__file__).parent / "lexicon.json").read_text(encoding="utf-8"))
    found = []
    for code, stems in stored.items():
        means = {name: _pattern(code, [stem]) for name, stem in stems.items()}
        found.append(Language(code, means, _pattern(code, [stems[name] for name in _TOLD])))
    return tuple(found)


def _pattern(code: str, stems: list[str]) -> re.Pattern[str]:
    start = "" if code in _WITHOUT_SPACES else r"(?<![^\W_])"
    # Folding converts to lower case: placeholders protect the escapes of the lexicon (\w, \b, \W).
    joined = "|".join(stems).replace(r"\W", "\ue000")
    return re.compile(start + "(?:" + fold(joined).replace("\ue000", r"\W") + ")", re.MULTILINE)


def spoken(text: str) -> list[Language]:
    """The languages of which a folded text has relevant words."""
    return [language for language in languages() if language.relevant.search(text)]


def states_any(meaning: str, text: str) -> bool:
    """Whether a short folded text has a stem of `meaning` in any language."""
    if meaning == "buy" and _shared().buy.search(text):
        return True
    return bool(text) and any(language.means[meaning].search(text) for language in languages())


def length(sentence: str) -> float:
    """How many words a sentence has; in scripts without spaces, two letters count as one word."""
    letters = len(_SPACELESS.findall(sentence))
    return letters / 2 + len(_A_WORD.findall(_SPACELESS.sub(" ", sentence)))


def meanings(sentence: str, among: list[Language], *, emphasised: bool, alone: bool = True) -> set[str]:
    """The meanings of a folded sentence: wall, outage, oops, restricted, ended, not_found, out, opinion; perhaps
    nothing. `alone`: the sentence is all that its element says, so that one word may be a message."""
    words, said = length(sentence), set[str]()
    if words > MAX_WORDS * 2:
        return said
    speaking = [language.means for language in among if language.relevant.search(sentence)]
    # "Not available any more" contains "not available", perhaps in the words of a sister language.
    enclosing = [found.span() for means in speaking if (found := means["no_more"].search(sentence))]
    for means in speaking:
        said |= _said(sentence, means, enclosing, words=words, emphasised=emphasised)
    if any(_is_out_of_stock(sentence, means) for means in speaking):
        said = said - {"ended", "not_found"} | {"out"}
    if "wall" in said or "cookies" in said:
        return said & {"wall"}
    if sentence.endswith(("?", "\u061f", "\u037e")) or _shared().no_removal.search(sentence):
        return said - {"ended", "not_found"}
    if alone and _shared().message.fullmatch(_DATE.sub("", sentence).rstrip(" .!。！0123456789:/-")):
        said.add("ended")
    return said


def _said(
    sentence: str,
    means: dict[str, re.Pattern[str]],
    enclosing: list[tuple[int, int]],
    *,
    words: float,
    emphasised: bool,
) -> set[str]:
    said = {name for name in ("wall", "outage", "oops", "cookies") if means[name].search(sentence)}
    out = means["out"].search(sentence)
    if any(not _is_inside(found.span(), enclosing) for found in means["out"].finditer(sentence)):
        said.add("out")
    if words > MAX_WORDS:
        return said
    if means["here"].search(sentence) and means["no"].search(sentence):
        return said | {"restricted"}
    if _shared().other_matter.search(sentence):
        return said
    product_type = bool(means["thing"].search(sentence))
    over, no_more = (means[name].search(sentence) for name in ("over", "no_more"))
    if means["now"].search(sentence):
        # "No longer available at the moment" is about stock; "currently removed" is unclear.
        return said | {"out"} if no_more or out else said
    denied = means["not"].search(sentence) is not None
    if no_more and not denied and "out" not in said and (product_type or words <= _SHORT):
        said.add("ended")
    if over and not denied and product_type:
        said.add("ended")
    if means["not_found"].search(sentence) and (emphasised or means["page"].search(sentence)):
        said.add("not_found")
    return said


def _is_out_of_stock(sentence: str, means: dict[str, re.Pattern[str]]) -> bool:
    """Whether it is the stock that has ended, is no more or is not found: "no longer in stock" is about no listing."""
    return bool(means["stock"].search(sentence)) and any(
        means[name].search(sentence) for name in ("over", "no_more", "no", "not_found")
    )


def _is_inside(span: tuple[int, int], enclosing: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in enclosing)
