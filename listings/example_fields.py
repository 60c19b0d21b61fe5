"""The texts of a rule's example as a page shows them: field by field, with what the rule found marked."""

from dataclasses import dataclass, field
from itertools import chain

from django.utils.translation import gettext_noop

from listings.matching import Span
from listings.rule_examples import Judged


@dataclass(slots=True)
class ShownField:
    """`marks` are places in `text`, as (start, end)."""

    name: str
    label: str
    text: str
    marks: list[tuple[int, int]] = field(default_factory=list)


def shown_fields(judged: Judged) -> tuple[list[ShownField], list[ShownField]]:
    """The filled fields of the recall and of the listing."""
    recall, listing = judged.example.recall, judged.example.listing
    products = recall.products
    of_recall = [
        ShownField("title", gettext_noop("Title"), recall.title),
        ShownField("name", gettext_noop("Product"), products[0].name),
        ShownField("brand", gettext_noop("Brand"), products[0].brand),
        ShownField("models", gettext_noop("Models"), ", ".join(chain.from_iterable(each.models for each in products))),
        ShownField("gtins", gettext_noop("GTIN"), ", ".join(chain.from_iterable(each.gtins for each in products))),
        ShownField("description", gettext_noop("Description"), recall.description),
    ]
    of_listing = [
        ShownField("title", gettext_noop("Title"), listing.title),
        ShownField("brand", gettext_noop("Brand"), listing.brand),
        ShownField("gtin", gettext_noop("GTIN"), listing.gtin),
        ShownField("description", gettext_noop("Description"), listing.description),
    ]
    return _marked(of_recall, judged.evidence.recall_span), _marked(of_listing, judged.evidence.listing_span)


def _marked(fields: list[ShownField], span: Span | None) -> list[ShownField]:
    """The filled ones; what the span holds is marked where it is, in the span's field before any other."""
    filled = [each for each in fields if each.text]
    if span is not None and span.text:
        for each in sorted(filled, key=lambda each: each.name != span.field):
            if (start := each.text.find(span.text)) >= 0:
                each.marks.append((start, start + len(span.text)))
                break
    return filled
