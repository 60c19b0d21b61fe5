"""What a Dockerfile and a .dockerignore say, as far as ours use them."""

import fnmatch
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: what it is, and the rest of its line."""

    kind: str
    rest: str

    @property
    def words(self) -> list[str]:
        """Of CMD and HEALTHCHECK the command, of all others the words."""
        listed = re.search(r"\[.*\]", self.rest)
        return [str(word) for word in json.loads(listed[0])] if listed else shlex.split(self.rest)


def steps(text: str) -> list[Step]:
    """The instructions in order, each on one line, without comments."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text))
    return [Step(*line.split(" ", 1)) for line in joined.splitlines() if line]


def stages(found: Iterable[Step]) -> Iterator[tuple[str, list[Step]]]:
    """Name (empty where it has none) and instructions of each stage; the last one is the image."""
    name, inside = "", list[Step]()
    for step in found:
        if step.kind == "FROM":
            if inside:
                yield name, inside
            words = step.words
            name, inside = (words[2] if len(words) == 3 else ""), []
        inside.append(step)
    yield name, inside


def copied(paths: Iterable[str], ignore: str) -> list[str]:
    """Which of the files, relative to the context, `COPY .` takes: the last line of .dockerignore that fits one decides."""
    rules = [line.strip() for line in ignore.splitlines() if line.strip() and not line.startswith("#")]
    return [path for path in paths if not _is_left_out(path, rules)]


def _is_left_out(path: str, rules: list[str]) -> bool:
    left_out = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        parts = path.split("/")
        above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        names = parts if pattern.startswith("**/") else above
        if any(fnmatch.fnmatchcase(name, pattern.removeprefix("**/")) for name in names):
            left_out = not rule.startswith("!")
    return left_out
