"""What one version of a recall says otherwise than another: field by field, word by word, product by product."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from recalls.importers.facts import VOLATILE
from recalls.presenters import FACT_LABELS
from recalls.services.content import ProductContent, RecallContent

FIELDS = {
    "title": "Title", "description": "Description", "hazard": "Hazard", "remedy": "Remedy", "sold_at": "Sold at",
    "firms": "Firms", "url": "Web address", "units": "Units", "pictures": "Pictures",
}  # fmt: skip
PRODUCT_FIELDS = {
    "name": "Name", "brand": "Brand", "model_numbers": "Model numbers", "gtins": "GTINs", "sizes": "Sizes",
    "units": "Units", "description": "Description",
}  # fmt: skip
MAX_WORDS = 20_000  # of a text; a longer one is shown as a whole, before and after
MAX_PAIRS = 2_500  # products compared by name; beyond it only those with an equal name or number are one
LIKE = 0.6  # names that share so much are one product under another name
KEPT = 150  # characters shown on either side of a change; what is the same between is left out

_WORD = re.compile(r"\w+(?:[-./'’]\w+)*\s*|[^\w\s]\s*|\s+")  # a number like KTL-4711D is one; its comma is not


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text: `kind` is same, added or removed."""

    kind: str
    text: str


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
    fields: tuple[Change, ...]
    products: tuple[ProductChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.products)


def differences(before: RecallContent, after: RecallContent) -> Differences:
    """Everything that people or the matching read; not the imported record, and not how products are ordered."""
    return Differences(
        (*_changes(before, after, FIELDS), *_fact_changes(before, after)),
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


def words(before: str, after: str) -> list[Part]:
    """Two texts as one, with the words marked that only one of them has."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MAX_WORDS:
        return [Part("removed", before), Part("added", after)]
    return [_short(part) for part in _merged(old, new, [word.strip() for word in old], [word.strip() for word in new])]


def items(before: Sequence[str], after: Sequence[str]) -> list[Part]:
    """Two lists as one in the order of the new one, what fell out at its end."""
    gone = [each for each in before if each not in set(after)]
    kinds = [("same" if each in set(before) else "added", each) for each in after]
    found: list[Part] = []
    for kind, text in [*kinds, *(("removed", each) for each in gone)]:
        found += [Part("same", ", ")] * bool(found) + [Part(kind, text)]
    return found


def _merged(old: list[str], new: list[str], old_keys: list[str], new_keys: list[str]) -> Iterable[Part]:
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(new[new_from:new_to]))
            continue
        if old_from < old_to:
            gone = "".join(old[old_from:old_to])
            yield Part("removed", gone if tag == "delete" or gone[-1].isspace() else f"{gone} ")
        if new_from < new_to:
            yield Part("added", "".join(new[new_from:new_to]))


def _short(part: Part) -> Part:
    if part.kind != "same" or len(part.text) <= 3 * KEPT:
        return part
    return Part("same", f"{part.text[:KEPT]} … {part.text[-KEPT:]}")


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
