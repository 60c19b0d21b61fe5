"""Streaming readers: one (line number, row or complaint) after the other from JSONL or CSV, gzip or plain.

A line that cannot be read is a complaint and never stops the lines after it. What makes the whole file unreadable
raises UnreadableFeed with one sentence.
"""

import codecs
import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from typing import IO, Any

Row = dict[str, Any]
LARGEST_UNPACKED = 20 * 1024**3
LARGEST_RATIO = 150
LONGEST_LINE = 2_000_000  # characters
MOST_COLUMNS = 300


class UnreadableFeed(ValueError):
    """Nothing of the file can be read; the message says why and how to mend it."""


class Complaint(str):
    """Why one line could not be read, and how to mend it."""

    __slots__ = ()


class _Capped(io.RawIOBase):
    """Passes bytes through and stops where a packed file unpacks to far more than it could honestly hold."""

    def __init__(self, source: IO[bytes], limit: int) -> None:
        self._source, self._left = source, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._source.read(len(buffer))
        except (OSError, EOFError, zlib.error):
            raise UnreadableFeed("The gzip file is damaged or cut off: pack and upload it again.") from None
        self._left -= len(chunk)
        if self._left < 0:
            raise UnreadableFeed("The gzip file unpacks to far more than a catalogue would: it was refused.")
        buffer[: len(chunk)] = chunk
        return len(chunk)


def read_feed(source: IO[bytes], size: int) -> Iterator[tuple[int, Row | Complaint]]:
    """The rows of a feed of `size` bytes. The format is seen from the content, not from the name."""
    head = source.read(2)
    source.seek(0)
    packed = head == b"\x1f\x8b"
    limit = min(LARGEST_UNPACKED, max(size * LARGEST_RATIO, 50_000_000)) if packed else LARGEST_UNPACKED
    raw = io.BufferedReader(_Capped(gzip.open(source) if packed else source, limit), 1 << 18)  # type: ignore[arg-type]  # noqa: SIM115  read to its end by the caller
    start = raw.peek(1 << 16)[: 1 << 16]
    if not start.strip():
        raise UnreadableFeed("The file is empty.")
    encoding = encoding_of(start)
    lines = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
    first = start.decode(encoding, errors="replace").lstrip("\ufeff \r\n\t")
    if first.startswith("["):
        raise UnreadableFeed("The file is one JSON list. Write one JSON object a line (JSONL), or CSV with a header.")
    yield from _jsonl(lines) if first.startswith("{") else _csv(lines, first)


def encoding_of(start: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, UTF-8 where it fits, else Windows-1251 or -1252 by which letters they give."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            return name
    if start[1:2] == b"\x00":
        return "utf-16-le"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start, final=False)
    except UnicodeDecodeError:
        cyrillic = start.decode("cp1251", errors="replace")
        letters = sum("а" <= character.lower() <= "я" for character in cyrillic)
        high = sum(byte > 127 for byte in start)
        return "cp1251" if high and letters > 0.8 * high and any(map(_looks_cyrillic, cyrillic.split())) else "cp1252"
    return "utf-8"


def _looks_cyrillic(word: str) -> bool:
    return len(word) >= 4 and all("а" <= character.lower() <= "я" for character in word)


def _capped_lines(lines: IO[str]) -> Iterator[tuple[int, str | Complaint]]:
    number = 0
    while line := lines.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE and not line.endswith("\n"):
            while (rest := lines.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            yield number, Complaint(f"the line is longer than {LONGEST_LINE:,} characters: split or shorten it")
        elif line.strip():
            yield number, line


def _jsonl(lines: IO[str]) -> Iterator[tuple[int, Row | Complaint]]:
    for number, line in _capped_lines(lines):
        if isinstance(line, Complaint):
            yield number, line
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            yield number, Complaint(f"not JSON: {error.msg} at column {error.colno}; write one object a line")
        except RecursionError:
            yield number, Complaint("nested too deeply: a listing is one flat object")
        else:
            yield (
                number,
                row if isinstance(row, dict) else Complaint(f"a {type(row).__name__}; one object a line was expected"),
            )


def _csv(lines: IO[str], first: str) -> Iterator[tuple[int, Row | Complaint]]:
    head = first.splitlines()[0] if first else ""
    delimiter = max("\t;,|", key=head.count)
    if delimiter not in head:
        raise UnreadableFeed(
            "The file is neither JSONL nor CSV: its first line must be a JSON object or a header with column names."
        )
    numbers = [0]

    def counted() -> Iterator[str]:
        for number, line in _capped_lines(lines):
            numbers[0] = number
            if not isinstance(line, Complaint):
                yield line.replace("\x00", "")

    reader = csv.reader(counted(), delimiter=delimiter)
    header: list[str] | None = None
    try:
        for cells in reader:
            if header is None:
                header = [cell.strip().lstrip("\ufeff").lower() for cell in cells]
                if len(header) > MOST_COLUMNS:
                    raise UnreadableFeed(
                        f"The header has {len(header)} columns; {MOST_COLUMNS} are the most that is read."
                    )
                continue
            if [cell.strip().lower() for cell in cells] == header:
                yield numbers[0], Complaint("the header again: remove it")
            elif len(cells) != len(header):
                yield (
                    numbers[0],
                    Complaint(
                        f"{len(cells)} cells where the header has {len(header)}: quote cells that hold a {delimiter!r}"
                    ),
                )
            else:
                yield numbers[0], dict(zip(header, cells, strict=True))
    except csv.Error as error:
        yield numbers[0], Complaint(f"the CSV breaks off here ({error}): close the quotes")
