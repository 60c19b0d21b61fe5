"""A ZIP file of JSON lines that is sent while it is written, so that it needs no memory however long it is."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

PIECE = 1 << 16


class _Pipe(io.RawIOBase):
    """Takes what is written, and gives it away in pieces; it cannot seek."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        self.waiting += len(self._pieces[-1])
        return len(self._pieces[-1])

    def take(self) -> bytes:
        data, self._pieces, self.waiting = b"".join(self._pieces), [], 0
        return data


def zipped(files: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> Iterator[bytes]:
    """The bytes of a ZIP with a file of JSON lines for each name; a name without a row has no file."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files:
            if (first := next(source := iter(rows), None)) is None:
                continue
            with archive.open(name, "w", force_zip64=True) as out:
                out.write(_line(first))
                for row in source:
                    out.write(_line(row))
                    if pipe.waiting >= PIECE:
                        yield pipe.take()
        yield pipe.take()
    yield pipe.take()


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n"
