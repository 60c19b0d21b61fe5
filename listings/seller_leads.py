"""Leads to sellers who may be one: names that read alike, pages on one host, and the same pictures.

A lead is a place to look, never a fact: sellers choose their names, many sell on one host, and pictures are copied. They
are read from the newest flags that the reader may see, so no lead leads to what is hidden from them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from listings.models import Flag, Listing
from listings.pictures import is_same
from listings.seller_names import folded
from portal.http.addresses import parts_of
from portal.identity.actors import Actor

MAX_READ = 2_000  # newest flags that are compared
MAX_PICTURES = 4  # of this seller's, newest first, that are compared with others'
MAX_COMPARED = 1_000  # others' pictures, newest first
MAX_NAMES_ON_HOST = 5  # a host of more sellers than that is a shop system or the platform itself
MAX_SHOWN = 10  # sellers in a lead


class _Row(NamedTuple):
    listing: int
    platform: int
    seller: str
    link: str
    picture: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another name on one platform: `listing` is its newest listing that shows the likeness, `count` how many do."""

    name: str
    platform_id: int
    listing: int
    count: int


@dataclass(frozen=True, slots=True)
class Leads:
    """Each a list of other names, of `names` those that are written otherwise; `hosts` by host. `is_partial` says that older
    flags were not read."""

    names: list[Other]
    hosts: dict[str, list[Other]]
    pictures: list[Other]
    is_partial: bool

    @property
    def platforms(self) -> set[int]:
        return {each.platform_id for found in (self.names, self.pictures, *self.hosts.values()) for each in found}


def leads_of(listing: Listing, actor: Actor) -> Leads:
    """The leads from the seller of `listing`, which names one, among the flagged listings that the actor can see. One query."""
    fields = ("listing_id", "platform_id", "listing__seller", "listing__link", "listing__picture_hash")
    found = Flag.objects.visible_to(actor).order_by("-pk").values_list(*fields)[: MAX_READ + 1]
    rows = list({row[0]: _Row(*row) for row in found}.values())
    seller = (listing.platform_id, listing.seller)
    own = [row for row in rows if (row.platform, row.seller) == seller]
    own += [_Row(listing.pk, *seller, listing.link, listing.picture_hash)]
    others = [row for row in rows[:MAX_READ] if row.seller and (row.platform, row.seller) != seller]
    return Leads(
        names=_alike(listing.seller, [row for row in others if row.seller != listing.seller]),
        hosts=_on_hosts(own, others, listing.seller),
        pictures=_same_pictures(own, others),
        is_partial=len(found) > MAX_READ,
    )


def _alike(name: str, others: Iterable[_Row]) -> list[Other]:
    wanted, known = folded(name), {}
    if not wanted:
        return []
    for row in others:
        if row.seller not in known:
            known[row.seller] = folded(row.seller)
    return _by_name(row for row in others if known[row.seller] == wanted)


def _on_hosts(own: Iterable[_Row], others: list[_Row], name: str) -> dict[str, list[Other]]:
    """A host that all of a platform's listings are on is the platform's own, and says nothing of a seller."""
    on_host: dict[str, list[_Row]] = defaultdict(list)
    hosts_of: dict[int, set[str]] = defaultdict(set)
    wanted = {host: row.platform for row in own if (host := _host(row.link))}
    for row in (*own, *others):
        hosts_of[row.platform].add(_host(row.link))
    for row in others:
        if (host := _host(row.link)) in wanted and len(hosts_of[row.platform]) > 1:
            on_host[host].append(row)
    return {
        host: _by_name(rows)
        for host, rows in sorted(on_host.items())
        if len(hosts_of[wanted[host]]) > 1 and len({row.seller for row in rows} | {name}) <= MAX_NAMES_ON_HOST
    }


def _same_pictures(own: Iterable[_Row], others: Iterable[_Row]) -> list[Other]:
    mine = list(dict.fromkeys(row.picture for row in own if row.picture))[:MAX_PICTURES]
    theirs = [row for row in others if row.picture][:MAX_COMPARED] if mine else []
    return _by_name(row for row in theirs if any(is_same(picture, row.picture) for picture in mine))


def _by_name(rows: Iterable[_Row]) -> list[Other]:
    """Newest first, each name on each platform once, and one more than is shown."""
    kept: dict[tuple[int, str], list[_Row]] = defaultdict(list)
    for row in rows:
        kept[row.platform, row.seller].append(row)
    named = [Other(name, platform, found[0].listing, len(found)) for (platform, name), found in kept.items()]
    return named[: MAX_SHOWN + 1]


def _host(link: str) -> str:
    parts = parts_of(link)
    return (parts.hostname or "").removeprefix("www.") if parts else ""
