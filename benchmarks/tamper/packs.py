"""Ways to tamper with a pack, from a flipped bit to a forger who makes every digest up to the end of the chain again.

Each takes the pack's bytes and a source of chance, and gives the changed bytes and the places of which a finding must name
one. What a forger covers by sealing the end of the chain again is found by an anchor, as a regulator has it, or by what the
change contradicts.
"""

import gzip
import io
import json
import random
import warnings
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from enforcement.evidence_packs import web_archive
from portal.audit import chain
from tests.enforcement import packing
from tests.enforcement.packing import Files

Change = Callable[[bytes, random.Random], tuple[bytes, tuple[str, ...]]]
DIRECTORY = ("the directory", "the end of the directory")


def _files(pack: bytes) -> Files:
    return packing.read(io.BytesIO(pack))


def _whole(files: Files, *, cover: bool) -> bytes:
    moment = packing.moment_of(files)
    return packing.packed(packing.cover(files) if cover else files, moment)


def _place(data: bytes, at: int) -> tuple[str, ...]:
    """The names by which a byte of a container may be found: its file and the next, or the directory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos, start = archive.infolist(), archive.start_dir
        if at >= start:
            return (*DIRECTORY, *(info.filename for info in infos))
        index = max(number for number, info in enumerate(infos) if info.header_offset <= at)
        return tuple(info.filename for info in infos[index : index + 1])


def _flip(data: bytes, rng: random.Random) -> tuple[bytes, int]:
    at = rng.randrange(len(data))
    changed = bytearray(data)
    changed[at] ^= 1 << rng.randrange(8)
    return bytes(changed), at


def flipped_bit(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    changed, at = _flip(pack, rng)
    return changed, _place(pack, at)


def flipped_bit_in_archive(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files = _files(pack)
    before = files["checks.wacz"]
    files["checks.wacz"], at = _flip(before, rng)
    return _whole(files, cover=True), _place(before, at)


def dropped_file(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files = _files(pack)
    name = rng.choice([name for name in files if name != "manifest.json"])
    del files[name]
    return _whole(files, cover=False), (name,)


def added_file(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, number = _files(pack), rng.randrange(10_000, 99_999)
    name = rng.choice([f"captures/{number}.json", f"messages/{number}.txt", f"stamps/{number}.tsr"])
    files[name] = b"{}"
    return _whole(files, cover=True), (name,)


def changed_file(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files = _files(pack)
    name = rng.choice([name for name in files if name not in {"manifest.json", "chain.jsonl"}])
    files[name], _ = _flip(files[name], rng)
    return _whole(files, cover=False), (name,)


def swapped_captures(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, ending = _files(pack), rng.choice([".json", ".body"])
    one, other = rng.sample([name for name in files if name.startswith("captures/") and name.endswith(ending)], 2)
    files[one], files[other] = files[other], files[one]
    return _whole(files, cover=True), (one, other)


def swapped_records(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    """Two checks changed places in the web archive, and every digest above them was made again."""
    files = _files(pack)
    inner = packing.read(io.BytesIO(files["checks.wacz"]))
    one, other = rng.sample([name for name in inner if name.startswith("archive/")], 2)
    inner[one], inner[other] = inner[other], inner[one]
    files["checks.wacz"] = _archive_again(inner, files)
    return _whole(files, cover=True), (one, other)


def changed_record(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    """A byte of a record is another, and every digest above it was made again."""
    files = _files(pack)
    inner = packing.read(io.BytesIO(files["checks.wacz"]))
    name = rng.choice([name for name in inner if name.startswith("archive/")])
    changed, _ = _flip(gzip.decompress(inner[name]), rng)
    inner[name] = gzip.compress(changed, mtime=0)
    files["checks.wacz"] = _archive_again(inner, files)
    return _whole(files, cover=True), (name,)


def _archive_again(inner: Files, files: Files) -> bytes:
    manifest = json.loads(files["manifest.json"])
    writer, at = packing.Writer(packing.moment_of(files)), packing.moment_of(files)
    rest = {name: data for name, data in inner.items() if not name.startswith("datapackage")}
    pieces = [piece for name, data in rest.items() for piece in writer.add(name, [data], packed=False)]
    package = web_archive.package_text(writer.files, title=manifest["title"], at=at)
    pieces += writer.add(web_archive.PACKAGE, [package], packed=False)
    pieces += writer.add(web_archive.PACKAGE_DIGEST, [web_archive.package_digest_text(package)], packed=False)
    return b"".join([*pieces, writer.finish()])


def _lines(pack: bytes) -> tuple[Files, list[dict[str, Any]]]:
    files = _files(pack)
    return files, packing.lines(files)


def _chained(files: Files, rows: list[dict[str, Any]]) -> bytes:
    packing.put_lines(files, rows)
    return _whole(files, cover=True)


def _event(rows: list[dict[str, Any]], rng: random.Random) -> dict[str, Any]:
    return rng.choice([row for row in rows[:-1] if "event" in row])


def changed_event(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, rows = _lines(pack)
    line = _event(rows, rng)
    line["event"][rng.choice(["reason", "action"])] += "."
    return _chained(files, rows), (f"position {line['position']} ",)


def changed_time(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, rows = _lines(pack)
    line = _event(rows, rng)
    moved = datetime.fromisoformat(line["event"]["at"]) - timedelta(seconds=rng.randrange(1, 90_000))
    line["event"]["at"] = moved.isoformat()
    return _chained(files, rows), (f"position {line['position']} ",)


def resealed_event(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    """An event is another, with its digest and its hash; the next position does not follow it."""
    files, rows = _lines(pack)
    line = _event(rows, rng)
    line["event"]["reason"] += "."
    line["digest"] = chain.digest_of(line["event"], line["nonce"])
    line["hash"] = chain.link(line["position"], line["previous"], line["digest"])
    return _chained(files, rows), (f"position {line['position'] + 1} does not follow position {line['position']}",)


def hidden_event(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    """An event of the case is shown as a digest only, as those of others are."""
    files, rows = _lines(pack)
    line = _event(rows, rng)
    del line["event"], line["nonce"]
    return _chained(files, rows), (f"position {line['position']} ",)


def dropped_position(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, rows = _lines(pack)
    at = rng.randrange(1, len(rows) - 1)
    position = rows.pop(at)["position"]
    return _chained(files, rows), (f"position {position} ",)


def cut_chain(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, rows = _lines(pack)
    return _chained(files, rows[: -rng.randrange(1, len(rows))]), ("the end of the chain",)


def cut_start(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, rows = _lines(pack)
    return _chained(files, rows[rng.randrange(1, len(rows) - 1) :]), ("'first'",)


def reordered_positions(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, rows = _lines(pack)
    at = rng.randrange(len(rows) - 2)
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return _chained(files, rows), tuple(f"position {row['position']} " for row in rows[at : at + 2])


def doubled_position(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files, rows = _lines(pack)
    at = rng.randrange(len(rows) - 1)
    rows.insert(at, rows[at])
    return _chained(files, rows), (f"position {rows[at]['position']} ",)


def rebuilt_chain(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    """Everything from an event on is made again: only anchors tell, and say between which positions."""
    files, rows = _lines(pack)
    line = _event(rows, rng)
    line["event"]["reason"] += "."
    previous = line["previous"]
    for row in rows[rows.index(line) :]:
        row["previous"] = previous
        row["digest"] = chain.digest_of(row["event"], row["nonce"]) if "event" in row else row["digest"]
        row["hash"] = previous = chain.link(row["position"], previous, row["digest"])
    return _chained(files, rows), ("differs from its recorded hash",)


def changed_manifest(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files = _files(pack)
    manifest = json.loads(files["manifest.json"])
    manifest[rng.choice(["title", "made_by", "made_at"])] += "0"
    files["manifest.json"] = (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode()
    return _whole(files, cover=False), ("manifest.json",)


def covered_manifest(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    """A summary is another, with the manifest and the end of the chain made again: an anchor of the end tells."""
    files = _files(pack)
    name = rng.choice(["summary.html", "summary.txt", "decisions.csv", "README.txt", "summary.pdf"])
    files[name] += b"."
    return _whole(files, cover=True), ("differs from its recorded hash",)


def removed_stamp(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files = _files(pack)
    name = rng.choice([name for name in files if name.startswith("stamps/")])
    del files[name]
    return _whole(files, cover=False), (name,)


def exchanged_stamp(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files = _files(pack)
    name = rng.choice([name for name in files if name.startswith("stamps/")])
    files[f"stamps/{rng.randrange(10_000, 99_999)}.tsr"] = files.pop(name)
    return _whole(files, cover=True), ("stamps/",)


def something_around(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    """Bytes before the first file, behind the last one, or as a comment."""
    more = rng.randbytes(rng.randrange(1, 200))
    first = _place(pack, 0)
    ways = [
        (more + pack, (*first, *DIRECTORY)),
        (pack + more, DIRECTORY),
        (pack[:-2] + len(more).to_bytes(2, "little") + more, DIRECTORY),
    ]
    return rng.choice(ways)


def same_name_twice(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    out = io.BytesIO(pack)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        name = rng.choice(archive.namelist())
        archive.writestr(name, rng.randbytes(20))
    return out.getvalue(), (name,)


def other_times(pack: bytes, rng: random.Random) -> tuple[bytes, tuple[str, ...]]:
    files = _files(pack)
    moment = packing.moment_of(files) - timedelta(minutes=rng.randrange(1, 10_000))
    return packing.packed(files, moment), ("the time of its files",)


CHANGES: list[Change] = [
    flipped_bit, flipped_bit, flipped_bit, flipped_bit_in_archive, flipped_bit_in_archive, dropped_file, added_file, changed_file,
    swapped_captures, swapped_records, changed_record, changed_event, changed_time, resealed_event, hidden_event, dropped_position,
    cut_chain, cut_start, reordered_positions, doubled_position, rebuilt_chain, changed_manifest, covered_manifest, removed_stamp,
    exchanged_stamp, something_around, same_name_twice, other_times,
]  # fmt: skip
