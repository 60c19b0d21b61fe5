"""Models, lots, sizes and serial numbers that publishers write into running text."""

import re

from recalls.importers.text import distinct, is_none, readable

_MEASURE = re.compile(
    r"(?:\d+\s*x\s*)?\d+(?:[.,]\d+)?\s*(?:mm|cm|m|km|ml|cl|dl|l|g|kg|mg|oz|lb|lbs|in|inch|ft|w|kw|v|kv|a|ah|mah|wh|hz|btu|hp|gb|mb|%|°c?)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4})|(?:19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])")
_NAMED = re.compile(
    r"\b(?:mod[eè]les?|models?|r[ée]f(?:[ée]rences?|s|\.)?|type|item|art(?:icle|ikel|\.)?|sku|part)"
    r"(?:\s*(?:numbers?|nos?\.?|n°|nr\.?|#))?\s*:?\s*(?P<code>[A-Z0-9][A-Z0-9./_-]{2,40})",
    re.IGNORECASE,
)
_ALL_LOTS = re.compile(
    r"\b(?:all|every|tous les|toutes les|alle|todos los)\s+(?:batch(?:es)?|lots?|s[ée]ries|units|chargen|lotes)\b",
    re.IGNORECASE,
)
_LOT_LABEL = re.compile(
    r"(?:n[°ou]?\s*\.?\s*|num[ée]ros?\s*)?(?:de\s+)?(?:lots?|batch(?:es)?)\b\s*(?:n[°ou]\.?|nos?\.?|numbers?|codes?|#)?\s*[:=]?\s*",
    re.IGNORECASE,
)
_LOT = re.compile(r"(?=[^\d]*\d)[A-Za-z0-9][A-Za-z0-9./_+-]{1,40}")
_MODEL_CLAUSE = re.compile(
    r"\b(?:models?|model\s*/\s*item|item|sku|style|part|catalog)(?:\s+(?:numbers?|nos?\.?|#s?))?s?\s*(?:are|is|include|:|,)?\s*"
    r"(?P<codes>(?:(?:and|or|,|;|&|\s)*(?:[A-Z0-9]*\d(?:[A-Z0-9/-]|\.(?=[A-Z0-9]))*|[A-Z]{2,}-[A-Z0-9-]+)(?![a-z]))+)",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"\b(?:beginning|starting|begin|start)\s+with\s+[\"“']?(?P<prefix>[A-Z0-9][A-Z0-9-]{1,15})\b", re.IGNORECASE
)
_TABLE_CODE = re.compile(r"(?<![\w-])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d{3})[A-Z0-9][A-Z0-9-]{5,20}(?![\w-])")
_RANGE = re.compile(
    r"(?<!\w)(?P<first>[A-Z]{0,6}\d[A-Z0-9-]{4,20})\s+(?:to|through|thru|–|-)\s+(?P<last>[A-Z]{0,6}\d[A-Z0-9-]{4,20})(?!\w)"
)
_MADE = re.compile(
    r"\b(?:manufactured|made|built|produced)\s+(?:between|from)\s+(?P<first>[A-Z][a-z]+ (?:\d{1,2}, )?\d{4}),?\s+(?:and|to|through)\s+"
    r"(?P<last>[A-Z][a-z]+ (?:\d{1,2}, )?\d{4})",
    re.IGNORECASE,
)
_SIZES = re.compile(
    r"(?<![\w-])\d+(?:[.,/]\d+)?\s?-?\s?(?:ounces?|oz|lbs?|pounds?|kg|g|ml|l|mg|mcg)\b\.?", re.IGNORECASE
)


def codes_in(text: str) -> tuple[str, ...]:
    """The model codes of a field that mixes codes and prose: words with a digit that are not a measure, date or barcode."""
    text = readable(text)
    named = [match["code"].strip(".-/") for match in _NAMED.finditer(text)]
    found = [code for code in named if any(map(str.isdigit, code)) or (code.isupper() and len(code) > 3)]
    for word in re.split(r"[\s,;|()]+", _MEASURE_IN_TEXT.sub(" ", text)):
        code = word.strip(".:-/\"'“”")
        if _is_code(code):
            found.append(code)
    return distinct(code for code in found if not re.fullmatch(r"\d{13}", code))


_MEASURE_IN_TEXT = re.compile(rf"(?<![\w-]){_MEASURE.pattern}(?![\w-])", re.IGNORECASE)


def _is_code(word: str) -> bool:
    if len(word) < 3 or not any(map(str.isdigit, word)) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9./_-]*", word):
        return False
    if _MEASURE.fullmatch(word) or _DATE.fullmatch(word) or re.fullmatch(r"\d+(?:[.,/]\d+)+", word):
        return False
    return len(word) >= 4 or any(map(str.isalpha, word))


def split_models(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The models in a field of models, and the remarks in brackets beside them."""
    text = readable(text)
    remarks = [match.strip() for match in re.findall(r"\(([^()]*)\)", text)]
    bare = re.sub(r"\([^()]*\)", " ", text)
    words = (" ".join(part.split()) for part in re.split(r"[,;\n]| and (?=\S*\d)", bare))
    return distinct(word for word in words if not is_none(word)), distinct(remarks)


def lots_in(text: str) -> tuple[tuple[str, ...], str]:
    """The lots of a lot field, and its scope: "all lots", "listed lots", or "unknown" if the text is not a list of lots."""
    text = readable(text)
    if not text.strip() or _ALL_LOTS.search(text):
        return (), "all lots"
    bare = _LOT_LABEL.sub(" ", text)
    words = [word.strip(" .") for word in re.split(r"[,;\n]|\s+(?:et|and|und|&|\+)\s+", bare) if word.strip(" .")]
    words = [each for word in words for each in (word.split() if _all_lots(word.split()) else [word])]
    if words and _all_lots(words):
        return distinct(words), "listed lots"
    return (), "unknown"


def _all_lots(words: list[str]) -> bool:
    return all((_LOT.fullmatch(word) or _is_spaced_lot(word)) and not _measures(word) for word in words)


def _is_spaced_lot(word: str) -> bool:
    """A lot with a blank in it, like "p l26/2194": few short parts, hardly any words, and some digits."""
    parts = word.split()
    short = all(len(part) <= 2 or any(map(str.isdigit, part)) for part in parts)
    return 1 < len(parts) <= 3 and short and sum(map(str.isdigit, word)) >= 3 and len(word) <= 30


def _measures(word: str) -> bool:
    return _MEASURE.fullmatch(word.rsplit("/", 1)[-1]) is not None


def models_in_prose(text: str) -> tuple[str, ...]:
    """Models named in running text, if it says that they are models; prefixes end in an asterisk."""
    text = readable(text)
    found: list[str] = []
    for match in _MODEL_CLAUSE.finditer(text):
        found += [
            code for code in re.findall(r"[A-Za-z0-9][A-Za-z0-9./-]*", match["codes"]) if any(map(str.isdigit, code))
        ]
    if re.search(r"\bmodels?\b[^.]{0,80}\bserial\b", text, re.IGNORECASE) and (ranges := list(_RANGE.finditer(text))):
        head = text[: ranges[-1].start()]
        found += [code for code in _TABLE_CODE.findall(head) if re.search(r"[A-Z]", code)]
    prefixes = [f"{match['prefix']}*" for match in _PREFIX.finditer(text)]
    codes = [code.strip(".-/") for code in found]
    return distinct([code for code in codes if len(code) > 2 and not _MEASURE.fullmatch(code)] + prefixes)


def serial_ranges_in(text: str) -> tuple[str, ...]:
    text = readable(text)
    return distinct(f"{match['first']} to {match['last']}" for match in _RANGE.finditer(text))


def made_in(text: str) -> str:
    """When the products were made, as "April 1, 2024 to August 20, 2024"; empty if the text does not say."""
    text = readable(text)
    match = _MADE.search(text)
    return f"{match['first']} to {match['last']}" if match else ""


def sizes_in(text: str) -> tuple[str, ...]:
    text = readable(text)
    return distinct(" ".join(size.strip(" .").split()) for size in _SIZES.findall(text))
