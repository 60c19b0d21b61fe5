"""Ways to order that markup shows in any language: forms, addresses, class names and messengers.

A button may have any text, or a picture in place of it. Its form, its address and its names still say what it does.
"""

import re

from selectolax.lexbor import LexborNode

from enforcement.rules.verdict.lexicon import fold, states_any

_NAMED = re.compile(
    r"add[-_ ]?to[-_ ]?(?:cart|bag|basket|order|trolley)|(?<![a-z])(?:buy|purchase|checkout)(?:[-_ ]?(?:now|it|btn|button|link))?(?![a-z])"
    r"|(?<![a-z])(?:btn|button|cta)[-_ ]?(?:buy|cart|order|bid)(?![a-z])|(?:place|submit)[-_ ]?(?:bid|order)|order[-_ ]?(?:now|btn|button)"
    r"|(?<![a-z])(?:atc|cart[-_]?add|to[-_]?cart)(?![a-z])"
)
_LEADS = re.compile(
    r"(?:^|[/?&])(?:add[-_]?to[-_]?(?:cart|bag|basket)|(?:cart|basket|bag|order)/(?:add|new|create)|buy|buy-?now|checkout)(?:[/?=&.]|$)"
    r"|(?://|\.)(?:gumroad\.com/l|ko-fi\.com/s|buymeacoffee\.com|payhip\.com/b|square\.link|checkout\.square\.site|lemonsqueezy\.com/(?:buy|checkout)|"
    r"venmo\.com|cash\.app|revolut\.me|pay\.sumup\.com|mollie\.com/checkout|qr\.alipay\.com|wise\.com/pay)(?:/|$)"
    r"|buy\.stripe\.com|checkout\.stripe\.com|paypal\.me/|paypal\.com/(?:paypalme|cgi-bin|ncp|checkoutnow)"
)
_FORM = re.compile(
    r"cart|basket|checkout|order|buy|purchase|warenkorb|bestell|panier|commande|carrito|pedido|carrello|ordine|carrinho|winkelwagen|koszyk|"
    r"zamow|korzin|sepet|kurv|korg|bid\b|add-to"
)
_OTHER_FORM = re.compile(
    r"search|login|log-in|sign|session|wish|news|watch|report|review|compare|question|subscri|alert|notif|contact|message|follow|save|favo|"
    r"lang|locale|currency|country|cookie|consent|track|feedback|logout"
)
_CART = re.compile("[\U0001f6d2\U0001f6cd]")
_QUANTITY = re.compile(
    r"(?:quantity|qty|anzahl|menge|quantite|cantidad|quantita|quantidade|aantal|ilosc)", re.IGNORECASE
)
# A person or a number to write to; an address that only shares the page has none.
_CONTACT = re.compile(
    r"(?:tel|sms|viber|weixin|tg|skype|facetime):|mailto:[^?]+@|(?:https?:)?//(?:www\.)?(?:wa\.me/\+?\d|api\.whatsapp\.com/send/?\?(?:.{0,80}&)?phone=|"
    r"web\.whatsapp\.com/send/?\?(?:.{0,80}&)?phone=|t\.me/(?!share)\w|m\.me/\w|(?:www\.)?zalo\.me/\w|line\.me/(?:r/)?ti/|discord\.(?:gg|com/invite)/\w|ig\.me/m/|vk\.me/\w|signal\.me/|instagram\.com/direct)",
    re.IGNORECASE,
)
# Buttons that services for payment draw into an element of theirs.
_PAYS = re.compile(
    r"(?:^|\s)(?:(?:apple|google|amazon|shop)-pay-button|stripe-buy-button|stripe-pricing-table|shopify-accelerated-checkout|shopify-payment-button|"
    r"paypal-buttons?(?:-container)?|snipcart-add-item|paddle_button|gpay-button|klarna-express-button)(?=\s|$)"
)
_BUTTON = re.compile(r"(?:^|\s)(?:btn|button|cta)(?=\s|$)")
_ATTRIBUTES = ("class", "id", "name", "data-action", "data-testid", "data-role", "data-event", "onclick", "rel")
_ADDRESSES = ("href", "formaction", "data-href", "data-url", "data-link")
_PRESSED = frozenset({"onclick", "data-href", "data-url", "data-link"})
_SPACED = re.compile(r"(?:(?<![^\W_])[^\W\d_]\s+){4,}[^\W\d_](?![^\W_])")  # "B u y  n o w"
_SPOKEN = ("aria-label", "title", "value", "alt")
_SUBMITS = frozenset({"", "submit", "image"})


def is_button(node: LexborNode, names: str) -> bool:
    """Whether a visitor can press this element: a button, a link, or what is dressed and wired as one."""
    attributes = node.attributes
    if node.tag in {"button", "a"} or attributes.get("role") == "button" or not attributes.keys().isdisjoint(_PRESSED):
        return True
    return bool(_BUTTON.search(names)) or ("-" in (node.tag or "") and _NAMED.search(node.tag or "") is not None)


def orders(node: LexborNode, *, in_order_form: bool) -> bool:
    """Whether pressing this button orders: by its names, its address, what it says to a screen reader, or its form."""
    attributes = node.attributes
    kind = (attributes.get("type") or "").lower()
    if in_order_form and node.tag in {"button", "input"} and kind in _SUBMITS:
        return node.tag == "button" or kind != ""
    if node.tag == "input" and kind not in {"submit", "image", "button"}:
        return False
    named = " ".join(attributes.get(name) or "" for name in _ATTRIBUTES).lower()
    address = " ".join(attributes.get(name) or "" for name in _ADDRESSES).strip().lower()
    if _NAMED.search(named) or _LEADS.search(address):
        return True
    if (
        node.tag != "input"
        and (drawing := node.css_first("svg")) is not None
        and speaks_of_buying(drawing.text(separator=" "))
    ):
        return True
    return any(speaks_of_buying(attributes.get(name) or "") for name in _SPOKEN)


def speaks_of_buying(text: str) -> bool:
    return 0 < len(text) < 60 and (states_any("buy", fold(text)) or _SPACED.search(text) is not None)


def pays(node: LexborNode) -> bool:
    """Whether a service for payment draws its button into this element."""
    attributes = node.attributes
    return (
        _PAYS.search(" ".join((node.tag or "", attributes.get("class") or "", attributes.get("id") or ""))) is not None
    )


def has_cart_sign(text: str) -> bool:
    """Whether a short text shows a cart or a shopping bag as its picture."""
    return len(text) < 60 and _CART.search(text) is not None


def is_order_form(node: LexborNode) -> bool:
    address = _names_of_form(node)
    return _FORM.search(address) is not None and _OTHER_FORM.search(address) is None


def may_order(node: LexborNode) -> bool:
    """Whether a form sends something that its names do not explain: it may be an order in any language."""
    return (node.attributes.get("method") or "").strip().lower() == "post" and not does_other_things(node)


def does_other_things(form: LexborNode) -> bool:
    """Whether the names in a form say that it searches, signs in, reports and the like."""
    names = " ".join((_names_of_form(form), *(field.attributes.get("name") or "" for field in form.css("input")[:20])))
    if _OTHER_FORM.search(names.lower()) is not None:
        return True
    return form.css_first("input[type='password'], input[type='search']") is not None


def _names_of_form(node: LexborNode) -> str:
    return " ".join(node.attributes.get(name) or "" for name in ("action", "class", "id", "role")).lower()


def asks_for_quantity(node: LexborNode) -> bool:
    return node.tag in {"input", "select"} and _QUANTITY.fullmatch(node.attributes.get("name") or "") is not None


def leads_to_a_card(node: LexborNode) -> str:
    """The address of a link that shows a product: with a picture, and no order in its markup. Otherwise ""."""
    address = (node.attributes.get("href") or "").strip()
    if node.tag != "a" or node.css_first("img[src], picture") is None or orders(node, in_order_form=False):
        return ""
    return address


def is_contact(node: LexborNode) -> bool:
    """Whether a link leads to a person: a number, a mailbox, a messenger."""
    return node.tag == "a" and _CONTACT.match((node.attributes.get("href") or "").strip()) is not None
