"""Asking others on the internet: only public addresses, a limit for the whole time, a limit for every size.

Whoever is asked may be an adversary, so `ask` is the one way to do it. The address is checked where the connection is
made, also after a redirect: a name that changes its mind between check and connection gains nothing, and connections can
be kept alive. The deadline is kept on every read (portal/http/streams.py). Spoken is HTTP/1.1 alone: over HTTP/2 httpcore
waits without a limit for streams that a server may withhold, and shares a connection between threads.
"""

import io
import os
import ssl
import threading
import weakref
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import BinaryIO
from urllib.parse import urljoin

import httpcore
import httpx
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from portal import tracing
from portal.http.addresses import Refused, Resolver, Unresolved, place_of, resolve
from portal.http.streams import CheckedBackend, check, deadline, remaining

AGENT = "Offshelf product-safety check"
MAX_HEADERS = 65_536  # bytes of an answer's headers
PIECE = 65_536  # bytes that are decompressed at once
REDIRECTS = {301, 302, 303, 307, 308}
_POOL = {"max_connections": 64, "max_keepalive_connections": 32, "keepalive_expiry": 15.0}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `headers` by their lowercase names, of the body no more than was wanted, decompressed.

    `url` is where it came from, after the redirects of `chain`.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    chain: tuple[str, ...] = ()

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it was sent and the head of its answer as it came: first line and headers, each ended by CR LF.

    Bytes are read as Latin-1, so that nothing is lost. `url` is the address that was asked, `at` when (UTC). What a proxy of
    ours was told is not in it.
    """

    url: str
    at: datetime
    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class Way:
    """How to get there: through the proxy of that address or straight. `own` is for addresses that are settings of this
    installation: they may be private; all others must be public, as must be where they redirect to. `roots` is a PEM file
    of authorities that are trusted besides the public ones."""

    proxy: str = ""
    resolver: Resolver = resolve
    own: bool = False
    roots: str = ""


PUBLIC, OWN = Way(), Way(own=True)


class NoAnswer(Exception):
    """Nothing that could be used came back; the message says why. `refused`: it was we who would not ask.
    `silent`: the time was over. `unreached`: there was no connection that anything could have been sent on.

    `url` is the last address that was tried, `chain` those that led there.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str,
        chain: tuple[str, ...] = (),
        refused: bool = False,
        silent: bool = False,
        unreached: bool = False,
    ) -> None:
        super().__init__(message)
        self.url, self.chain, self.refused, self.silent = url, chain, refused, silent
        self.unreached = unreached


def ask(  # noqa: PLR0913  each is a part of the request or of its limits
    url: str,
    *,
    seconds: float,
    max_bytes: int,
    headers: Mapping[str, str] | None = None,
    origin_headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    max_redirects: int = 0,
    way: Way = PUBLIC,
    exchanges: list[Exchange] | None = None,
    sink: BinaryIO | None = None,
) -> Answer:
    """Get `url`, or post `content` to it; the answer has the first `max_bytes` of its body. Raises NoAnswer, nothing else.

    `seconds` is for all of it: name, connection, TLS, headers, body, redirects. No cookie is kept, and no proxy of the
    environment is used. What was asked and answered is added to `exchanges`, one by one, also where nothing comes of it.
    `origin_headers` are secrets: they go to scheme, host and port of `url`, and nowhere else that it redirects to. With
    `sink`, the body is written there piece by piece, and the answer has none.
    """
    chain: tuple[str, ...] = ()
    address, method = url, "GET" if content is None else "POST"
    origin = httpx.URL("")
    with tracing.span(f"ask {method}", "CLIENT", http__request__method=method) as span:
        try:
            with deadline(seconds):
                client = _client(way)
                while True:
                    wanted = {"Accept-Encoding": "identity", **(headers or {})}
                    request = client.build_request(
                        method, address, headers=wanted, content=content, timeout=remaining()
                    )
                    origin = request.url if not chain else origin
                    if origin_headers and _origin(request.url) == _origin(origin):
                        request.headers.update(origin_headers)
                    at = datetime.now(UTC)
                    answer = client.send(request, stream=True)
                    try:
                        _refuse_long(answer)
                        if exchanges is not None:
                            exchanges.append(_exchange(request, answer, at))
                        found = {name.lower(): value for name, value in answer.headers.items()}
                        location = found.get("location", "")
                        if max_redirects and answer.status_code in REDIRECTS and location:
                            chain = (*chain, address)
                            if len(chain) > max_redirects:
                                raise NoAnswer(f"More than {max_redirects} redirects.", url=address, chain=chain)
                            address = urljoin(address, location)
                            continue
                        span.add(http__response__status_code=answer.status_code)
                        return Answer(answer.status_code, found, _body(answer, max_bytes, sink), address, chain)
                    finally:
                        answer.close()
        except (NoAnswer, SoftTimeLimitExceeded):
            raise
        except Refused as refusal:
            refused = not isinstance(refusal, Unresolved)
            raise NoAnswer(str(refusal), url=address, chain=chain, refused=refused, unreached=True) from None
        except Exception as error:
            # What a stranger sends makes the libraries below raise whatever they like: of IDNA, of HTTP, of zlib.
            silent = isinstance(error, TimeoutError | httpcore.TimeoutException)
            unconnected = isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout)
            unreached = unconnected and not isinstance(error.__cause__, ssl.SSLError)
            detail = f"{type(error).__name__}: {error}"[:300]
            raise NoAnswer(detail, url=address, chain=chain, silent=silent, unreached=unreached) from error


def _exchange(request: httpx.Request, answer: httpx.Response, at: datetime) -> Exchange:
    asked = b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)
    version, reason = (answer.extensions.get(name, b"") for name in ("http_version", "reason_phrase"))
    answered = b"%s %d %s" % (version or b"HTTP/1.1", answer.status_code, reason)
    return Exchange(str(request.url), at, _head(asked, request.headers.raw), _head(answered, answer.headers.raw))


def _head(first: bytes, headers: Iterable[tuple[bytes, bytes]]) -> str:
    lines = [first, *(name + b": " + value for name, value in headers)]
    return b"".join(line + b"\r\n" for line in lines).decode("latin-1")


def _refuse_long(answer: httpx.Response) -> None:
    if sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) > MAX_HEADERS:
        raise ValueError(f"The headers of the answer are longer than {MAX_HEADERS:,} bytes.")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port  # httpx leaves out a scheme's own port


def _body(answer: httpx.Response, max_bytes: int, sink: BinaryIO | None) -> bytes:
    """The first `max_bytes` of the body, or nothing where they went to `sink`; gzip is unpacked no further than to there,
    whatever else it would become."""
    unpack = _unpacker(answer.headers.get("content-encoding", ""))
    kept, written = io.BytesIO(), 0
    out: BinaryIO = kept if sink is None else sink
    for received in answer.iter_raw():
        remaining()
        for start in range(0, len(received), PIECE):
            piece = received[start : start + PIECE]
            if unpack is not None:
                piece = unpack.decompress(piece, max_bytes - written + 1)
            out.write(piece[: max_bytes - written])
            written += min(len(piece), max_bytes - written)
            if written >= max_bytes:
                return kept.getvalue()
            if unpack is not None and unpack.unused_data:
                raise ValueError("More follows where the gzip of the answer ended.")
    if unpack is not None and not unpack.eof:
        raise ValueError("The gzip of the answer broke off.")
    return kept.getvalue()


def _unpacker(encoding: str) -> "zlib._Decompress | None":
    """We ask for bodies as they are; a server that sends gzip all the same is read too, anything else is not."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return None
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(zlib.MAX_WBITS | 32)
    raise ValueError(f"The answer is encoded as {encoding[:50]}, which was not asked for.")


class _Transport(httpx.BaseTransport):
    """httpx's requests over a pool whose connections are checked, after a look at the shape of every address.

    Through a proxy, the name is checked here and resolved again there: the proxy is ours to trust.
    """

    def __init__(self, way: Way) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        if way.roots:
            context.load_verify_locations(cafile=way.roots)
        self._way = way
        self._pool: httpcore.ConnectionPool
        if way.proxy:
            server = httpx.Proxy(way.proxy)
            self._pool = httpcore.HTTPProxy(
                proxy_url=_place(server.url),
                proxy_auth=server.raw_auth,
                proxy_headers=server.headers.raw,
                ssl_context=context,
                proxy_ssl_context=httpx.create_ssl_context(trust_env=False) if server.url.scheme == "https" else None,
                network_backend=CheckedBackend(None),
                **_POOL,  # type: ignore[arg-type]
            )
        else:
            backend = CheckedBackend(None if way.own else way.resolver)
            self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=backend, **_POOL)  # type: ignore[arg-type]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self._way.own:
            _, host, port = place_of(str(request.url), allowed_private=settings.FETCH_ALLOWED_PRIVATE)
            if self._way.proxy:
                check(host, port, self._way.resolver)
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=_place(request.url),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _place(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


_making = threading.Lock()


def _client(way: Way) -> httpx.Client:
    """The client that this process keeps, with its connections; a forked process gets its own."""
    with _making:
        return _kept(os.getpid(), way)


@lru_cache(maxsize=32)
def _kept(_process: int, way: Way) -> httpx.Client:
    keeps_none, transport = CookieJar(DefaultCookiePolicy(allowed_domains=[])), _Transport(way)
    client = httpx.Client(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": AGENT},
        cookies=keeps_none,
    )
    weakref.finalize(client, transport.close)  # once it is dropped here and no thread asks by it any more
    return client
