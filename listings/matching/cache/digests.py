"""The digest of everything that the index of a file of recalls depends on."""

import hashlib
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

ENGINE = Path(__file__).resolve().parent.parent
LIBRARIES = ("rapidfuzz", "ftfy")  # those that the engine reads with


def digest_of(recalls: Path, sources: Iterable[Path]) -> str:
    """64 hexadecimal characters that change with the file of recalls, with the engine's code, words and weights, with
    Python and the libraries, and with `sources`, the files and folders of the code that reads the file. Raises OSError.
    """
    whole = hashlib.sha256()
    python = (sys.implementation.cache_tag, sys.version, unicodedata.unidata_version)
    for said in (*python, *(f"{name} {version(name)}" for name in LIBRARIES)):
        whole.update(f"{said}\n".encode())
    for source in _files([ENGINE, *sources]):
        _add(whole, source)
    _add(whole, recalls)
    return whole.hexdigest()


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        if source.is_dir():
            yield from sorted(each for each in source.rglob("*") if each.suffix in {".py", ".json"})
        else:
            yield source


def _add(whole: "hashlib._Hash", path: Path) -> None:
    """Each file counts by its own digest, so that moving bytes from one to the next changes the whole."""
    with path.open("rb") as file:
        whole.update(f"{path.name}\n".encode(errors="surrogatepass") + hashlib.file_digest(file, "sha256").digest())
