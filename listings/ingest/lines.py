"""The lines of a text with their numbers, each bounded, and a way to put lines back."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import IO

from listings.ingest.outcome import Complaint

MAX_LINE = 2_000_000  # characters
TOO_LONG = "too long"


class Lines:
    """Iterates over (number, line) of lines that are not blank; a Complaint replaces a line that is too long."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._back: deque[tuple[int, str | Complaint]] = deque()
        self.number = 0  # of the last line read
        self.ended_whole = True  # whether the last line read had an end
        self.rewrite: Callable[[str], str] | None = None  # of every line that is read

    def __iter__(self) -> Iterator[tuple[int, str | Complaint]]:
        return self

    def __next__(self) -> tuple[int, str | Complaint]:
        while True:
            number, line = self.any()
            if isinstance(line, Complaint) or line.strip():
                return number, line

    def any(self) -> tuple[int, str | Complaint]:
        """The next line, blank or not. Raises StopIteration at the end."""
        if self._back:
            return self._back.popleft()
        line = self._text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.ended_whole = line.endswith(("\n", "\r"))
        if len(line) < MAX_LINE or self.ended_whole:
            line = line.replace("\x00", "")
            return self.number, self.rewrite(line) if self.rewrite else line
        while not self.ended_whole and (rest := self._text.readline(MAX_LINE)):
            self.ended_whole = rest.endswith(("\n", "\r"))
        return self.number, Complaint(
            f"line {self.number} is longer than {MAX_LINE:,} characters: split or shorten it", TOO_LONG
        )

    def breaks_off_at(self, number: int) -> bool:
        """Whether this is the last line so far, and has no end."""
        return number == self.number and not self.ended_whole

    def put_back(self, lines: list[tuple[int, str | Complaint]]) -> None:
        """Let these come next, in their order."""
        self._back.extendleft(reversed(lines))
