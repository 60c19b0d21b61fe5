"""Two texts or two lists as one, with what only one of them has marked; the filter `differences` shows it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_WORDS = 20_000  # of a text; a longer one is shown as a whole, before and after
KEPT = 150  # characters shown on either side of a change; what is the same between is left out

_WORD = re.compile(r"\w+(?:[-./'’]\w+)*\s*|[^\w\s]\s*|\s+")  # a number like KTL-4711D is one; its comma is not


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text: `kind` is same, added or removed."""

    kind: str
    text: str


def words(before: str, after: str) -> list[Part]:
    """Two texts as one, with the words marked that only one of them has."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MAX_WORDS:
        return [Part("removed", before), Part("added", after)]
    return [_short(part) for part in _merged(old, new, [word.strip() for word in old], [word.strip() for word in new])]


def items(before: Sequence[str], after: Sequence[str]) -> list[Part]:
    """Two lists as one in the order of the new one, what fell out at its end."""
    old, new = set(before), set(after)
    gone = [each for each in before if each not in new]
    kinds = [("same" if each in old else "added", each) for each in after]
    found: list[Part] = []
    for kind, text in [*kinds, *(("removed", each) for each in gone)]:
        found += [Part("same", ", ")] * bool(found) + [Part(kind, text)]
    return found


def _merged(old: list[str], new: list[str], old_keys: list[str], new_keys: list[str]) -> Iterable[Part]:
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(new[new_from:new_to]))
            continue
        if old_from < old_to:
            gone = "".join(old[old_from:old_to])
            yield Part("removed", gone if tag == "delete" or gone[-1].isspace() else f"{gone} ")
        if new_from < new_to:
            yield Part("added", "".join(new[new_from:new_to]))


def _short(part: Part) -> Part:
    if part.kind != "same" or len(part.text) <= 3 * KEPT:
        return part
    return Part("same", f"{part.text[:KEPT]} … {part.text[-KEPT:]}")
