"""Recall and listing side by side: each fact with the place where it was read, and what comes of comparing them.

A value that the judgement took from free text is shown with its place, for the field alone would look empty beside a
verdict. Without a value on both sides there is no verdict but that one side does not state it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_noop

from listings.evidence_places import Place, place_of, places_in
from listings.matching.normalise import decode
from listings.models import Flag

MAX_SHOWN = 1500  # characters of a recall's description
AROUND = 120  # characters on each side of a marked place behind that

FIELD = "field"
PLACES = {
    FIELD: gettext_noop("from the field"),
    "title": gettext_noop("from the title"),
    "description": gettext_noop("from the description"),
    "brand": gettext_noop("from the brand field"),
    "model": gettext_noop("from the model field"),
    "gtin": gettext_noop("from the GTIN field"),
    "product": gettext_noop("from the product name"),
    "firm": gettext_noop("from the company's name"),
    "correction": gettext_noop("from the regulator's correction"),
    "picture": gettext_noop("from the text in the picture"),
    "text": gettext_noop("from the text"),
}
"""Where a value was read → its words."""

_PLACE_OF = {"recall title": "title", "recall description": "description", "mpn": "model"}
"""The fields of evidence that are called otherwise."""

_AS_IT_IS = ("mpn", "gtin", "model")
"""Fields of numbers, which the engine reads as they are written."""

_OF_VERSION = ("recall title", "recall description")
"""The recall's texts that a notice follows; its product stays the one that was judged."""

VERDICTS = {
    "same": (gettext_noop("Same"), "exact"),
    "similar": (gettext_noop("Similar"), "similar"),
    "differs": (gettext_noop("Differs"), "differs"),
    "not_stated": (gettext_noop("Not stated"), "missing"),
    "": ("", ""),
}
"""The result of a row → its words, and the tone in which a page shows them."""


@dataclass(frozen=True, slots=True)
class Value:
    """What one side states: `text`, where it was read (a key of PLACES; empty where nothing was read but shown as it
    is), and the parts of it to mark."""

    text: str
    place: str = ""
    marks: tuple[Place, ...] = ()

    @property
    def place_words(self) -> str:
        return PLACES.get(self.place, "")


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: what recall and listing state, and `result`, a key of the verdicts."""

    name: str
    label: str
    recall: tuple[Value, ...]
    listing: tuple[Value, ...]
    result: str = ""

    @property
    def verdict(self) -> str:
        return VERDICTS[self.result][0]

    @property
    def tone(self) -> str:
        return VERDICTS[self.result][1]

    @property
    def recall_words(self) -> str:
        return _in_words(self.recall)

    @property
    def listing_words(self) -> str:
        return _in_words(self.listing)


def _in_words(values: Iterable[Value]) -> str:
    """What one side states, in one English line: "PWB1071 (from the description)"."""
    told = [f"{value.text} ({value.place_words})" if value.place_words else value.text for value in values]
    return "; ".join(told) or "Not stated"


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact, the fields of evidence that state it, and the signals that tell how the sides compare."""

    name: str
    label: str
    recall_field: str = ""
    listing_field: str = ""
    same: frozenset[str] = frozenset()
    similar: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()

    @property
    def signals(self) -> frozenset[str]:
        return self.same | self.similar | self.against


_FACTS = (
    _Fact(
        "product",
        gettext_noop("Product"),
        "product",
        "title",
        frozenset({"name_line", "name_whole", "name_plain"}),
        frozenset({"name_words", "same_product_type", "described", "described_line", "contains_component"}),
        frozenset({
            "different_product_type", "different_product_line", "sister_line", "different_type", "different_version", "accessory",
            "media", "toy", "replacement_for_recalled", "not_affected",
        }),
    ),
    _Fact(
        "brand",
        gettext_noop("Brand"),
        "brand",
        "brand",
        frozenset({"same_brand"}),
        frozenset({"misspelled_brand"}),
        frozenset({"different_brand", "different_maker"}),
    ),
    _Fact(
        "model",
        gettext_noop("Model"),
        "model",
        "mpn",
        frozenset({"same_model", "same_model_and_brand", "same_short_model", "model_in_description"}),
        frozenset({"model_variant", "model_contested"}),
        frozenset({"other_model", "excluded_model", "model_of_name_missing"}),
    ),
    _Fact("gtin", "GTIN", "gtin", "gtin", frozenset({"same_gtin"}), frozenset({"doubtful_gtin"})),
    _Fact("size", gettext_noop("Size"), same=frozenset({"same_size"}), against=frozenset({"different_size"})),
    _Fact("description", gettext_noop("Description"), "recall description", "description"),
)  # fmt: skip

_STATED = (
    ("seller", gettext_noop("Seller")),
    ("price", gettext_noop("Price")),
    ("supplier", gettext_noop("Supplier")),
    ("minimum_order", gettext_noop("Minimum order")),
    ("price_ladder", gettext_noop("Price ladder")),
    ("destinations", gettext_noop("Destinations")),
)
"""Fields that only listings have; shown where they are stated, and never compared."""


def compare_rows(flag: Flag) -> list[Row]:
    """Fact by fact what recall and listing state, with the words of the evidence marked where these texts still have
    them. A fact that neither side states is left out."""
    recall, listing = _recall_texts(flag), _listing_texts(flag)
    evidence = [item for item in flag.evidence if _holds(item, recall)]
    rows = []
    for fact in _FACTS:
        found = [item for item in evidence if item["signal"] in fact.signals]
        theirs = _side(fact.recall_field, _spans(found, "recall_span"), _spans(flag.evidence, "recall_span"), recall)
        ours = _side(fact.listing_field, _spans(found, "listing_span"), _spans(flag.evidence, "listing_span"), listing)
        if theirs or ours:
            rows.append(Row(fact.name, fact.label, theirs, ours, _result(fact, found, theirs, ours)))
    shown = flag.listing_as_flagged
    price = f"{shown.get('price', '')} {shown.get('currency', '')}".strip()
    stated = {**{name: str(shown.get(name) or "") for name, _ in _STATED}, "price": price if shown.get("price") else ""}
    return [*rows, *(Row(name, label, (), (Value(stated[name]),)) for name, label in _STATED if stated[name])]


def _recall_texts(flag: Flag) -> dict[str, str]:
    """The recall's texts by the field that evidence names. Without a product, its title is what names it."""
    version, product = flag.notice.version, flag.product
    texts = {"recall title": decode(version.title), "recall description": decode(version.description)}
    if product is None:
        return texts
    return texts | {
        "product": decode(product.name),
        "brand": decode(product.brand),
        "model": ", ".join(product.model_numbers),
        "gtin": ", ".join(product.gtins),
    }


def _listing_texts(flag: Flag) -> dict[str, str]:
    names = ("title", "description", "brand", "mpn", "gtin")
    texts = {name: str(flag.listing_as_flagged.get(name) or "") for name in names}
    return {name: text if name in _AS_IT_IS else decode(text) for name, text in texts.items()}


def _holds(item: Mapping[str, Any], texts: Mapping[str, str]) -> bool:
    """Whether the recall still says what the evidence was read from: a later version may not."""
    spans = [span for span in _spans([item], "recall_span") if span["field"] in _OF_VERSION]
    return all(place_of(span, texts[span["field"]]) for span in spans)


def _spans(evidence: Iterable[Mapping[str, Any]], side: str) -> list[dict[str, Any]]:
    spans = [span for item in evidence if (span := item.get(side)) and str(span["text"]).strip()]
    return [span if span["field"] in _AS_IT_IS else {**span, "text": decode(str(span["text"]))} for span in spans]


def _side(
    field: str, found: list[dict[str, Any]], all_found: list[dict[str, Any]], texts: Mapping[str, str]
) -> tuple[Value, ...]:
    """What one side states of a fact: its own field with all marks, and what the judgement read anywhere else."""
    values: list[Value] = []
    if field == "product" and field not in texts:
        field = "recall title"
    own = texts.get(field, "")
    if own:
        place = field if field in _OF_VERSION or field in {"title", "description"} else FIELD
        marks = tuple(places_in((span for span in all_found if span["field"] == field), own))
        values.append(_cut(Value(own, _PLACE_OF.get(place, place), marks)))
    seen = {own.casefold()}
    for span in found:
        said, where = span["text"], _PLACE_OF.get(span["field"], span["field"])
        if said.casefold() in seen or (span["field"] == field and place_of(span, own)):
            continue
        seen.add(said.casefold())
        values.append(Value(said, where if where in PLACES else "text", ((0, len(said)),)))
    if field == "product":  # the recall's title has no row of its own: it is shown where something was read in it
        title = texts["recall title"]
        if marks := tuple(places_in((span for span in all_found if span["field"] == "recall title"), title)):
            values.append(Value(title, "title", marks))
    return tuple(values)


def _cut(value: Value) -> Value:
    """A long text as its beginning, and behind that the surroundings of each mark."""
    if len(value.text) <= MAX_SHOWN:
        return value
    text, marks = value.text[:MAX_SHOWN], [place for place in value.marks if place[1] <= MAX_SHOWN]
    covered = MAX_SHOWN
    for start, end in sorted(place for place in value.marks if place[1] > MAX_SHOWN):
        begin = max(covered, start - AROUND)
        if begin > covered:
            text += " … "
        shift = len(text) - begin
        stop = max(min(len(value.text), end + AROUND), covered)
        text += value.text[begin:stop]
        marks.append((max(0, start + shift), end + shift))
        covered = stop
    return replace(value, text=f"{text} …" if covered < len(value.text) else text, marks=tuple(marks))


def _result(fact: _Fact, found: list[Mapping[str, Any]], recall: tuple[Value, ...], listing: tuple[Value, ...]) -> str:
    """Nothing is the same as, or differs from, what is not stated."""
    if not recall or not listing:
        return "not_stated"
    signals = {item["signal"] for item in found}
    for result, those in (("differs", fact.against), ("same", fact.same), ("similar", fact.similar)):
        if signals & those:
            return result
    return ""


def as_data(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows for programs: values with their places, and `result`."""

    def side(values: tuple[Value, ...]) -> list[dict[str, str]]:
        return [{"value": value.text, "place": value.place} for value in values]

    return [
        {"fact": row.name, "recall": side(row.recall), "listing": side(row.listing), "result": row.result}
        for row in rows
    ]
