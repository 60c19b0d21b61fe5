"""Bodies from untrusted clients. JSON that is nested too deeply is a bad request like any other; a file is kept on disk
while it is read."""

import hashlib
import tempfile
from contextlib import suppress
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser

_IN_MEMORY, _AT_ONCE = 1 << 20, 1 << 16


class StrictJSONParser(JSONParser):
    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply. Send it with fewer levels.") from None


class FileParser(BaseParser):
    """The body is a file, whatever it says that it is: read to its end into the view's `file`. What a repeated request is
    compared by is its digest. How large it may be is decided before (portal/http/body_limits.py)."""

    media_type = "*/*"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, str]:
        del media_type
        told = parser_context["request"].headers.get("Content-Length", "")
        left = 0
        with suppress(ValueError):
            left = int(told)
        source, digest = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY), hashlib.sha256()  # noqa: SIM115  the view closes it
        parser_context["view"].file = source
        while left > 0 and (data := stream.read(min(left, _AT_ONCE))):
            left -= len(data)
            digest.update(data)
            source.write(data)
        source.seek(0)
        if left > 0:
            raise ParseError("The file broke off before its end. Send it again.")
        return {"sha256": digest.hexdigest()}
