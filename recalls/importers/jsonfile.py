"""JSON from untrusted sources: a bad value costs only its own record; a file that is cut off gives what came before.

A valid file is read at once. Any other is read value by value: a value that cannot be read becomes a `Broken`.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Any

MAX_DIGITS = 400  # of a number; Python refuses to read one of 4,300
_SPACE = re.compile(r"[\s\x00]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}"]', re.DOTALL)
PATIENCE = 200  # a broken file is read over for this many times its length; the rest is then skipped
_MAX_LEVELS = 12  # to which a broken container is split


@dataclass(frozen=True, slots=True)
class Broken:
    """A value that cannot be used, and why. `text` is the value as it is in the file."""

    problem: str
    text: str = ""


class BrokenObject(dict[str, Any]):
    """An object that could not be read in part, or that is cut off at the end of the file."""

    problem = ""
    text = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values at the top of the file (more than one in JSON Lines), and where it is cut off."""

    values: list[Any]
    broke_off: str = ""


def parse(text: str) -> Parsed:
    """Never raises, whatever is in `text`: at worst one value is Broken."""
    try:
        return Parsed([_decoder().decode(text.strip("\x00 \t\r\n"))])
    except (json.JSONDecodeError, RecursionError):
        lines = [each for each in text.split("\n") if each.strip("\x00 \t\r")]
        return _line_by_line(lines) if _is_lines(lines) else _Tolerant(text).parse()


def _is_lines(lines: list[str]) -> bool:
    """Whether the text is JSON Lines: more than one line, and the first is an object by itself."""
    if len(lines) < 2 or not lines[0].lstrip().startswith("{"):
        return False
    try:
        _decoder().decode(lines[0].strip())
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def _line_by_line(lines: list[str]) -> Parsed:
    """JSON Lines: a bad line costs only itself."""
    values: list[Any] = []
    cut = ""
    for number, each in enumerate(lines, 1):
        try:
            values.append(_decoder().decode(each.strip()))
        except (json.JSONDecodeError, RecursionError):
            found = _Tolerant(each).parse()
            values += found.values
            if found.broke_off and number == len(lines):
                cut = f"the file is cut off in line {number:,}"
    return Parsed(values, cut)


def problem_in(value: Any) -> str:
    """Why a record cannot be used; empty if it can. Checks every value in it."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Broken):
            return each.problem
        if isinstance(each, BrokenObject):
            return each.problem
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return ""


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        strict=False, parse_int=_integer, parse_float=_real, parse_constant=_constant, object_pairs_hook=_object
    )


def _integer(digits: str) -> int | Broken:
    if len(digits) > MAX_DIGITS:
        return Broken(f"a number has {len(digits):,} digits: write it as text, in quotes", digits[:40])
    return int(digits)


def _real(digits: str) -> float | Broken:
    if len(digits) > MAX_DIGITS or not math.isfinite(number := float(digits)):
        return Broken(f"the number {digits[:40]} is too large: write it as text, in quotes", digits[:40])
    return number


def _constant(name: str) -> Broken:
    return Broken(f"{name} is not JSON: leave the value out, or write null", name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        first: dict[str, Any] = {}
        for name, value in pairs:
            if first.setdefault(name, value) != value:
                found[name] = Broken(f"{name[:60]!r} is twice in one object, with different values: keep one of them")
    return found


class _Tolerant:
    """Reads value by value. A container that cannot be read as a whole is split, down to a few levels."""

    def __init__(self, text: str) -> None:
        self._text, self._decode = text, _decoder().raw_decode
        self._cut = ""
        self._left = PATIENCE * len(text) + 10_000_000

    def parse(self) -> Parsed:
        values: list[Any] = []
        at = self._skip(0)
        while at < len(self._text) and self._left > 0:
            value, end = self._value(at, 0)
            values.append(value)
            at = self._skip(max(end, at + 1))
            if at < len(self._text) and self._text[at] == ",":
                at = self._skip(at + 1)
        return Parsed(values, self._cut)

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _value(self, at: int, level: int) -> tuple[Any, int]:
        """The value that begins at `at`, and where it ends."""
        try:
            return self._decode(self._text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            self._spend(at, error)
            opening = self._text[at : at + 1]
            if opening and opening in "[{" and level < _MAX_LEVELS:
                return self._object(at, level, error) if opening == "{" else (self._array(at, level))
            return Broken(self._problem(error), self._text[at : at + 2000]), self._end(at)

    def _spend(self, at: int, error: Exception) -> None:
        """Subtract the cost of a failure: the text that was read, and the lines before it that were counted."""
        if isinstance(error, json.JSONDecodeError):
            self._left -= error.pos + (len(self._text) if error.msg.startswith("Unterminated") else error.pos) - at

    def _problem(self, error: Exception) -> str:
        if isinstance(error, json.JSONDecodeError):
            return f"it is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        return "it is nested too deeply to be a recall"

    def _end(self, at: int) -> int:
        """Where the container or word at `at` ends, according to quotes and brackets; the end of the text if they do not say."""
        if self._text[at : at + 1] not in {"[", "{"}:
            match = re.compile(r"[,\]}\n]").search(self._text, at)
            return match.start() if match else len(self._text)
        depth = 0
        for match in _TOKEN.finditer(self._text, at):
            found = match[0]
            if found in {"[", "{"}:
                depth += 1
            elif found in {"]", "}"}:
                depth -= 1
                if depth == 0:
                    return match.end()
            elif len(found) == 1:
                break  # an unclosed quote
        self._left -= len(self._text) - at
        return len(self._text)

    def _array(self, at: int, level: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        at, first = self._skip(at + 1), ""
        while at < len(self._text) and self._left > 0:
            if self._text[at] == "]":
                return found, at + 1
            start = at
            value, at = self._value(at, level + 1)
            if isinstance(value, dict) and value and not isinstance(value, BrokenObject):
                first = first or next(iter(value))
            elif isinstance(value, Broken | BrokenObject) and first and at >= len(self._text):
                at = self._next_sibling(start, first)
                if at < len(self._text):
                    self._cut = ""
            found.append(value)
            at = self._skip(max(at, start + 1))
            if at < len(self._text) and self._text[at] == ",":
                at = self._skip(at + 1)
            elif at < len(self._text) and self._text[at] not in ']{["':
                at = self._skip(self._end(at) if self._text[at] not in "}" else at + 1)
        self._break_off()
        return found, len(self._text)

    def _next_sibling(self, start: int, first: str) -> int:
        """Where the next object begins whose first name is the same as that of the objects before."""
        pattern = re.compile(r"\}\s*,\s*(?=\{\s*" + re.escape(json.dumps(first)) + r"\s*:)")
        match = pattern.search(self._text, start + 1)
        return match.end() if match else len(self._text)

    def _object(self, at: int, level: int, error: Exception) -> tuple[BrokenObject, int]:
        found = BrokenObject()
        found.problem, start = self._problem(error), at
        at = self._skip(at + 1)
        while at < len(self._text) and self._text[at] != "}":
            name, after = self._name(at)
            if after < 0:
                at = self._end(start)
                found.text = self._text[start : start + 2000]
                if at >= len(self._text) and not self._text.rstrip().endswith("}"):
                    self._break_off()
                return found, at
            value, at = self._value(after, level + 1)
            found[name] = value
            at = self._skip(at)
            if self._text[at : at + 1] == ",":
                at = self._skip(at + 1)
        found.text = self._text[start : start + 2000]
        if at >= len(self._text):
            self._break_off()
        return found, min(at + 1, len(self._text))

    def _name(self, at: int) -> tuple[str, int]:
        """The name of an object's member, and where its value begins; -1 if there is no name with a colon."""
        try:
            name, at = self._decode(self._text, at)
        except (json.JSONDecodeError, RecursionError):
            return "", -1
        at = self._skip(at)
        return (name, self._skip(at + 1)) if isinstance(name, str) and self._text[at : at + 1] == ":" else ("", -1)

    def _break_off(self) -> None:
        if self._left <= 0:
            self._cut = "too much of the file is not JSON"
            return
        lines = self._text.count("\n") + 1
        column = len(self._text) - self._text.rfind("\n")
        self._cut = f"the file is cut off at line {lines:,}, column {column:,}"
