"""What one version of a recall says otherwise than another: field by field, word by word, product by product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from portal.differences import Part, items, words
from recalls.importers.facts import VOLATILE
from recalls.presenters import FACT_LABELS
from recalls.safety_presenters import SAFETY_LABELS, texts_of
from recalls.services.content import ProductContent, RecallContent

FIELDS = {
    "title": "Title", "description": "Description", "hazard": "Hazard", "remedy": "Remedy", "sold_at": "Sold at",
    "firms": "Firms", "url": "Web address", "units": "Units", "pictures": "Pictures",
}  # fmt: skip
PRODUCT_FIELDS = {
    "name": "Name", "brand": "Brand", "model_numbers": "Model numbers", "gtins": "GTINs", "sizes": "Sizes",
    "units": "Units", "description": "Description",
}  # fmt: skip
MAX_PAIRS = 2_500  # products compared by name; beyond it only those with an equal name or number are one
LIKE = 0.6  # names that share so much are one product under another name


@dataclass(frozen=True, slots=True)
class Change:
    """A field that changed, as its old and new words in reading order."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ProductChange:
    """A product that was added, removed or changed, with the fields that say so."""

    kind: str
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What two versions say otherwise; false where it is nothing."""

    fields: tuple[Change, ...]
    products: tuple[ProductChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.products)


def differences(before: RecallContent, after: RecallContent) -> Differences:
    """Everything that people or the matching read; not the imported record, and not how products are ordered."""
    return Differences(
        (*_changes(before, after, FIELDS), *_safety_changes(before, after), *_fact_changes(before, after)),
        tuple(
            ProductChange(*_kind(old, new), _changes(old or _NOTHING, new or _NOTHING, PRODUCT_FIELDS))
            for old, new in _pairs(before.products, after.products)
        ),
    )


_NOTHING = ProductContent("")


def _kind(old: ProductContent | None, new: ProductContent | None) -> tuple[str, str]:
    shown = new or old or _NOTHING
    return ("added" if old is None else "removed" if new is None else "changed"), shown.name


def _changes(before: Any, after: Any, labels: dict[str, str]) -> tuple[Change, ...]:
    found = []
    for name, label in labels.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            parts = items(_texts(old), _texts(new)) if isinstance(old, tuple) else words(old, new)
            found.append(Change(label, tuple(parts)))
    return tuple(found)


def _safety_changes(before: RecallContent, after: RecallContent) -> Iterable[Change]:
    """Risk, injuries, measures and businesses: texts word by word, everything else as items."""
    for name, label in SAFETY_LABELS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            in_words = name == "injury_details"
            parts = words(old, new) if in_words else items(texts_of(name, old), texts_of(name, new))
            yield Change(label, tuple(parts))


def _fact_changes(before: RecallContent, after: RecallContent) -> Iterable[Change]:
    """What the publisher says beyond the fields; dates and addresses that do not make a version are left out."""
    for name, label in FACT_LABELS.items():
        old, new = before.facts.get(name, ""), after.facts.get(name, "")
        if name in VOLATILE or old == new:
            continue
        olds, news = ([value] if isinstance(value, str) else list(value) for value in (old, new))
        yield Change(label, tuple(items([each for each in olds if each], [each for each in news if each])))


def _texts(values: tuple[Any, ...]) -> list[str]:
    """The items of a list field as text; a picture is shown by its address."""
    return [value[0] if isinstance(value, tuple) else value for value in values]


Pair = tuple[ProductContent | None, ProductContent | None]


def _pairs(before: Sequence[ProductContent], after: Sequence[ProductContent]) -> list[Pair]:
    """Which product became which; those that did not change are left out, those that are gone come last."""
    olds = [product for product in before if product not in set(after)]
    news = [product for product in after if product not in set(before)]
    found: dict[int, ProductContent] = {}
    tests = [lambda old, new: old.name.lower() == new.name.lower(), _share_a_number]
    if len(olds) * len(news) <= MAX_PAIRS:
        tests.append(lambda old, new: SequenceMatcher(None, old.name.lower(), new.name.lower()).ratio() >= LIKE)
    for same in tests:
        for place, new in enumerate(news):
            if place not in found and (old := next((each for each in olds if same(each, new)), None)):
                found[place] = old
                olds.remove(old)
    return [(found.get(place), new) for place, new in enumerate(news)] + [(old, None) for old in olds]


def _share_a_number(old: ProductContent, new: ProductContent) -> bool:
    return bool(set(old.gtins) & set(new.gtins) or set(old.model_numbers) & set(new.model_numbers))
