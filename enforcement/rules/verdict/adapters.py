"""Shops with known markup: where to find the product's name, the buy button and the shop's message about it.

Each is a few selectors. An adapter adds what it knows; the generic rules still decide.
"""

import re
from dataclasses import dataclass

from enforcement.rules.verdict.page import Page

_ENDS = re.compile(r"com|[a-z]{2}|com?\.[a-z]{2}")  # what follows the name in a marketplace's host of one country


@dataclass(frozen=True)
class Adapter:
    """`known_by` recognises the shop. `gone` is markup that the shop shows only for ended listings. `label` is the name
    that the shop's own hosts are registered under: there the markup counts even on a page of pictures alone."""

    name: str
    known_by: str
    title: str
    buy: str
    gone: str
    stock: str
    label: str = ""

    def is_own_page(self, host: str, page: Page) -> bool:
        """Whether a host is the shop's own and this its page for ended listings."""
        labels = host.casefold().removeprefix("www.").split(".")
        is_own = bool(self.label) and labels[0] == self.label and _ENDS.fullmatch(".".join(labels[1:])) is not None
        return is_own and page.has(self.gone)


ADAPTERS = (
    Adapter(
        "ebay",
        "meta[property='og:site_name'][content*='eBay'], [class^='x-item-title'], #itemTitle, [data-testid='x-bin-action']",
        ".x-item-title__mainTitle, #itemTitle",
        "[data-testid='x-bin-action'], [data-testid='x-atc-action'], [data-testid='x-bid-action'], #binBtn_btn, #isCartBtn_btn, #bidBtn_btn",
        ".vi-end-lb, [class*='listing-ended'], [class*='ended-listing'], [data-testid='x-ended-listing'], #bb_tlft .endedDate",
        ".d-quantity__availability, #qtySubTxt",
    ),
    Adapter(
        "amazon",
        "#dp, #productTitle, #nav-logo-sprites, #g a[href*='ref=cs_404']",
        "#productTitle, #title",
        "#add-to-cart-button, #buy-now-button, #one-click-button, #buybox-see-all-buying-choices",
        "#g a[href*='ref=cs_404']",
        "#availability, #outOfStock, #availabilityInsideBuyBox_feature_div",
        label="amazon",
    ),
    Adapter(
        "shopify",
        "script[src*='cdn.shopify.com'], link[href*='cdn.shopify.com'], meta[name^='shopify-'], [id^='shopify-section']",
        ".product__title, .product-single__title, .product-title",
        "form[action*='/cart/add'] [type='submit']:not([disabled]), form[action*='/cart/add'] [name='add']:not([disabled])",
        ".template-404, [id*='shopify-section'][id$='__404'], [id*='main-404']",
        ".product__inventory, form[action*='/cart/add'] [disabled], .sold-out, .product__badge--sold-out",
    ),
    Adapter(
        "alibaba",
        "[data-pl='product-title'], .module-pdp-title, .tb-main-title, .tb-detail-hd, meta[name='data-spm'], #J_DetailMeta",
        "[data-pl='product-title'], .module-pdp-title, .tb-main-title, .tb-detail-hd h1, .product-title-text, h1.ma-title",
        ".add-to-cart--addtocart, .buy-now--buynow, #J_LinkBuy, #J_LinkBasket, .order-now, [data-pl='add-to-cart'], "
        "button.addcart, button.buynow, .action-start-order, .ma-button-contact-supplier",
        ".item-not-found, .error-notice-hd, #J_ErrorNotice, .off-shelf, .tb-off-shelf, .sold-out-tips, .unavailable-product",
        ".stock-tips, .tb-sold-out",
    ),
)


def adapter_for(page: Page) -> Adapter | None:
    return next((adapter for adapter in ADAPTERS if page.has(adapter.known_by)), None)


def text_at(page: Page, selector: str) -> str:
    """The text of the first node at `selector`, or ""."""
    node = page.tree.css_first(selector) if page.tree is not None else None
    return " ".join(node.text(separator=" ").split())[:500] if node else ""
