"""Asking a publisher for its file: safely, within a total time and size, and only for what changed since."""

import os
import time
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from portal.addresses import Refused
from portal.outward import client_for

MAX_BYTES = 100 * 1024 * 1024  # on the wire; the importers bound what it unpacks to
MAX_SECONDS = 120.0  # from the first connection to the last byte, over all redirects
MAX_REDIRECTS = 5
WAIT_SECONDS = 20.0  # for a connection, or between two pieces of an answer
_PIECE = 1 << 16


class FetchFailed(Exception):
    """There is no file; the message says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A publisher's answer. `changed` is False where it said that nothing is new since the validators it was given."""

    changed: bool
    data: bytes = b""
    etag: str = ""
    last_modified: str = ""


def fetch_file(url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
    """Fetch a file, with the validators of its last answer. Raises FetchFailed, and nothing else."""
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    deadline = time.monotonic() + MAX_SECONDS
    try:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _ask(url, headers, deadline)
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
    except Refused as error:
        raise FetchFailed(str(error)) from None
    except httpx.TimeoutException:
        raise FetchFailed(f"The server did not answer within {WAIT_SECONDS:.0f} seconds.") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError, ValueError) as error:
        raise FetchFailed(f"The connection broke: {type(error).__name__} {str(error)[:200]}".strip()) from None
    raise FetchFailed(f"The address redirects more than {MAX_REDIRECTS} times.")


def _ask(url: str, headers: dict[str, str], deadline: float) -> Fetched | str:
    """The file, or the address that the answer sends us to."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchFailed(f"The file did not arrive within {MAX_SECONDS:.0f} seconds.")
    client = client_for(process=os.getpid())
    with client.stream("GET", url, headers=headers, timeout=min(WAIT_SECONDS, left)) as response:
        if response.status_code == 304:
            return Fetched(changed=False)
        location = response.headers.get("location", "")
        if response.status_code in {301, 302, 303, 307, 308} and location:
            return location
        if response.status_code != 200:
            raise FetchFailed(f"The server answered {response.status_code} {response.reason_phrase}".strip() + ".")
        return Fetched(
            changed=True,
            data=_body(response, deadline),
            etag=response.headers.get("etag", "")[:500],
            last_modified=response.headers.get("last-modified", "")[:100],
        )


def _body(response: httpx.Response, deadline: float) -> bytes:
    """The bytes as they come over the wire: what is packed is unpacked by the importers, within their limits."""
    found = bytearray()
    for piece in response.iter_raw(_PIECE):
        found += piece
        if len(found) > MAX_BYTES:
            raise FetchFailed(f"The file is larger than {MAX_BYTES >> 20} MB.")
        if time.monotonic() > deadline:
            raise FetchFailed(f"The file did not arrive within {MAX_SECONDS:.0f} seconds.")
    return bytes(found)
