"""One request and its answer: a limit for the whole time, a limit for the size, no redirects."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import httpx

from offshelf_client.failures import Exit, Failure

MAX_BYTES = 64 << 20  # of an answer, decompressed; a page of 100 notices has about 1 MB


class Request(NamedTuple):
    """`body` is sent as JSON where it is not None, bytes as they are."""

    method: str
    url: str
    headers: Mapping[str, str]
    parameters: Mapping[str, str]
    body: Any = None


class Answer(NamedTuple):
    """`content` is what the JSON says; None where the body is not JSON."""

    status: int
    headers: Mapping[str, str]
    content: Any


class NoAnswer(Failure):
    """Nothing that could be used came back in time; another attempt may help."""

    def __init__(self, message: str) -> None:
        super().__init__(message, Exit.NO_ANSWER)


def exchange(request: Request, *, seconds: float) -> Answer:
    """Ask once. `seconds` is for all of it: name, connection, TLS, sending, and a body that trickles. Raises NoAnswer."""
    host = httpx.URL(request.url).host
    try:
        return asyncio.run(_exchange(request, seconds))
    except TimeoutError:
        raise NoAnswer(f"{host} did not answer in time.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NoAnswer(f"Cannot reach {host}: {_reason(error)}.") from None


async def _exchange(request: Request, seconds: float) -> Answer:
    async with asyncio.timeout(max(0.001, seconds)), httpx.AsyncClient(verify=_certificates(), timeout=None) as client:  # noqa: S113  the timeout above is for all of it
        asked = client.stream(
            request.method,
            request.url,
            params=dict(request.parameters),
            headers=dict(request.headers),
            content=request.body if isinstance(request.body, bytes | None) else json.dumps(request.body).encode(),
        )
        async with asked as answer:
            content = bytearray()
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > MAX_BYTES:
                    raise NoAnswer(f"The answer of {answer.url.host} is larger than {MAX_BYTES >> 20} MB.")
    return Answer(answer.status_code, answer.headers, _read(content))


@lru_cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _read(content: bytes | bytearray) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _reason(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
