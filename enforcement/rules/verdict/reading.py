"""Everything that the verdict rules need from one answer, read once."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, unquote, urlsplit

from enforcement.rules.verdict import offers
from enforcement.rules.verdict.adapters import Adapter, adapter_for, text_at
from enforcement.rules.verdict.addresses import ONWARD
from enforcement.rules.verdict.answer import Answer
from enforcement.rules.verdict.lexicon import fold, meanings, spoken, states_any
from enforcement.rules.verdict.page import Block, Page
from enforcement.rules.verdict.walk import read

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[？؟])\s*|[。！;；|।۔։။៕]+\s*|\s[–—-]\s")
_OPINION_FIRST = re.compile(r"^[^:：]{1,25}[:：]")
MAX_SHORT = 1_500  # characters: a word alone is a message there
SMALL_404 = 300  # characters: any text on such a page is its main message
# "All rights reserved" is no reservation.
_RIGHTS = re.compile(r"©|\(c\) \d{4}|copyright|all rights")
_NUMBERED = re.compile(r"\d")
_NOT_THERE = re.compile(r"(?<![\w.,-])404(?![a-z\d.,-]*[\da-z])")


@dataclass(frozen=True)
class Word:
    """A sentence of the page's main part that has a known meaning: its meanings and its position."""

    text: str
    means: frozenset[str]
    block: Block


def _pairs(folded: str) -> set[str]:
    """Each two letters or digits that follow one another."""
    letters = re.sub(r"[\W_]", "", folded)
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def _joined(folded: str) -> str:
    """Without its spaces: styles separate what markup joins ("Table, oak<span>235x100 cm</span>")."""
    return folded.replace(" ", "")


class Reading:
    """One answer, read for one listing."""

    def __init__(self, answer: Answer, *, listing_id: str, title: str) -> None:
        self.answer, self.listing_id, self.title = answer, listing_id.casefold(), title
        self.page: Page = read(answer.text)
        self.where = urlsplit(answer.final_url or answer.url)
        self._title = fold(title)

    @cached_property
    def adapter(self) -> Adapter | None:
        return adapter_for(self.page)

    @cached_property
    def is_shops_own_end(self) -> bool:
        """Whether a known shop answers from its own host with its page for ended listings."""
        return self.adapter is not None and self.adapter.is_own_page(self.where.hostname or "", self.page)

    @cached_property
    def headings(self) -> list[str]:
        known = text_at(self.page, self.adapter.title) if self.adapter else ""
        return [text for text in (known, *(block.text for block in self.page.headings()[:3])) if text]

    @cached_property
    def heads_listing(self) -> bool:
        """Whether the page's heading is the listing's title: a bot wall never has it."""
        return any(self._is_title(text) for text in self.headings)

    @cached_property
    def names_listing(self) -> bool:
        """Whether the page's own name is the listing's: its heading, or its title where it has no product heading."""
        if self.heads_listing:
            return True
        marked = [text_at(self.page, '[itemprop="name"]'), self._meta("og:title"), self.page.title]
        return not self.names_other and any(self._is_title(text) for text in marked if text)

    @cached_property
    def names_other(self) -> bool:
        """Whether the page's main heading names another product: one with a way to buy it, or at an address like ours."""
        if not self.headings or self.heads_listing:
            return False
        if any(self.means_of(text) for text in self.headings):
            return False
        named = fold(self.headings[0])
        if any(fold(each.name) and fold(each.name) in named for each in self.data):
            return True
        return self._like_ours or bool(self.own_buttons)

    @cached_property
    def _like_ours(self) -> bool:
        ours, theirs = urlsplit(self.answer.url).path, self.where.path
        return ours != theirs and len(theirs) > 1 and ours.rpartition("/")[0] == theirs.rpartition("/")[0] != ""

    def _meta(self, name: str) -> str:
        node = self.page.tree.css_first(f'meta[property="{name}"]') if self.page.tree is not None else None
        return (node.attributes.get("content") or "") if node else ""

    def _is_title(self, text: str) -> bool:
        """Nearly all words of the listing's title, and no other model number or size."""
        shown = fold(text)
        if self._title and (self._title in shown or _joined(self._title) in _joined(shown)):
            return True
        words = [word for word in re.findall(r"\w+", self._title) if len(word) > 2 or _NUMBERED.search(word)]
        there = set(re.findall(r"\w+", shown))
        if not words or sum(word in there for word in words) < max(1, round(0.8 * len(words))):
            return False
        return all(word in there for word in words if _NUMBERED.search(word)) or not any(map(_NUMBERED.search, there))

    def is_titled(self, folded: str) -> bool:
        """Whether a folded text contains the listing's title."""
        return bool(self._title) and self._title in folded

    @cached_property
    def is_untitled(self) -> bool:
        """Whether the listing's title has no word: then nothing tells its offer from another."""
        return not re.search(r"\w\w", self._title)

    def resembles(self, text: str) -> bool:
        """Whether a short text is nearly the listing's title, however it is joined, spaced or misspelt."""
        own = _pairs(self._title)
        if not own or len(text) > 2 * len(self.title) + 40:
            return False
        return len(own & _pairs(fold(text))) >= 0.7 * len(own)

    @cached_property
    def words(self) -> list[Word]:
        """The meanings of the main part, sentence by sentence, without the listing's own title: a book may have any
        name."""
        # The title may say what the page is ("Page not found | Shop"); it counts as highlighted, like a heading.
        blocks = [Block(0, self.page.title, tag="title", emphasised=True, loud=True), *self.page.main()]
        blocks = [block for block in blocks if not block.unseen]
        lines = [(block, self._raw_without_title(block.text)) for block in blocks]
        among = spoken("\n".join(fold(line) for _, line in lines))
        has_little = (
            self.names_listing or self.seen < MAX_SHORT
        )  # a word in a list of a large page is a filter or a link
        is_small_404 = self.answer.status in {404, 410} and self.seen < SMALL_404
        found = []
        for block, line in lines:
            label = _OPINION_FIRST.match(line)
            if label and states_any("opinion", fold(label[0])):
                continue
            for sentence in _SENTENCE.split(line):
                plain = self._without_title(sentence)
                if self._is_of_title(plain) or _RIGHTS.search(plain):
                    continue
                is_whole = len(sentence.strip()) == len(line.strip())
                stands_out = block.loud or is_small_404 or (block.emphasised and is_whole)
                said = (
                    meanings(plain, among, emphasised=stands_out, alone=block.loud or (is_whole and has_little))
                    if plain
                    else None
                )
                if said:
                    found.append(Word(sentence.strip()[:200], frozenset(said), block))
        stands = [block for block, line in lines if block.tag in {"title", "h1", "h2"} and _NOT_THERE.search(line)]
        if stands:  # of the page's own headings, if one says it: a browser's title alone is no page
            found.append(Word("404", frozenset({"not_found"}), stands[-1]))
        return found

    def _raw_without_title(self, text: str) -> str:
        return re.sub(re.escape(self.title.strip()), " ", text, flags=re.IGNORECASE) if self.title.strip() else text

    def _without_title(self, text: str) -> str:
        line = fold(text)
        return line.replace(self._title, " ").strip() if self._title else line

    def _is_of_title(self, plain: str) -> bool:
        """Whether a folded sentence is only a part of the listing's title: pages shorten long names."""
        part = plain.strip(" .!?,;:…")
        return " " in part and part in self._title

    def means_of(self, text: str) -> set[str]:
        line = self._without_title(text)
        return meanings(line, spoken(line), emphasised=True)

    def word(self, *meanings_: str, emphasised: bool = False) -> Word | None:
        """The first sentence with one of these meanings."""
        wanted = frozenset(meanings_)
        return next(
            (each for each in self.words if each.means & wanted and (each.block.emphasised or not emphasised)), None
        )

    @cached_property
    def seen(self) -> int:
        """How many characters of text a visitor reads."""
        return sum(len(block.text) for block in self.page.blocks)

    @cached_property
    def own_buttons(self) -> list[int]:
        """The page's offers of its own product: enabled buy buttons in the main part, under its heading."""
        found = [
            button.index
            for button in self.page.buttons
            if button.zone == "main" and button.enabled and not button.unseen
            and len(button.text) < 60 and states_any("buy", fold(button.text)) and self._is_under_own(button.under)
        ]  # fmt: skip
        if self.adapter and self.page.has(self.adapter.buy):
            found.append(1)
        return found

    def _is_under_own(self, under: int) -> bool:
        heading = next((block for block in self.page.blocks if block.index == under), None)
        return heading is None or heading.tag == "h1" or not self.page.headings() or self._is_title(heading.text)

    @cached_property
    def other_buttons(self) -> list[int]:
        """Other buttons of the main part after a price: perhaps a buy button in an unknown language."""
        return [
            button.index
            for button in self.page.buttons
            if button.zone == "main" and button.enabled and self.page.price_before(button.index)
        ]

    @cached_property
    def buys_elsewhere_on_page(self) -> list[int]:
        """Buy buttons in the main part under headings that are not the product's: they may belong to either."""
        own = set(self.own_buttons)
        return [
            button.index
            for button in self.page.buttons
            if button.zone == "main" and button.enabled and button.index not in own
            and len(button.text) < 60 and states_any("buy", fold(button.text))
        ]  # fmt: skip

    @cached_property
    def asks(self) -> str:
        """What the main part says of a price that is given on request or after signing in, or ""."""
        lines = (block.text for block in self.page.main() if len(block.text) < 60)
        return next((line for line in lines if states_any("ask", fold(line))), "")

    @cached_property
    def data(self) -> list[offers.Stated]:
        return offers.stated(self.page)

    @cached_property
    def availability(self) -> str:
        return offers.of_listing(self.data, self.title)

    @cached_property
    def shows_id(self) -> bool:
        if not self.listing_id:
            return False
        whole = re.compile(rf"(?<![a-z0-9]){re.escape(self.listing_id)}(?![a-z0-9])")
        return any(whole.search(block.text.casefold()) for block in self.page.main())

    @cached_property
    def is_elsewhere(self) -> bool:
        """Whether the final address no longer names the listing."""
        final = self.answer.final_url
        if not final or final.rstrip("/") == self.answer.url.rstrip("/"):
            return False
        kept = [value for name, value in parse_qsl(self.where.query) if name.casefold() not in ONWARD]
        return self.listing_id not in unquote(" ".join((self.where.path, self.where.fragment, *kept))).casefold()

    @cached_property
    def address(self) -> str:
        return f"{self.where.netloc}{self.where.path}"
