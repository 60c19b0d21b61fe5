"""The published recalls as feeds for everybody: Atom (RFC 4287, pages as in RFC 5005) and JSON-LD of schema.org.

Only what the version in force says. Texts may have come from files of strangers: what XML cannot hold is left out here,
so that no text stops the feed for the other recalls.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.feedgenerator import Atom1Feed

from portal.texts import in_written_order
from recalls.models import Product, Recall, RecallVersion

TITLE = "Published product recalls"
RISK = "risk-level"
"""Names the vocabulary of risk levels, behind the address of the feed: serious, high, medium, low."""
MAX_TEXT, MAX_PRODUCTS, MAX_LIST = 5_000, 50, 200


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Recalls of one page, each with `current` and its products at hand; where it is, and where its neighbours are."""

    recalls: Sequence[Recall]
    here: str
    first: str
    next: str
    previous: str


class _PagedAtom(Atom1Feed):
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation in ("first", "next", "previous"):
            if address := self.feed[f"page_{relation}"]:
                handler.addQuickElement("link", "", {"rel": relation, "href": address})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if risk := item["risk"]:
            handler.addQuickElement("category", "", risk)


def as_atom(page: FeedPage) -> bytes:
    feed = _PagedAtom(
        TITLE,
        page.first,
        "",
        feed_url=page.here,
        feed_guid=page.first,
        page_first=page.first,
        page_next=page.next,
        page_previous=page.previous,
    )
    for recall in page.recalls:
        version = _version(recall)
        feed.add_item(
            _clean(f"{recall.number}: {version.title}"),
            _web_address(version) or page.here,
            "\n\n".join(filter(None, map(_clean, (version.hazard, version.remedy, version.description)))),
            author_name=_clean(recall.regulator.name),
            unique_id=_identifier(page, recall),
            pubdate=recall.published_at,
            updateddate=version.published_at or recall.published_at,
            categories=[_clean(name) for product in _products(version) if (name := product.name)],
            risk=_risk(page, version, "scheme", "term", "label"),
        )
    return feed.writeString("utf-8").encode()


def as_json_ld(page: FeedPage) -> bytes:
    feed = {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "@id": page.here,
        "name": TITLE,
        "dataFeedElement": [_element(page, recall) for recall in page.recalls],
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def _element(page: FeedPage, recall: Recall) -> dict[str, Any]:
    version = _version(recall)
    published, changed = recall.published_at, version.published_at or recall.published_at
    report = {
        "@type": "Report",
        "@id": _identifier(page, recall),
        "reportNumber": recall.number,
        "headline": _clean(version.title),
        "abstract": _clean(version.hazard),
        "text": "\n\n".join(filter(None, map(_clean, (version.description, version.remedy)))),
        "version": version.version,
        "keywords": _defined(_risk(page, version, "inDefinedTermSet", "termCode", "name")),
        "url": _web_address(version),
        "datePublished": published.isoformat() if published else "",
        "dateModified": changed.isoformat() if changed else "",
        "publisher": {
            "@type": "GovernmentOrganization",
            "name": _clean(recall.regulator.name),
            "areaServed": recall.regulator.country,
        },
        "about": [_product(product) for product in _products(version)],
    }
    item = {name: value for name, value in report.items() if value not in ("", [], {})}
    return {"@type": "DataFeedItem", "dateModified": report["dateModified"], "item": item}


def _risk(page: FeedPage, version: RecallVersion, *names: str) -> dict[str, str]:
    """The vocabulary, the word and the words for people of the risk level, under these names; empty if none is stated."""
    if not version.risk_level:
        return {}
    vocabulary = f"{page.first.partition('?')[0]}#{RISK}"
    return dict(zip(names, (vocabulary, version.risk_level, f"Risk level: {version.risk_level}"), strict=True))


def _defined(term: dict[str, str]) -> dict[str, str]:
    return {"@type": "DefinedTerm", **term} if term else {}


def _product(product: Product) -> dict[str, Any]:
    said = {
        "@type": "Product",
        "name": _clean(product.name),
        "brand": {"@type": "Brand", "name": _clean(product.brand)} if product.brand else "",
        "model": [_clean(model) for model in product.model_numbers[:MAX_LIST]],
        "gtin": product.gtins[:MAX_LIST],
    }
    return {name: value for name, value in said.items() if value not in ("", [])}


def _version(recall: Recall) -> RecallVersion:
    if recall.current is None:
        raise ValueError(f"Recall {recall.pk} is published without a version.")
    return recall.current


def _products(version: RecallVersion) -> list[Product]:
    return list(version.products.all())[:MAX_PRODUCTS]


def _identifier(page: FeedPage, recall: Recall) -> str:
    """The same for all versions of a recall, and on each page."""
    return f"{page.first.partition('?')[0]}#{recall.pk}"


def _web_address(version: RecallVersion) -> str:
    return version.url if version.url.startswith(("https://", "http://")) else ""


def _clean(text: str) -> str:
    """Without control characters, which XML has no way to write, and cut to MAX_TEXT."""
    kept = in_written_order(
        "".join(each for each in text if each in "\n\t" or (each.isprintable() or each == "\u00a0"))
    )
    return kept if len(kept) <= MAX_TEXT else f"{kept[: MAX_TEXT - 1]}…"
