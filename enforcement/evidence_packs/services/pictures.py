"""The pictures of a pack: the bytes that were kept of what decisions were taken on, or why a picture is not there."""

from collections.abc import Iterator
from dataclasses import dataclass

from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.container import Writer
from enforcement.evidence_packs.services.case import CaseEvents, own_lines
from portal.exporting.tables import csv_lines
from portal.media.thumbnails import kept

NOT_KEPT = "The stored picture was deleted or replaced since."
TOO_LARGE = "It is larger than a pack has room for."


@dataclass(frozen=True, slots=True)
class DecidedPicture:
    """One picture of a decision: of the listing or the recall, its address and digest, and why it is not in the pack.

    `kept_under` is an address for which the same bytes are stored: several may show one picture.
    """

    decision: int
    flag: str
    of: str
    address: str
    sha256: str
    missing: str
    kept_under: str

    @property
    def file(self) -> str:
        return "" if self.missing else packs.picture_name(self.sha256)


def pictures_in(events: CaseEvents) -> list[DecidedPicture]:
    """The pictures that the events of a case name, in their order, checked against what is stored."""
    named = [(line["event"], each) for line in own_lines(events) for each in packs.pictures_of(line["event"])]
    where, why = _stored([(str(each.get("sha256", "")), str(each.get("address", ""))) for _, each in named])
    found = []
    for event, each in named:
        sha256 = str(each.get("sha256", ""))
        missing = why.get(sha256, "") if sha256 else str(each.get("problem", "")) or NOT_KEPT
        texts = str(each.get("of", "")), str(each.get("address", "")), sha256
        number = int(event["after"]["decision"])
        found.append(DecidedPicture(number, event["subject"][1], *texts, missing, where.get(sha256, "")))
    return found


def _stored(named: list[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Of digests with their addresses: an address that has the bytes, and why a digest has none that fit into a pack."""
    where: dict[str, str] = {}
    why: dict[str, str] = {}
    room = packs.MAX_PICTURES_BYTES
    for sha256, address in named:
        if not sha256 or sha256 in where:
            continue
        size = len(bytes_of(address, sha256))
        if size and size <= min(room, packs.MAX_PICTURE_BYTES):
            where[sha256], room = address, room - size
            why.pop(sha256, None)
        else:
            why[sha256] = TOO_LARGE if size else NOT_KEPT
    return where, why


def bytes_of(address: str, sha256: str) -> bytes:
    """The bytes that are stored for an address, if they are still those with this digest; else none."""
    row = kept(address)
    return bytes(row.data) if row is not None and row.etag == sha256 else b""


def write_pictures(writer: Writer, pictures: list[DecidedPicture]) -> Iterator[bytes]:
    """Each picture once, and the table of all of them, also of those that cannot be had."""
    for sha256, address in {each.sha256: each.kept_under for each in pictures if not each.missing}.items():
        yield from writer.add(packs.picture_name(sha256), [bytes_of(address, sha256)], packed=False)
    rows = ([row.decision, row.flag, row.of, row.address, row.sha256, row.file, row.missing] for row in pictures)
    yield from writer.add(packs.PICTURES, map(str.encode, csv_lines(packs.PICTURES_HEADER, rows)))
