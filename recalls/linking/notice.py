"""What a notice says, and how it is read for linking: words of its names, identifiers, whom it names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from urllib.parse import urlsplit

from recalls.linking.common_words import COMMON, COMPANY, EMPTY

MAX_PRODUCTS, MAX_WORDS, MAX_MODELS, MAX_GTINS, MAX_TEXT = 50, 200, 300, 300, 60_000
"""What is read of one notice; a notice that lists more is still linked by its first ones."""

AGENCIES = {
    "US": r"\b(?:US\s?CPSC|CPSC|(?:U\.?S\.?|United States) Consumer Product Safety Commission)\b",
    "CA": r"\bHealth Canada\b|recalls-rappels\.canada\.ca|healthycanadians\.gc\.ca",
    "MX": r"\bPROFECO\b",
    "GB": r"\bOPSS\b|\bOffice for Product Safety and Standards\b",
    "EU": r"\bSafety Gate\b|\bRAPEX\b",
    "FR": r"\bRappelConso\b",
    "AU": r"\bACCC\b",
}
"""Country → how notices name its regulator."""
_AGENCIES = {country: re.compile(pattern, re.IGNORECASE) for country, pattern in AGENCIES.items()}
_JOINT = re.compile(
    r"\b(?:joint(?:ly)? recall\w*|in conjunction with|in cooperation with|recalled jointly)\b", re.IGNORECASE
)
_WORD = re.compile(r"[a-z0-9]+")
_END_OF_HAZARD = re.compile(r"\b(?:due to|because of)\b|;", re.IGNORECASE)
_END_OF_NAME = re.compile(
    r"\b(?:due to|because of|recalled|sold (?:at|by|via|on|exclusively)|imported by)\b|;", re.IGNORECASE
)
_RECALLS = re.compile(r"\b(?:announces?|re-?announces|expands|recalls?|recalling)\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:recalled|recall|repair|issued|program|modification) by (.+)", re.IGNORECASE)
_UNITS = re.compile(
    r"\d{1,6}(?:K|V|W|KW|VA|MAH|AH|HZ|MM|CM|M|ML|L|G|KG|LB|OZ|IN|INCH|FT|BTU|CC|PCS|PACK|GB|TB|PSI|RPM)"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"')]+", re.IGNORECASE)
_CITED = re.compile(
    r"\b(?:recall|notice|alert|notification|NID|RA|fiche)\W{0,3}(?:number|no\b|#)?\W{0,3}((?=[\w/-]*\d)[\w/-]{5,40})",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:SR|A1[12]|INFO)/\d{4,6}/\d{2}\b|\b\d{4}-\d{2}-\d{4}\b|\b\d{4}-\d{4}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProductText:
    name: str
    brand: str = ""
    model_numbers: tuple[str, ...] = ()
    gtins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice as its regulator published it. `country` is the regulator's; `on` the day it was announced, or last updated
    where `is_update`; `addresses` are notices of others that the publisher names in a field of their own."""

    number: str
    country: str
    products: tuple[ProductText, ...]
    title: str = ""
    text: str = ""
    url: str = ""
    firms: tuple[str, ...] = ()
    on: date | None = None
    is_update: bool = False
    joint: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoticeReading:
    """A notice with what was read of it, once."""

    notice: NoticeText
    brands: frozenset[str] = field(init=False)
    names: frozenset[str] = field(init=False)
    models: frozenset[str] = field(init=False)
    gtins: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        products = self.notice.products[:MAX_PRODUCTS]
        names = list(dict.fromkeys(word for product in products for word in words_of(product.name)))
        models = (model for product in products for number in product.model_numbers for model in models_in(number))
        gtins = (gtin for product in products for gtin in product.gtins)
        brands = (" ".join(words_of(product.brand)) for product in products)
        object.__setattr__(self, "brands", frozenset(brand for brand in brands if brand))
        object.__setattr__(self, "names", frozenset(names[:MAX_WORDS]))
        object.__setattr__(self, "models", frozenset(_first(models, MAX_MODELS)))
        object.__setattr__(self, "gtins", frozenset(_first(gtins, MAX_GTINS)))

    @cached_property
    def title_words(self) -> tuple[str, ...]:
        """The words of the title before it tells what is wrong with the product."""
        return tuple(words_of(_END_OF_NAME.split(self.notice.title, maxsplit=1)[0])[:MAX_WORDS])

    @cached_property
    def makers(self) -> frozenset[str]:
        """Words of brands and firms: of their own fields, and of a title that says who recalls what."""
        return frozenset(word for words in self._makers for word in words if word not in COMPANY)

    @cached_property
    def _makers(self) -> list[list[str]]:
        """Brands, firms without their legal form and place, and whom the title names, each as its words."""
        title = _RECALLS.split(self.notice.title, maxsplit=1)
        said = [title[0]] if len(title) > 1 else []
        said += [match[1] for match in _BY.finditer(_END_OF_HAZARD.split(self.notice.title)[0])]
        firms = (firm.partition(",")[0].partition(" of ")[0] for firm in (*self.notice.firms[:MAX_PRODUCTS], *said))
        return [*(brand.split() for brand in self.brands), *map(words_of, firms)]

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Words that follow each other, in names, title and makers."""
        return frozenset(pair for words in (*self._names, self.title_words, *self._makers) for pair in pairwise(words))

    @cached_property
    def first_words(self) -> frozenset[str]:
        """With what its names begin, which mostly is a brand."""
        return frozenset(words[0] for words in self._names)

    @cached_property
    def heads(self) -> frozenset[str]:
        """With what its names end, which mostly is the kind of product."""
        return frozenset(words[-1] for words in self._names)

    @cached_property
    def _names(self) -> list[list[str]]:
        names = [product.name for product in self.notice.products[:MAX_PRODUCTS]]
        return [words for name in names for part in name.split(",")[:MAX_PRODUCTS] if (words := words_of(part))]

    @cached_property
    def words(self) -> frozenset[str]:
        return (
            self.names
            | frozenset(self.title_words)
            | frozenset(word for brand in self.brands for word in brand.split())
        )

    @cached_property
    def rare(self) -> frozenset[str]:
        """Words of the names that few products have, without those of who made it."""
        return frozenset(word for word in self.names - COMMON - self.makers if len(word) > 2 and not word.isdigit())

    @cached_property
    def kinds(self) -> frozenset[str]:
        return self.names & COMMON

    @cached_property
    def countries(self) -> frozenset[str]:
        """Whose regulators the notice says it is published with."""
        named = " ".join((self.notice.joint, *self.notice.addresses))
        text = self.notice.text[:MAX_TEXT]
        for found in _JOINT.finditer(text):
            named += " " + text[found.start() : found.end() + 300]
        return frozenset(country for country, pattern in _AGENCIES.items() if pattern.search(named)) - {
            self.notice.country
        }

    @cached_property
    def cited(self) -> frozenset[str]:
        """Numbers and addresses of other notices that the text names, as `number_key` and `address_key` write them."""
        text = f"{self.notice.text[:MAX_TEXT]} {' '.join(self.notice.addresses)}"
        found = {address_key(match[0]) for match in _ADDRESS.finditer(text)}
        found |= {number_key(match[0]) for match in _NUMBERED.finditer(text)}
        found |= {number_key(match[1]) for match in _CITED.finditer(text)}
        return frozenset(found - {"", *self.own})

    @cached_property
    def own(self) -> frozenset[str]:
        return frozenset({number_key(self.notice.number), address_key(self.notice.url)} - {""})


def words_of(text: str) -> list[str]:
    """Words in lower case, without accents and plural endings, without those that say nothing."""
    plain = unicodedata.normalize("NFKD", text[:5_000]).encode("ascii", "ignore").decode().lower()
    return [word for each in _WORD.findall(plain) if (word := _singular(each)) not in EMPTY and len(word) > 1]


def _singular(word: str) -> str:
    if not word.isalpha() or len(word) < 4 or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word.removesuffix("s")


def models_in(text: str) -> Iterator[str]:
    """A model number without its punctuation, where it is long enough to say which product it is."""
    for part in re.split(r"[,;|]|\s+/\s+|\(|\)", text[:500]):
        plain = re.sub(r"[^0-9A-Za-z]", "", part).upper()
        if is_telling(plain):
            yield plain


def is_telling(model: str) -> bool:
    """Whether a model number is rare enough: letters and digits from 4 characters on, digits alone from 5."""
    digits = sum(each.isdigit() for each in model)
    if _UNITS.fullmatch(model):
        return False
    return digits > 0 and len(model) <= 40 and len(model) >= (5 if digits == len(model) else 4)


def number_key(number: str) -> str:
    """A notice's number for comparing; empty where it is too short to be told from other numbers."""
    plain = re.sub(r"[^0-9A-Za-z]", "", number).upper()
    return plain if len(plain) >= 5 and any(each.isdigit() for each in plain) else ""


def address_key(url: str) -> str:
    """A notice's web address for comparing; empty where it leads only to a site."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    path = parts.path.rstrip("/.,").lower()
    host = (parts.netloc or "").lower().removeprefix("www.")
    return f"{host}{path}" if host and path.count("/") >= 2 else ""


def _first(items: Iterable[str], limit: int) -> list[str]:
    return list(dict.fromkeys(items))[:limit]
