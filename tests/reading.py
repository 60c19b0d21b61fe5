"""How tests read a page: as if it had been written without line breaks, or by the words that a person gets of it."""

import re

from selectolax.lexbor import LexborHTMLParser

SPOKEN = ("title", "alt", "aria-label", "placeholder", "value")


def tight(page: str) -> str:
    """The page with one blank for a run of whitespace, and none beside a tag."""
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"\s+", " ", page))


def words(page: str) -> str:
    """What a person sees or hears of the page. Tokens, nonces and ids are left out: any two digits stand in them at times."""
    tree = LexborHTMLParser(page)
    tree.strip_tags(["script", "style", "template"])
    told = [
        node.attributes[name] or ""
        for name in SPOKEN
        for node in tree.css(f"[{name}]")
        if node.attributes.get("type") != "hidden"
    ]
    return " ".join([*told, tree.root.text(separator=" ") if tree.root else ""])
