"""The style sheet: written in parts (portal/styles), served as one file, so that a browser asks once for all of it.

`collectstatic` finds the joined file like any other, names it by its digest and compresses it; outside of production
WhiteNoise serves it from a copy in the data folder.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, overload
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

NAME = "offshelf/offshelf.css"
STYLES = Path(__file__).resolve().parent.parent / "styles"
PARTS = (
    "tokens",
    "base",
    "controls",
    "errors",
    "progress",
    "charts",
    "seller_network",
    "layout",
    "components",
    "header",
    "navigation",
    "messages",
    "lists",
    "tables",
    "narrow_tables",
    "queue",
    "review",
    "decide",
    "thread",
    "forms",
    "combobox",
    "wallboard",
    "guide",
    "forced_colours",
    "print",
)
"""Files of the folder in the order of the cascade: of two rules of one weight, that of the later file counts. The first
line of each says what it holds."""


@cache
def _joined() -> bytes:
    return b"\n".join((STYLES / f"{part}.css").read_bytes() for part in PARTS)


class _Joined(Storage):
    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return ContentFile(_joined(), name)

    def path(self, name: str) -> str:
        """A copy on disk, for WhiteNoise, which cannot serve memory. Where it serves what was collected, the parts:
        `collectstatic` opens the file, and only tells its place."""
        if not settings.WHITENOISE_USE_FINDERS:
            return str(STYLES)
        copy = settings.FOLDER / "static" / name
        if not copy.exists() or copy.read_bytes() != _joined():
            copy.parent.mkdir(parents=True, exist_ok=True)
            fresh = copy.with_name(f"{copy.name}.{uuid4().hex}")
            fresh.write_bytes(_joined())
            fresh.replace(copy)  # several processes start at once
        return str(copy)


class JoinedStylesFinder(BaseFinder):
    """Finds the one style sheet of NAME. Raises FileNotFoundError where a part is missing."""

    def __init__(self, app_names: Sequence[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.storage = _Joined()

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    @overload
    def find(self, path: str, find_all: Literal[False] = False) -> str | None: ...
    @overload
    def find(self, path: str, find_all: Literal[True]) -> list[str]: ...
    def find(self, path: str, find_all: bool = False) -> str | list[str] | None:
        found = [self.storage.path(NAME)] if path == NAME else []
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        yield NAME, self.storage
