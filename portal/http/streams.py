"""Connections of the http client: every connect, handshake, write and read ends at the deadline of its thread.

A timeout that counts from the last byte is no limit: whoever sends a byte each five seconds keeps it from ever ending.
So what is waited for is never longer than what is left of the whole, however small the pieces are that arrive.
"""

import contextlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import httpcore
from django.conf import settings

from portal.http.addresses import Resolver, Unresolved, checked_ip, not_found

T = TypeVar("T")
MAX_RECORD = 16_384  # bytes that are written, or of TLS in TLS read, at once
MAX_RESOLVING = 64  # names that are asked for at the same time; what hangs in the system's resolver cannot be ended
_until: ContextVar[float] = ContextVar("until")  # of time.monotonic
_resolving = threading.BoundedSemaphore(MAX_RESOLVING)


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Everything that this thread asks for in the block ends within `seconds`, all of it together."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def remaining() -> float:
    """Seconds that are left. Raises TimeoutError where none are, LookupError outside of `deadline`."""
    left = _until.get() - time.monotonic()
    if left <= 0:
        raise TimeoutError("The time for the whole answer is over.")
    return left


def resolved(resolver: Resolver, host: str, port: int) -> list[str]:
    """What `resolver` answers, waited for no longer than until the deadline. Raises Unresolved, or what it raises."""
    if not _resolving.acquire(blocking=False):
        raise Unresolved(f"{host} cannot be resolved now: {MAX_RESOLVING} other names are being asked for.")
    found: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found.put(resolver(host, port))
        except Exception as error:  # noqa: BLE001  it is raised below, in the thread that asked
            found.put(error)
        finally:
            _resolving.release()

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = found.get(timeout=remaining())
    except Empty:
        raise Unresolved(not_found(host)) from None
    if isinstance(answer, Exception):
        raise answer
    return answer


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the IP that was checked, whatever the name says a moment later; with `resolver` None to any."""

    def __init__(self, resolver: Resolver | None) -> None:
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        with _mapped(httpcore.ConnectTimeout, httpcore.ConnectError):
            resolver = self._resolver
            ip = resolved(_any_address, host, port)[0] if resolver is None else check(host, port, resolver)
            connection = socket.create_connection((ip, port), timeout=remaining())
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _Stream(connection)


def check(host: str, port: int, resolver: Resolver) -> str:
    """The IP of `host` to connect to; its name is resolved within the deadline. Raises Refused."""
    return checked_ip(
        host,
        port,
        allowed_private=settings.FETCH_ALLOWED_PRIVATE,
        resolver=lambda name, number: resolved(resolver, name, number),
    )


def _any_address(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@contextlib.contextmanager
def _mapped(timed_out: type[Exception], failed: type[Exception]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise timed_out(str(error) or "timed out") from error
    except OSError as error:
        raise failed(str(error)) from error


class _Stream(httpcore.NetworkStream):
    """A socket, plain or with TLS. The timeouts that httpcore hands on are not needed: the deadline is nearer."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _mapped(httpcore.ReadTimeout, httpcore.ReadError):
            self._socket.settimeout(remaining())
            return self._socket.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _mapped(httpcore.WriteTimeout, httpcore.WriteError):
            self._socket.settimeout(remaining())
            self._socket.sendall(buffer)  # its timeout is for all of it (Python 3.5 and later)

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        if isinstance(self._socket, ssl.SSLSocket):
            return _TlsInTls(self, ssl_context, server_hostname)
        try:
            with _mapped(httpcore.ConnectTimeout, httpcore.ConnectError):
                self._socket.settimeout(remaining())  # of the whole handshake
                return _Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname))
        except BaseException:
            self.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return _is_readable(self._socket) if info == "is_readable" else None


def _is_readable(connection: socket.socket) -> bool:
    """Whether something waits there; on a connection that is kept, only its end can."""
    if connection.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


class _TlsInTls(httpcore.NetworkStream):
    """TLS to a shop inside the TLS to a proxy."""

    def __init__(self, outer: _Stream, context: ssl.SSLContext, server_hostname: str | None) -> None:
        self._outer, self._incoming, self._outgoing = outer, ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        try:
            with _mapped(httpcore.ConnectTimeout, httpcore.ConnectError):
                self._do(self._tls.do_handshake)
        except BaseException:
            outer.close()
            raise

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with _mapped(httpcore.ReadTimeout, httpcore.ReadError):
            return self._do(lambda: self._tls.read(max_bytes))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with _mapped(httpcore.WriteTimeout, httpcore.WriteError):
            for start in range(0, len(buffer), MAX_RECORD):
                piece = buffer[start : start + MAX_RECORD]
                while piece:
                    piece = piece[self._do(lambda piece=piece: self._tls.write(piece)) :]  # type: ignore[misc]

    def close(self) -> None:
        self._outer.close()

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else self._outer.get_extra_info(info)

    def _do(self, step: Callable[[], T]) -> T:
        while True:
            remaining()
            try:
                done = step()
            except ssl.SSLWantReadError:
                self._flush()
                if data := self._outer.read(MAX_RECORD):
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                self._flush()
                return done

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._outer.write(self._outgoing.read())
