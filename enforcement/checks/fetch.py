"""Fetch a page: safely (public addresses only), with limits (bytes, seconds, redirects), and keep what was seen."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.utils import timezone

from enforcement.rules.verdict.answer import Answer
from enforcement.rules.verdict.decoding import as_text, other_text
from portal.http import silent_hosts
from portal.http.addresses import Resolver, parts_of, resolve
from portal.http.client import Exchange, NoAnswer, Way, ask

MAX_BYTES = 2_000_000
MAX_REDIRECTS = 5
ASKED_FOR = {"Accept": "text/html,*/*;q=0.5", "Accept-Language": "en,*;q=0.5"}


@dataclass(frozen=True)
class Capture:
    """What a check saw. `failure` is the reason why there is no answer; then `status` is None, and `refused` is whether
    we refused to send the request.

    `extracted` is what the verdict rules read from the page, once they have run. `exchanges` are the requests and the
    heads of their answers, redirects included; `truncated` is whether the page was longer than what was kept.
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
    exchanges: tuple[Exchange, ...] = ()
    truncated: bool = False

    @cached_property
    def text(self) -> str:
        """The page as the rules read it, whatever its encoding. `body` stays unchanged and is what is hashed."""
        return as_text(self.body, self.headers.get("content-type", ""))

    @cached_property
    def answer(self) -> Answer:
        """What was seen as the rules judge it; a capture without an answer has status 0."""
        other = other_text(self.body, self.headers.get("content-type", ""))
        return Answer(
            self.status or 0, self.url, self.final_url, self.headers, self.text, self.truncated, other_text=other
        )


def fetch_page(
    url: str,
    *,
    resolver: Resolver = resolve,
    proxy: str = "",
    known: dict[str, str] | None = None,
    asked_for: dict[str, str] = ASKED_FOR,
    most_bytes: int = MAX_BYTES,
) -> Capture:
    """Fetch a page as a visitor would see it. Never raises for what a shop or a network does: see `failure`.

    It ends within CHECK_SECONDS, a host that repeatedly does not answer is not asked for a while, and each redirect is
    checked like the first address (portal/http/client.py). With `known`, the validators of an earlier answer (etag,
    last-modified), an unchanged page is answered with status 304 and no body. `proxy` is the address of a proxy to use,
    `asked_for` the request headers; at most `most_bytes` of the body are kept.
    """
    at, headers = timezone.now(), dict(asked_for)
    exchanges: list[Exchange] = []
    for name, validator in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
        if known and known.get(name):
            headers[validator] = known[name]
    host = _host_of(url)
    if silent_hosts.rests(host):
        return Capture(
            url, at, final_url=url, failure=f"{host} repeatedly gave no answer. It will be checked again later."
        )
    try:
        answer = ask(
            url,
            seconds=settings.CHECK_SECONDS,
            max_bytes=most_bytes,
            max_redirects=MAX_REDIRECTS,
            headers=headers,
            way=Way(proxy, resolver),
            exchanges=exchanges,
        )
    except NoAnswer as failed:
        if failed.silent:
            silent_hosts.was_silent(host)
        return Capture(
            url,
            at,
            final_url=failed.url,
            chain=failed.chain,
            failure=str(failed),
            refused=failed.refused,
            exchanges=tuple(exchanges),
        )
    silent_hosts.answered(host)
    return Capture(
        url,
        at,
        answer.status,
        answer.url,
        answer.chain,
        dict(answer.headers),
        answer.body,
        exchanges=tuple(exchanges),
        truncated=len(answer.body) >= most_bytes,
    )


def _host_of(url: str) -> str:
    return "" if (parts := parts_of(url)) is None else parts.netloc.lower()
