"""The transfer size of a page, compressed with gzip."""

import gzip
import posixpath
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

FIRST_KB, LATER_KB = 150.0, 30.0
_NAMED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"')
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+?\.(?:svg|png|woff2))")
_UNUSED = "Italic"  # font faces of the style sheet that no page uses


def later(page: bytes) -> int:
    """Bytes of a page whose static files are cached: their names contain a digest, so they are cached permanently."""
    return len(gzip.compress(page, compresslevel=6))


def first(page: bytes) -> int:
    """Bytes of a page on the first visit."""
    return later(page) + sum(_weight(name) for name in files_of(page))


def files_of(page: bytes) -> set[str]:
    """The static files that a page or its style sheets refer to, whether used or not."""
    prefix = f"/{settings.STATIC_URL.strip('/')}/"
    named = {url.removeprefix(prefix) for url in _NAMED.findall(page.decode()) if url.startswith(prefix)}
    return named.union(*(_inside(name) for name in named if name.endswith(".css")))


@cache
def _weight(name: str) -> int:
    return len(gzip.compress(_file(name), compresslevel=9))


@cache
def _inside(sheet: str) -> frozenset[str]:
    found = _IN_STYLE.findall(_file(sheet).decode())
    here = posixpath.dirname(sheet)
    return frozenset(posixpath.normpath(posixpath.join(here, name)) for name in found if _UNUSED not in name)


def _file(name: str) -> bytes:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"No app has the static file {name}.")
    return Path(path).read_bytes()
