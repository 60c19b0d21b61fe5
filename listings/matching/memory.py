"""Remembering what was found out about a word, because the same words come again and again."""

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")
MAX_WORDS = 200_000  # words; 100 to 600 bytes each with what is remembered
MAX_LENGTH = 64  # characters: longer "words" are seldom words and hardly come twice, and would fill the memory


class _Memo(dict[str, Value], Generic[Value]):
    def __init__(self, function: Callable[[str], Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, word: str) -> Value:
        if len(word) > MAX_LENGTH:
            return self._function(word)
        if len(self) >= MAX_WORDS:
            self.clear()
        value = self[word] = self._function(word)
        return value


def remembered(function: Callable[[str], Value]) -> Callable[[str], Value]:
    """`function`, asked once for every word.

    A hit is one look-up and writes nothing; functools.lru_cache moves every hit to the front of a list, which costs
    more than most of what is remembered here. When it is full it forgets everything, so that memory stays bounded.
    """
    return _Memo(function).__getitem__
