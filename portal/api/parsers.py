"""Bodies from untrusted clients. JSON that is nested too deeply, or says two things of one field, is a bad request like any
other; a file is kept on disk while it is read."""

import hashlib
import json
import tempfile
from collections import Counter
from contextlib import suppress
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser

_IN_MEMORY, _AT_ONCE = 1 << 20, 1 << 16


class StrictJSONParser(JSONParser):
    """JSON in UTF-8, in which every object has each of its names once: of two, readers before us may take the other one."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(stream.read().decode(), parse_constant=_no_number, object_pairs_hook=_each_name_once)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply. Send it with fewer levels.") from None
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8. Send it in this encoding.") from None
        except json.JSONDecodeError as error:
            raise ParseError(f"JSON parse error - {error}") from None
        except ValueError:  # of a whole number that Python does not read
            raise ParseError("A number has too many digits.") from None


def _no_number(text: str) -> NoReturn:
    raise ParseError(f"{text} is no number in JSON.")


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise ParseError(f"An object has the field {twice[:60]} twice. Send each field once.")
    return found


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
