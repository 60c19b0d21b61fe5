"""Looking at a page: safely (public addresses only), bounded (bytes, seconds, redirects), and keeping what was seen."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

import httpx
from django.conf import settings
from django.utils import timezone

from enforcement.addresses import Refused, Resolver, resolve, target_of

MOST_BYTES = 2_000_000
MOST_SECONDS = 15.0
MOST_REDIRECTS = 5
AGENT = "Offshelf product-safety check"


@dataclass(frozen=True)
class Capture:
    """What a look saw. `failure` says why there is no answer; then `status` is None.

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
    extracted: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        content_type = self.headers.get("content-type", "")
        encoding = content_type.partition("charset=")[2].split(";")[0].strip(" \"'") or "utf-8"
        try:
            return self.body.decode(encoding, errors="replace")
        except LookupError:
            return self.body.decode("utf-8", errors="replace")


def look_at(url: str, *, resolver: Resolver = resolve) -> Capture:
    """Fetch a page as a visitor would see it. Never raises for what a shop or a network does: see `failure`.

    Each redirect is checked like the first address, and we connect to the very address that was checked, so a name
    that changes its mind between check and connection gains nothing.
    """
    at, address, chain = timezone.now(), url, []
    deadline = time.monotonic() + MOST_SECONDS
    try:
        for _ in range(MOST_REDIRECTS + 1):
            with _answer(address, deadline, resolver) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                location = headers.get("location", "")
                if response.status_code in {301, 302, 303, 307, 308} and location:
                    chain.append(address)
                    address = urljoin(address, location)
                    continue
                body = _body(response, deadline)
                return Capture(url, at, response.status_code, address, tuple(chain), headers, body)
    except Refused as refusal:
        return Capture(url, at, final_url=address, chain=tuple(chain), failure=str(refusal))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
        return Capture(url, at, final_url=address, chain=tuple(chain), failure=f"{type(error).__name__}: {error}"[:300])
    return Capture(url, at, final_url=address, chain=tuple(chain), failure=f"More than {MOST_REDIRECTS} redirects.")


@contextlib.contextmanager
def _answer(address: str, deadline: float, resolver: Resolver) -> Iterator[httpx.Response]:
    target = target_of(address, allowed_private=settings.FETCH_ALLOWED_PRIVATE, resolver=resolver)
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"No answer within {MOST_SECONDS:.0f} seconds.")
    url = httpx.URL(address)
    literal = f"[{target.ip}]" if ":" in target.ip else target.ip
    standard = 443 if target.scheme == "https" else 80
    host = target.host if target.port == standard else f"{target.host}:{target.port}"
    headers = {"Host": host, "User-Agent": AGENT, "Accept": "text/html,*/*;q=0.5", "Accept-Language": "en,*;q=0.5"}
    with (
        httpx.Client(timeout=httpx.Timeout(min(left, 10.0)), trust_env=False, follow_redirects=False) as client,
        client.stream(
            "GET", url.copy_with(host=literal), headers=headers, extensions={"sni_hostname": target.host}
        ) as response,
    ):
        yield response


def _body(response: httpx.Response, deadline: float) -> bytes:
    body = b""
    for chunk in response.iter_bytes(65_536):
        body += chunk
        if len(body) >= MOST_BYTES:
            return body[:MOST_BYTES]
        if time.monotonic() > deadline:
            raise TimeoutError(f"The page did not end within {MOST_SECONDS:.0f} seconds.")
    return body
