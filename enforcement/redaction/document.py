"""The content of a redacted export: sections of rows that only ever get text through the rules, and what was taken out."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import get_language, gettext_noop

from enforcement.redaction.people import People
from enforcement.redaction.rules import Kind, Receiver, Treatment, treatment
from enforcement.redaction.scanning import REPLACED, Piece, Scanner, plain
from portal.audit.chain import canonical, sha256
from portal.http.language import shown
from portal.http.stored_texts import plain_lines

ENGLISH = "en"
REMOVED = gettext_noop("[removed]")


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text that people wrote and that leaves, in pieces; `part` names it. Somebody has to read it."""

    part: str
    title: str
    pieces: Sequence[Piece]
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Redacted:
    """One part of which something was taken out: what kinds, how often, and the commitment to the part as it was."""

    part: str
    counts: dict[Kind, int]
    commitment: str


@dataclass(slots=True)
class Section:
    title: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    note: str = ""


class Document:
    """Takes texts only through methods that redact; each says what `part` it is, for the marks. What the product wrote, our
    own words and sentences, is in the language that is active; the record itself is English (decision 0016).

    `salt` makes the commitments: SHA-256 of the salt, the part's name and the part as it was. Who has the salt and a part can
    show that it is the one that was taken out; nobody can find a short part by trying.
    """

    def __init__(
        self, *, receiver: Receiver, people: People, ids: Sequence[str], left_out: Sequence[str] = (), salt: str = ""
    ) -> None:
        self.receiver, self.people, self.salt = receiver, people, salt or secrets.token_hex(16)
        self.sections: list[Section] = []
        self.free: list[FreeText] = []
        self.redacted: list[Redacted] = []
        self._left_out = set(left_out)
        with_seller = treatment(Kind.SELLER, receiver) != Treatment.KEPT
        marks = {kind: shown(mark) for kind, mark in REPLACED.items()}
        self._scanner = Scanner(people.names(with_seller=with_seller), ids, marks)

    def section(self, title: str, *header: str, note: str = "") -> Section:
        self.sections.append(Section(shown(title), [*map(shown, header)], note=shown(note)))
        return self.sections[-1]

    def text(self, part: str, text: str) -> str:
        """A text that the product wrote, or a fact: known names and what looks like personal data are taken out of it."""
        pieces = self._scanner.pieces(text)
        self._count(part, text, Counter(piece.kind for piece in pieces if piece.kind))
        return "".join(piece.text for piece in pieces)

    def free_text(
        self, part: str, title: str, text: str, kind: Kind | None = None, *, translated: str | None = None
    ) -> str:
        """A text that people wrote, or a sentence of the product with values of other people's in it, which leaves as
        `translated` where that is given. Of some kinds none leaves to some receivers; what leaves has to be read by a
        person."""
        if not text.strip():
            return ""
        if kind is not None and treatment(kind, self.receiver) == Treatment.REMOVED:
            return self.remove(part, text, kind)
        pieces = self._scanner.pieces(text if translated is None else translated)
        is_left_out = part in self._left_out
        self.free.append(FreeText(part, title, pieces, is_left_out=is_left_out))
        if is_left_out:
            return self.remove(part, text, Kind.CHOSEN)
        self._count(part, text, Counter(piece.kind for piece in pieces if piece.kind))
        return "".join(piece.text for piece in pieces)

    def sentences(self, part: str, title: str, text: str) -> str:
        """As `free_text`, of sentences that the product stored."""
        return self.free_text(part, title, text, translated=None if get_language() == ENGLISH else plain_lines(text))

    def remove(self, part: str, text: str, kind: Kind) -> str:
        """The mark that stands for a part that does not leave."""
        self._count(part, text, Counter([kind]))
        return shown(REMOVED)

    def left_with_digest(self, part: str, content: str, kind: Kind) -> str:
        """As `remove`, of something whose SHA-256 is kept already."""
        self.redacted.append(Redacted(part, {kind: 1}, content))
        return f"{shown(REMOVED)} SHA-256 {content}"

    def seller(self, part: str, name: str) -> str:
        if treatment(Kind.SELLER, self.receiver) == Treatment.KEPT or not name:
            return self.text(part, name)
        self._count(part, name, Counter([Kind.SELLER]))
        return self.people.seller

    def address(self, part: str, url: str) -> str:
        """A web address: for the public its host alone; for others without mail addresses and known names."""
        if treatment(Kind.ADDRESS, self.receiver) == Treatment.KEPT or not url:
            return self.text(part, url)
        self._count(part, url, Counter([Kind.ADDRESS]))
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            host = ""
        return f"{self.text(part, host)}/…" if host else shown(REMOVED)

    def who(self, part: str, kind: str, user_id: int | None, label: str, *, key_id: int | None = None) -> str:
        """Who acted, by role."""
        return self._called(part, label, self.people.who(kind, user_id, label, key_id=key_id))

    def labelled(self, part: str, label: str) -> str:
        return self._called(part, label, self.people.labelled(label))

    def _called(self, part: str, label: str, called: str) -> str:
        if called != label:
            kind = Kind.PROGRAM if self.people.is_program(called) else Kind.PERSON
            self._count(part, label, Counter([Kind.SELLER_CONTACT if label.startswith("Seller (claimed)") else kind]))
            return called
        return self.text(part, called)

    def is_clean(self, content: Any) -> bool:
        """Whether nothing in plain data would be taken out."""
        if isinstance(content, str):
            pieces = self._scanner.pieces(content)
            return all(piece.kind is None for piece in pieces) and "".join(piece.text for piece in pieces) == content
        if isinstance(content, dict):
            return all(self.is_clean(each) for pair in content.items() for each in pair)
        return all(map(self.is_clean, content)) if isinstance(content, list | tuple) else True

    def count_event(self, part: str, digest: str) -> None:
        self.redacted.append(Redacted(part, {Kind.EVENT: 1}, digest))

    def _count(self, part: str, text: str, counts: Counter[Kind]) -> None:
        if counts:
            self.redacted.append(Redacted(part, dict(counts), sha256(f"{self.salt}\n{part}\n{text}")))

    @property
    def counts(self) -> dict[Kind, int]:
        total: Counter[Kind] = Counter()
        for each in self.redacted:
            total.update(each.counts)
        return {kind: total[kind] for kind in Kind if total[kind]}

    @property
    def fingerprint(self) -> str:
        """Of all that leaves and of what is taken out, whatever the salt: tells whether a preview is still true."""
        shown = [[each.title, list(each.header), [list(row) for row in each.rows], each.note] for each in self.sections]
        taken = [[each.part, {kind.value: number for kind, number in each.counts.items()}] for each in self.redacted]
        return hashlib.sha256(canonical({"sections": shown, "redacted": taken}).encode()).hexdigest()


def at(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else ""


def value(of: Any) -> str:
    """A name, a number or a rule, as text."""
    return "" if of is None else plain(str(of))
