"""From where a request really comes: the proxies that may say so are a setting, everyone else is taken at their own address."""

import ipaddress
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UNKNOWN = "unknown"
MAX_HOPS = 32  # of a header that can have any length


def client_address(request: HttpRequest) -> str:
    """The client's IP address, or `unknown` where it came through a socket without one.

    With TRUSTED_PROXIES as a number n, the n newest entries of X-Forwarded-For were written by our own proxies; as
    networks, entries are believed as long as who wrote them is in one. Without it the header is not read at all.
    """
    trusted: int | Sequence[Network] = settings.TRUSTED_PROXIES
    said = request.headers.get("X-Forwarded-For", "") if trusted else ""
    hops = [*(said.split(",")[-MAX_HOPS:] if said else ()), request.META.get("REMOTE_ADDR", "")]
    if isinstance(trusted, int):
        found = _parsed(hops[max(0, len(hops) - 1 - trusted)]) or _parsed(hops[-1])
        return str(found) if found else UNKNOWN
    believed: Address | None = None
    for hop in reversed(hops):
        found = _parsed(hop)
        if found is None and hop.strip():
            break  # no address: the last one known wrote it
        believed = found or believed  # a socket of our own machine has none
        if found is not None and not any(found in network for network in trusted):
            break
    return str(believed) if believed else UNKNOWN


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 that one IPv6 connection has to choose from."""
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found) if found else UNKNOWN


def _parsed(text: str) -> Address | None:
    """An entry as proxies write them: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`."""
    word = text.strip()
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        word = word.partition(":")[0]
    try:
        found = ipaddress.ip_address(word.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
