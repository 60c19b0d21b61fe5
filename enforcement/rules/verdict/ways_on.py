"""Where a page that says removed leads its visitors on: a question first, a new shop, a way to order in words, drawings
with links in them, elements that a script has yet to fill.

Each is a doubt, as those of `doubts`: it makes "unknown" of a removal, and control checks may decide.
"""

import re

from enforcement.rules.verdict.lexicon import fold, states_any
from enforcement.rules.verdict.other_places import holds_id
from enforcement.rules.verdict.page import PRICE
from enforcement.rules.verdict.reading import Reading, Word

MAX_DRAWN = 2_000  # elements of drawings
MAX_ELEMENTS = 5_000  # elements whose names are read
_UNFILLED = re.compile(r"\{\{[^{}]{1,80}\}\}|<%=?[^%]{1,80}%>|\$\{[\w.]{1,60}\}")
_ASKS_FIRST = re.compile(
    r"\b(?:are you|you must be|i am|i'm) (?:\w+ ){0,4}(?:1[68]|21)\b|\b(?:1[68]|21)\+? (?:or older|and over)|"
    r"\b(?:over|at least) (?:1[68]|21)\b|confirm (?:that )?(?:you|your age)|"
    r"\b(?:bist du|sind sie|ich bin) (?:\w+ ){0,4}(?:1[68]|21)\b|\b(?:uber|mindestens|ab) (?:1[68]|21) jahre|"
    r"alter bestatigen|altersprufung|"
    r"\b(?:avez-vous|j'ai|plus de) (?:\w+ ){0,3}(?:1[68]|21) ans|\b(?:eres|tienes|soy|mas de|"
    r"mayor de) (?:\w+ ){0,3}(?:1[68]|21)\b|"
    r"\b(?:hai|ho|piu di) (?:\w+ ){0,3}(?:1[68]|21) anni|\b(?:ben je|ik ben) (?:\w+ ){0,4}(?:1[68]|21)\b|"
    r"\b(?:masz|mam) (?:\w+ ){0,3}(?:1[68]|21) lat|"
    r"\bмне (?:\w+ ){0,3}(?:18|21)|満?18歳|年满18|만 ?19세"
)
_MOVED = re.compile(
    r"\b(?:we|shop|store|items?|listings?|products?|offers?|pages|site|website|"
    r"catalogue?) (?:\w+ ){0,4}(?:moved to (?:our|a|the) (?:new|other)|"
    r"new (?:address(?:es)?|home|shop|store|site|website)\b)|"
    r"\b(?:visit|find (?:us|it|this|them)|see) (?:\w+ ){0,4}(?:at|on|in) our new (?:shop|store|site|website)|"
    r"\b(?:wir sind|unser \w+ ist|seiten? \w+|artikel \w+) (?:\w+ ){0,4}umgezogen|\bneuen? (?:shop|adresse|"
    r"webseite|seite)\b|"
    r"\b(?:nouvelle adresse|nouvelle boutique|nouveau site|nueva (?:direccion|tienda|web)|nuevo sitio|"
    r"nuovo (?:negozio|sito|indirizzo)|nieuwe (?:winkel|website|adres)|"
    r"novo (?:site|endereco)|nova loja|nowy (?:adres|sklep)|новый (?:адрес|магазин|сайт))\b"
)
_TOLD_TO_ORDER = re.compile(
    r"\b(?:scan|click|tap|call|write|text|message|mail|e-?mail|contact) (?:\w+ ){0,4}to (?:order|buy)\b|\bget yours\b|"
    r"\b(?:t|wa|m|paypal|revolut)\.me/[\w+]|\b(?:cash\.app|venmo\.com|discord\.gg|chat\.whatsapp\.com)/\S|"
    r"\border (?:\w+ ){0,2}(?:there|as before|by (?:e-?mail|phone|message|post))\b|\bstill (?:want|here|order|"
    r"sell|deliver|ship)\b|"
    r"\b(?:bestellen sie|bestellt|bestellung) (?:\w+ ){0,3}(?:per|wie bisher|dort|hier)\b|"
    r"\bcommande[rz]? (?:\w+ ){0,3}(?:par|comme avant|ici)\b|"
    r"\b(?:pide|pedidos?|comprar) (?:\w+ ){0,3}(?:por (?:mensaje|correo|telefono)|como antes)\b"
)


def drawn_with_links(reading: Reading, _word: Word | None) -> str:
    """A drawing with a link, markup or words of an offer in it."""
    tree = reading.page.tree
    if tree is None:
        return ""
    for node in tree.css("svg *")[:MAX_DRAWN]:
        tag = (node.tag or "").lower()
        if (tag == "foreignobject" and node.text().strip()) or tag == "a":
            return "it has a drawing with a link or text in it, which was not read."
        if tag == "text" and ((said := fold(node.text()[:200])) and (states_any("buy", said) or PRICE.search(said))):
            return "it has a drawing with a price or a way to buy."
    return ""


def not_filled_in(reading: Reading, _word: Word | None) -> str:
    """Words that a script was to replace, or an element of the shop's own kind that holds nothing but the listing's id."""
    if reading.answer.drawn or reading.page.tree is None:
        return ""
    if any(_UNFILLED.search(block.text) for block in reading.page.main() if not block.unseen):
        return "scripts have yet to fill it in, so it was not read."
    for node in reading.page.tree.css("body *")[:MAX_ELEMENTS]:
        if "-" in (node.tag or "") and (node.tag or "")[0].isalpha() and not node.text().strip():
            values = (value for value in node.attributes.values() if value)
            if any(holds_id(value[:500], reading) or reading.is_titled(fold(value[:500])) for value in values):
                return "it has an element with the listing's id, which scripts have yet to fill."
    return ""


def asks_first(reading: Reading, _word: Word | None) -> str:
    """A page that is not headed by the listing and asks its visitors' age: what they see then was not read."""
    if reading.heads_listing:
        return ""
    said = next((block.text for block in reading.page.main() if _ASKS_FIRST.search(fold(block.text))), "")
    return f"it asks its visitors first: “{said[:80]}”." if said else ""


def sold_on(reading: Reading, _word: Word | None) -> str:
    """A sentence that sends customers to another shop, or tells them how to order."""
    for block in reading.page.main():
        said = "" if block.unseen else fold(block.text)
        if said and (_MOVED.search(said) or _TOLD_TO_ORDER.search(said)):
            return f"also “{block.text[:80]}”."
    return ""
