"""What a recall version says, as plain values: the form, the importer and the copy of a version all give this."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from recalls.findability import Findability, codes_in, rate
from recalls.importers import safety
from recalls.importers.facts import VOLATILE
from recalls.importers.records import Facts, ProductContent
from recalls.importers.safety import Business, Measure
from recalls.models import Picture, Product, Recall, RecallVersion

MAX_NUMBERS = 300
_NUMBERS = re.compile(
    r"\b(?:[A-Z][A-Za-z]{0,9}[ -]\d{2,4}|(?=[\w/-]{0,24}\d)(?=[\w/-]{0,24}[A-Za-z])[A-Za-z0-9][A-Za-z0-9/-]{2,24}|\d{5,14})\b"
)
_DAYS = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RecallContent:
    """Everything that one version says, wherever it came from; two equal contents make no new version."""

    title: str
    description: str = ""
    hazard: str = ""
    remedy: str = ""
    sold_at: str = ""
    firms: tuple[str, ...] = ()
    url: str = ""
    units: str = ""
    recalled_on: date | None = None
    products: tuple[ProductContent, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    source: dict[str, Any] | None = field(default=None, compare=False)
    facts: Facts = field(default_factory=dict)
    risk_level: str = ""
    incidents: int | None = None
    injuries: int | None = None
    deaths: int | None = None
    worst_severity: str = ""
    injury_details: str = ""
    measures: tuple[Measure, ...] = ()
    businesses: tuple[Business, ...] = ()

    def __post_init__(self) -> None:
        """A business is also one of the firms, by its name: what matching and old readers know of it is one list."""
        names = (business.name for business in self.businesses)
        object.__setattr__(self, "firms", tuple(dict.fromkeys((*self.firms, *names))))

    @property
    def recorded(self) -> dict[str, Any]:
        """What is stated of the fields of `safety.NAMES`; unknown is not zero."""
        stated = {name: getattr(self, name) for name in safety.NAMES}
        return {name: value for name, value in stated.items() if value not in (None, "", ())}

    @property
    def digest(self) -> str:
        """SHA-256 over what matters to people and to matching. Dates and the record's other fields do not count:
        archives re-date old recalls by the hundred."""
        relevant = asdict(self)
        for key in ("source", "recalled_on", "url", "pictures", "facts", *(set(safety.NAMES) - self.recorded.keys())):
            relevant.pop(key)
        if facts := {name: value for name, value in self.facts.items() if name not in VOLATILE}:
            relevant["facts"] = facts
        return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()

    @property
    def identifiers(self) -> frozenset[tuple[str, str]]:
        """What a listing can be recognised by; a version with identifiers that the one before lacked widens the recall."""
        found: set[tuple[str, str]] = set()
        for product in self.products:
            found.add(("name", product.name.lower()))
            found.update(("brand", value.lower()) for value in (product.brand,) if value)
            found.update(("model", value.lower()) for value in product.model_numbers)
            found.update(("gtin", value) for value in product.gtins)
        return frozenset(found)

    @property
    def codes_in_text(self) -> frozenset[str]:
        """Model numbers that only the description may name; matching reads them too."""
        return frozenset(code.lower() for code in codes_in(self.description))

    @property
    def findability(self) -> Findability:
        return rate(
            brands=[product.brand for product in self.products],
            model_numbers=[number for product in self.products for number in product.model_numbers],
            gtins=[gtin for product in self.products for gtin in product.gtins],
            names=[product.name for product in self.products],
            text=self.description,
            pictures=len(self.pictures),
        )


def content_of(version: RecallVersion) -> RecallContent:
    """The content of a stored version, for copying it, comparing it and rating it."""
    return RecallContent(
        title=version.title,
        description=version.description,
        hazard=version.hazard,
        remedy=version.remedy,
        sold_at=version.sold_at,
        firms=tuple(version.firms),
        url=version.url,
        units=version.units,
        recalled_on=version.recall.recalled_on,
        products=tuple(
            ProductContent(
                name=product.name,
                brand=product.brand,
                model_numbers=tuple(product.model_numbers),
                gtins=tuple(product.gtins),
                sizes=tuple(product.sizes),
                units=product.units,
                description=product.description,
            )
            for product in version.products.all()
        ),
        pictures=tuple((picture.url, picture.caption) for picture in version.pictures.all()),
        source=version.source,
        facts=version.facts,
        measures=_measures(version.measures),
        businesses=_businesses(version.businesses),
        **{name: getattr(version, name) for name in _PLAIN},
    )


def recorded_of(version: RecallVersion | None) -> dict[str, Any]:
    """What a stored version states of the fields of `safety.NAMES`, without reading its products."""
    if version is None:
        return {}
    stated = {name: getattr(version, name) for name in _PLAIN}
    stated |= {"measures": _measures(version.measures), "businesses": _businesses(version.businesses)}
    return {name: value for name, value in stated.items() if value not in (None, "", ())}


_PLAIN = tuple(name for name in safety.NAMES if name not in {"measures", "businesses"})


def _measures(rows: Iterable[Mapping[str, Any]]) -> tuple[Measure, ...]:
    return tuple(Measure(**row) for row in rows)


def _businesses(rows: Iterable[Mapping[str, Any]]) -> tuple[Business, ...]:
    return tuple(Business(**{**row, "trade_names": tuple(row["trade_names"])}) for row in rows)


def as_json(content: RecallContent) -> dict[str, Any]:
    """A content as plain data, without the record it came from."""
    data = asdict(content)
    data.pop("source")
    return data | {"recalled_on": content.recalled_on.isoformat() if content.recalled_on else None}


def from_json(data: dict[str, Any]) -> RecallContent:
    """The content that `as_json` gave."""
    lists = ("model_numbers", "gtins", "sizes")
    products = (ProductContent(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in data["products"])
    recalled_on = date.fromisoformat(data["recalled_on"]) if data["recalled_on"] else None
    pictures = tuple((url, caption) for url, caption in data["pictures"])
    return RecallContent(
        **{
            **data,
            "products": tuple(products),
            "recalled_on": recalled_on,
            "pictures": pictures,
            "firms": tuple(data["firms"]),
            "measures": _measures(data.get("measures", ())),
            "businesses": _businesses(data.get("businesses", ())),
        }
    )


def as_text(content: RecallContent, name: str) -> str:
    """A field as the audit log keeps it: lists of measures and businesses as tables write them, long texts cut."""
    value = getattr(content, name)
    if name == "measures":
        value = safety.measure_cell(value)
    elif name == "businesses":
        value = safety.business_cell(value)
    return "" if value is None else str(value)[:2000]


def last_number(recall: Recall) -> int:
    """The number of the newest version; 0 where there is none yet."""
    return recall.versions.order_by("-version").values_list("version", flat=True).first() or 0


def version_row(recall: Recall, number: int, content: RecallContent, **more: Any) -> RecallVersion:
    """An unsaved version row with this content."""
    return RecallVersion(recall=recall, version=number, **_version_fields(content), **more)


def write_content(version: RecallVersion, content: RecallContent) -> None:
    """Store `content` in an unpublished version, replacing its products and pictures."""
    for name, value in _version_fields(content).items():
        setattr(version, name, value)
    version.save()
    version.products.all().delete()
    version.pictures.all().delete()
    write_parts([(version, content)])


def write_parts(pairs: Iterable[tuple[RecallVersion, RecallContent]]) -> None:
    """Store the products and pictures of saved versions, in two statements for all of them."""
    pairs = list(pairs)
    Product.objects.bulk_create(
        [
            Product(
                version=version,
                position=position,
                name=product.name,
                brand=product.brand,
                model_numbers=list(product.model_numbers),
                gtins=list(product.gtins),
                sizes=list(product.sizes),
                units=product.units,
                description=product.description,
            )
            for version, content in pairs
            for position, product in enumerate(content.products)
        ]
    )
    Picture.objects.bulk_create(
        [
            Picture(version=version, url=url, caption=caption)
            for version, content in pairs
            for url, caption in content.pictures
        ]
    )


def search_text(number: str, content: RecallContent) -> str:
    """The lower-case text that the search field looks through: number (also without dashes), title, names, identifiers, also
    those that only the description states."""
    parts = [number, number.replace("-", ""), content.title]
    for product in content.products:
        parts += [product.name, product.brand, *product.model_numbers, *product.gtins]
    parts += numbers_in(content.description)
    return " ".join(dict.fromkeys(part for part in parts if part)).lower()


def numbers_in(description: str) -> list[str]:
    """What may be a number of a product in a text ("HL-200R", "FS 120", "069386"), each once, too much rather than too little:
    people search by it, and nothing is matched by it (recalls.findability.codes_in)."""
    found = dict.fromkeys(match[0] for match in _NUMBERS.finditer(description))
    return [number for number in found if not _DAYS.match(number)][:MAX_NUMBERS]


def show_version(recall: Recall, version: RecallVersion, content: RecallContent) -> None:
    """Bring what lists and search read from the recall row in line with the version in force."""
    recall.current = version
    recall.title = content.title
    recall.recalled_on = content.recalled_on or recall.recalled_on
    recall.search = search_text(recall.number, content)
    recall.findability = content.findability.score
    recall.save(update_fields=["current", "title", "recalled_on", "search", "findability"])


def _version_fields(content: RecallContent) -> dict[str, Any]:
    return {
        "title": content.title,
        "description": content.description,
        "hazard": content.hazard,
        "remedy": content.remedy,
        "sold_at": content.sold_at,
        "firms": list(content.firms),
        "url": content.url,
        "units": content.units,
        "source": content.source,
        "facts": content.facts,
        "measures": [asdict(each) for each in content.measures],
        "businesses": [asdict(each) for each in content.businesses],
        **{name: getattr(content, name) for name in _PLAIN},
        "digest": content.digest,
    }
