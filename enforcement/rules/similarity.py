"""Control checks: is the answer for a listing like the answer for an impossible address, or like that for a listing on
sale?

Pages are compared without everything that all three answers share, because menus, footers and scripts carry no
information. Nonces, times, numbers and repetitions of the address and title are removed first.
"""

import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from enforcement.rules.verdict.answer import Answer
from enforcement.rules.verdict.lexicon import fold
from enforcement.rules.verdict.walk import MAX_TAGS, read

ALIKE, UNLIKE = (
    0.6,
    0.25,
)  # shares of what differs between the controls: above the first it is the same page, below the second another
SAME = 0.9  # of whole pages
MAX_NODES = 5_000
_RANDOM = string.digits + string.ascii_lowercase


@dataclass(frozen=True)
class Print:
    """The characteristics of an answer; `features` are its status, its markup and its words in groups of three."""

    status: int
    features: frozenset[str]


def impossible_address(url: str, listing_id: str) -> str:
    """An address like `url` for a listing that cannot exist: the id with twelve more random letters or digits of its
    kind; where the id is not in the address, its last part with them."""
    letters = string.digits if listing_id.isdigit() else _RANDOM
    extra = "".join(secrets.choice(letters) for _ in range(12))
    scheme, place, path, query, _ = urlsplit(url)
    for spelled in sorted({listing_id, quote(listing_id, safe="")} - {""}):
        if spelled in path or spelled in query:
            longer = spelled + extra
            return urlunsplit((scheme, place, path.replace(spelled, longer), query.replace(spelled, longer), ""))
    return urlunsplit((scheme, place, path.rstrip("/") + extra, "", ""))


def print_of(answer: Answer, *, echoes: Iterable[str]) -> Print:
    """The print of an answer. `echoes` are texts from the request that a page repeats: the address, the id, the
    title."""
    echoed = {word for text in (*echoes, unquote(answer.url), unquote(answer.final_url)) for word in _words(text)}
    page = read(answer.text)
    features = {f"status {answer.status}"}
    if answer.final_url and answer.final_url.rstrip("/") != answer.url.rstrip("/"):
        features.add(f"sent to {re.sub(r'[^/]*[0-9][^/]*', '#', urlsplit(answer.final_url).path)[:80]}")
    for block in (page.title, *(block.text for block in page.blocks)):
        words = [word for word in _words(block) if word not in echoed and not _is_noise(word)]
        features |= {" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))} - {""}
    return Print(answer.status, frozenset(features | _markup(answer.text)))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def _is_noise(word: str) -> bool:
    return any(letter.isdigit() for letter in word) or len(word) > 24


def _markup(text: str) -> set[str]:
    """Each element with its class under its parent, without numbers and hashes."""
    if not text.strip() or text.count("<") > MAX_TAGS:
        return set()
    found: set[str] = set()
    for number, node in enumerate(LexborHTMLParser(text).css("body *")):
        if number >= MAX_NODES:
            break
        parent = node.parent
        found.add(f"<{_name(parent.tag, parent.attributes) if parent else ''}> <{_name(node.tag, node.attributes)}>")
    return found


def _name(tag: str | None, attributes: dict[str, str | None]) -> str:
    names = [name for name in (attributes.get("class") or "").split()[:4] if not any(map(str.isdigit, name))]
    return f"{tag}.{'.'.join(sorted(names))}"


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard similarity of two sets of features; two empty sets are equal."""
    return len(one & other) / len(one | other) if one or other else 1.0


def are_alike(one: Print, other: Print) -> bool:
    """Whether two whole answers are the same page."""
    return one.status == other.status and similarity(one.features, other.features) >= SAME


def compare(target: Print, *, impossible: Print, live: Print) -> str:
    """Which control the target is like: "all_alike" (no result), "impossible", "live" or "" for neither."""
    if are_alike(impossible, live):
        return "all_alike"
    common = target.features & impossible.features & live.features
    rest, not_there, on_sale = (each.features - common for each in (target, impossible, live))
    to_impossible, to_live = similarity(rest, not_there), similarity(rest, on_sale)
    if target.status == impossible.status and to_impossible >= ALIKE and to_live <= UNLIKE:
        return "impossible"
    return "live" if target.status == live.status and to_live >= ALIKE and to_impossible <= UNLIKE else ""
