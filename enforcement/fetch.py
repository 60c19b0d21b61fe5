"""Looking at a page: safely (public addresses only), bounded (bytes, seconds, redirects), and keeping what was seen."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

import httpx
from django.utils import timezone

from enforcement.rules.verdict.decoding import as_text
from portal.addresses import Refused, Resolver, Unresolved
from portal.outward import client_for, safe_client

MOST_BYTES = 2_000_000
MOST_SECONDS = 15.0
MOST_REDIRECTS = 5
ASKED_FOR = {"Accept": "text/html,*/*;q=0.5", "Accept-Language": "en,*;q=0.5"}


@dataclass(frozen=True)
class Capture:
    """What a look saw. `failure` says why there is no answer; then `status` is None, and `refused` says whether it was
    we who would not ask.

    `extracted` is what the rules of the verdict read from the page, once they have.
    """

    url: str
    at: datetime
    status: int | None = None
    final_url: str = ""
    chain: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: str = ""
    refused: bool = False
    extracted: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The page as the rules read it, whatever its encoding; `body` stays as it came and is what is hashed."""
        return as_text(self.body, self.headers.get("content-type", ""))


def look_at(
    url: str,
    *,
    resolver: Resolver | None = None,
    proxy: str = "",
    known: dict[str, str] | None = None,
    asked_for: dict[str, str] = ASKED_FOR,
    most_bytes: int = MOST_BYTES,
) -> Capture:
    """Fetch a page as a visitor would see it. Never raises for what a shop or a network does: see `failure`.

    Each redirect is checked like the first address (portal/outward.py). With `known`, the validators of an earlier answer
    (etag, last-modified), a page that has not changed is answered with status 304 and no body. `proxy` is the address of
    a proxy to look through, `asked_for` the headers that say what is wanted; of the body `most_bytes` are kept.
    """
    at, address, chain = timezone.now(), url, []
    deadline = time.monotonic() + MOST_SECONDS
    try:
        with contextlib.ExitStack() as stack:
            client = client_for(proxy, process=os.getpid())
            if resolver is not None:
                client = stack.enter_context(safe_client(resolver=resolver, proxy=proxy))
            for _ in range(MOST_REDIRECTS + 1):
                with _answer(client, address, deadline, known, asked_for) as response:
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    location = headers.get("location", "")
                    if response.status_code in {301, 302, 303, 307, 308} and location:
                        chain.append(address)
                        address = urljoin(address, location)
                        continue
                    body = _body(response, deadline, most_bytes)
                    return Capture(url, at, response.status_code, address, tuple(chain), headers, body)
    except Refused as refusal:
        refused = not isinstance(refusal, Unresolved)
        return Capture(url, at, final_url=address, chain=tuple(chain), failure=str(refusal), refused=refused)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
        return Capture(url, at, final_url=address, chain=tuple(chain), failure=f"{type(error).__name__}: {error}"[:300])
    return Capture(url, at, final_url=address, chain=tuple(chain), failure=f"More than {MOST_REDIRECTS} redirects.")


@contextlib.contextmanager
def _answer(
    client: httpx.Client, address: str, deadline: float, known: dict[str, str] | None, asked_for: dict[str, str]
) -> Iterator[httpx.Response]:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"No answer within {MOST_SECONDS:.0f} seconds.")
    headers = dict(asked_for)
    for name, validator in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
        if known and known.get(name):
            headers[validator] = known[name]
    with client.stream("GET", address, headers=headers, timeout=httpx.Timeout(min(left, 10.0))) as response:
        yield response


def _body(response: httpx.Response, deadline: float, most_bytes: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes(65_536):
        body += chunk
        if len(body) >= most_bytes:
            return bytes(body[:most_bytes])
        if time.monotonic() > deadline:
            raise TimeoutError(f"The page did not end within {MOST_SECONDS:.0f} seconds.")
    return bytes(body)
