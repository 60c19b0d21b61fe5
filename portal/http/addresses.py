"""Which addresses we ask on the internet: public ones, and nothing else, however they are written."""

import ipaddress
import socket
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

Resolver = Callable[[str, int], list[str]]
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out on the internet. What embeds an IPv4 address (::127.0.0.1, ::ffff:0:127.0.0.1, NAT64), and
what is reserved for something else, lies outside of it, also where Python takes it to be global."""
_DENIED = tuple(ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "3fff::/20", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"))  # fmt: skip


class Refused(Exception):
    """We do not ask there; the message says why."""


class Unresolved(Refused):
    """The name has no address at the moment: tomorrow it may have one."""


def not_found(host: str) -> str:
    """What is said of a name without an address, of one with a private address, and of one that nobody answered for in time:
    one sentence, so that whoever enters names here learns nothing about those of our own network."""
    return f"No public address was found for {host}."


def parts_of(url: str) -> SplitResult | None:
    """The parts of an address that some stranger wrote; None where it is none (`http://[x`). Never raises."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname  # read here, as they may raise too
    except ValueError:
        return None
    return parts


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host name, as the system's resolver gives them. Raises Refused where there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # of IDNA, and a NUL
        raise Unresolved(not_found(host)) from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether an IP address is one that anybody on the internet can reach, with tunnels to private ones left out."""
    try:
        ip = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (inner := ip.ipv4_mapped) is not None:
        ip = inner
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _DENIED if net.version == ip.version)


def place_of(url: str, *, allowed_private: Sequence[str]) -> tuple[str, str, int]:
    """Scheme, host name and port of an address that may be asked for, before its name is resolved. Raises Refused."""
    if (parts := parts_of(url)) is None:
        raise Refused(f"{url[:100]} is not an address.")
    port = parts.port
    if parts.scheme not in {"http", "https"}:
        raise Refused("Only http and https addresses are asked for.")
    if parts.username or parts.password:
        raise Refused("An address with a user name in it is not asked for.")
    host = plain_host(parts.hostname or "")
    if not host or any(character in host for character in " \t\r\n\\/@#?"):
        raise Refused("The address names no host.")
    port = port or (443 if parts.scheme == "https" else 80)
    if f"{host}:{port}" not in allowed_private and port not in {80, 443}:
        raise Refused(f"Port {port} is not asked: only 80 and 443 are.")
    return parts.scheme, host, port


def plain_host(host: str) -> str:
    """A host name in one way of writing."""
    return unicodedata.normalize("NFKC", host).rstrip(".").lower()


def checked_ip(host: str, port: int, *, allowed_private: Sequence[str], resolver: Resolver = resolve) -> str:
    """The IP to connect to: the name is resolved once, and every address that it has must be public. Raises Refused."""
    host = plain_host(host)
    if f"{host}:{port}" in allowed_private:
        return resolver(host, port)[0]
    addresses = resolver(host, port)
    if not addresses or not all(map(is_public, addresses)):
        raise Refused(not_found(host))
    return addresses[0]


def refuse_private(url: str, *, allowed_private: Sequence[str]) -> None:
    """Whether an address that somebody enters may be asked at all, as far as can be said without asking a name server.

    IP addresses are read in every way in which connecting reads them (127.1, 0x7f000001). Raises Refused.
    """
    _, host, port = place_of(url, allowed_private=allowed_private)
    with suppress(Unresolved):  # a name; its addresses are checked at each connection
        checked_ip(host, port, allowed_private=allowed_private, resolver=_read_number)


def _read_number(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, ValueError):
        raise Unresolved(f"{host} is a name.") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
