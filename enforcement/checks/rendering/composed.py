"""The markup of a drawn page as its visitor sees it: shadow trees stand where their hosts are, and slots hold what they show.

A browser's own markup of a page leaves shadow trees out: words beside one that nobody sees would be read instead of an offer
in it. Works on the tree of DOM.getDocument, which also has closed shadow trees and which no script of the page can forge.
"""

from html import escape
from typing import Any

Node = dict[str, Any]
_ELEMENT, _TEXT, _COMMENT = 1, 3, 8
_RAW = frozenset({"script", "style", "noscript", "iframe", "noembed", "noframes"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_NO_CHILDREN = _VOID | {
    "basefont",
    "bgsound",
    "frame",
    "keygen",
    "param",
    "template",
}  # those of a template are its content
_TEXT_ALONE = _RAW | {"plaintext", "textarea", "title", "xmp"}
# Stands in a page whose shadow trees could not be read: the rules take it for a part that was not read.
UNREAD = '<template shadowrootmode="open"></template>'


def has_shadow_trees(document: Node) -> bool:
    """Whether a script, or the markup, gave any element a shadow tree; those of the browser's own controls do not count."""
    return any(_shadow_of(node) is not None for node in _all(document))


def letters_in_shadow_trees(document: Node) -> int:
    """How many characters of text the shadow trees of the document hold; scripts and styles are no text."""
    count, waiting = 0, [(document, False)]
    while waiting:
        node, is_inside = waiting.pop()
        if node["nodeType"] == _TEXT and is_inside:
            count += len(node["nodeValue"].strip())
        if node.get("localName", "").lower() not in _RAW:
            waiting += [(child, is_inside) for child in node.get("children", [])]
            if (shadow := _shadow_of(node)) is not None:
                waiting.append((shadow, True))
    return count


def reads_otherwise(document: Node) -> bool:
    """Whether the markup of the document, read again, would be another page. Scripts can put elements where markup has
    none (in <link> or <noframes>), and into a text what ends it (in a comment, "-->")."""
    return any(_reads_otherwise(node) for node in _all(document))


def _reads_otherwise(node: Node) -> bool:
    if node["nodeType"] == _COMMENT:
        text = node["nodeValue"]
        return text.startswith((">", "->")) or "-->" in text or "--!>" in text or text.endswith("<!-")
    name, children = node.get("localName", "").lower(), node.get("children", [])
    if node["nodeType"] != _ELEMENT or not children or name not in _NO_CHILDREN | _TEXT_ALONE:
        return False
    if name in _NO_CHILDREN or any(child["nodeType"] == _ELEMENT for child in children):
        return True
    text = "".join(child.get("nodeValue", "") for child in children).lower()
    if name == "script" and "<!--" in text and "<script" in text:
        return True
    if node["nodeName"] == node["localName"]:  # in a drawing, where it is markup
        return "<" in text
    return name in _RAW | {"xmp", "plaintext"} and f"</{name}" in text


def composed(document: Node) -> str:
    """The markup of the document with its shadow trees."""
    by_id = {node["backendNodeId"]: node for node in _all(document)}
    pieces, waiting = ["<!DOCTYPE html>"], [*reversed(document.get("children", []))]
    while waiting:
        node: Node | str = waiting.pop()
        if isinstance(node, str):
            pieces.append(node)
        elif node["nodeType"] == _TEXT:
            pieces.append(node["nodeValue"] if node.get("raw") else escape(node["nodeValue"], quote=False))
        elif node["nodeType"] == _ELEMENT:
            name = node["localName"]
            pieces.append(f"<{name}{_attributes(node)}>")
            if name not in _VOID:
                inner = [child | {"raw": True} if name in _RAW else child for child in _shown_in(node, by_id)]
                waiting += [f"</{name}>", *reversed(inner)]
    return "".join(pieces)


def _all(document: Node) -> list[Node]:
    found, waiting = [], [document]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += [*node.get("children", []), *node.get("shadowRoots", [])]
    return found


def _shadow_of(node: Node) -> Node | None:
    return next((root for root in node.get("shadowRoots", []) if root.get("shadowRootType") != "user-agent"), None)


def _shown_in(node: Node, by_id: dict[int, Node]) -> list[Node]:
    """What an element shows: its shadow tree, what its slot is given, or else its children."""
    if (shadow := _shadow_of(node)) is not None:
        return list(shadow.get("children", []))
    given = [
        by_id[each["backendNodeId"]] for each in node.get("distributedNodes", []) if each["backendNodeId"] in by_id
    ]
    return given if node.get("localName") == "slot" and given else list(node.get("children", []))


def _attributes(node: Node) -> str:
    pairs = iter(node.get("attributes", []))
    return "".join(f' {name}="{escape(value)}"' for name, value in zip(pairs, pairs, strict=True))
