"""Asking others on the internet, safely: every connection goes to an address that was checked, also after redirects.

The check sits where the connection is made. So a name that changes its mind between check and connection gains nothing,
and connections can be kept alive: one that stands was checked when it was made.
"""

import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx
from django.conf import settings

from portal.addresses import Refused, Resolver, checked_ip, place_of, resolve

AGENT = "Offshelf product-safety check"
LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=15.0)

__all__ = ["AGENT", "Refused", "client_for", "safe_client"]


class _CheckedBackend(httpcore.SyncBackend):
    """Connects to the IP that was checked, whatever the name says a moment later."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        ip = checked_ip(host, port, allowed_private=settings.FETCH_ALLOWED_PRIVATE, resolver=self._resolver)
        return super().connect_tcp(ip, port, timeout, local_address, socket_options)


class _SafeTransport(httpx.HTTPTransport):
    """httpx's transport with a pool whose connections are checked, and a look at the shape of every address.

    Through a proxy, the name is checked here and resolved again there: the proxy is ours to trust.
    """

    def __init__(self, resolver: Resolver, proxy: str) -> None:
        super().__init__(http2=True, trust_env=False, limits=LIMITS, proxy=proxy or None)
        self._resolver = resolver if proxy else None
        if not proxy:
            self._pool = httpcore.ConnectionPool(
                ssl_context=httpx.create_ssl_context(trust_env=False),
                max_connections=LIMITS.max_connections,
                max_keepalive_connections=LIMITS.max_keepalive_connections,
                keepalive_expiry=LIMITS.keepalive_expiry,
                http2=True,
                network_backend=_CheckedBackend(resolver),
            )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        allowed: Sequence[str] = settings.FETCH_ALLOWED_PRIVATE
        _, host, port = place_of(str(request.url), allowed_private=allowed)
        if self._resolver is not None:
            checked_ip(host, port, allowed_private=allowed, resolver=self._resolver)
        return super().handle_request(request)


def safe_client(*, resolver: Resolver = resolve, proxy: str = "") -> httpx.Client:
    """A client that follows no redirect by itself and knows no cookie and no proxy but the one given."""
    transport = _SafeTransport(resolver, proxy)
    keeps_none = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    headers = {"User-Agent": AGENT}
    return httpx.Client(
        transport=transport, trust_env=False, follow_redirects=False, headers=headers, cookies=keeps_none
    )


@lru_cache(maxsize=32)
def _kept(_process: int, proxy: str) -> httpx.Client:
    return safe_client(proxy=proxy)


_making = threading.Lock()


def client_for(proxy: str = "", *, process: int) -> httpx.Client:
    """The client that this process keeps for a proxy, with its connections; a forked process gets its own."""
    with _making:
        return _kept(process, proxy)
