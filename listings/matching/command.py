"""Matching files of listings against a file of recalls, without a database; `python -m listings.matching` runs it."""

import argparse
import gc
import multiprocessing
import os
import sys
import time
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from listings.matching import cache, explain, judge_next, shared_codes
from listings.matching.chunks import BANDS, COLLECT_AFTER, Chunk, ChunkMatcher, Matched, chunks
from listings.matching.cluster import LOCAL, Cluster, Failure, NoCluster
from listings.matching.files import ReadRecalls, UnreadableFile

OTHERS = {"explain": explain.main, "codes": shared_codes.main, "judge-next": judge_next.main}
_matcher: ChunkMatcher
_options: argparse.Namespace


class _Counts(NamedTuple):
    """How many listings were matched, how many lines could not be read, and how many files were given up."""

    listings: int
    refused: int
    failed: int


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m listings.matching",
        description="Match listings against recalls. Writes one line of JSON for each pair to check: "
        "listing_id, recall_number, score, band, product_index, evidence. "
        "Other commands: explain (the evidence of one pair), codes (GTINs that unrelated listings share), judge-next "
        "(pairs to judge), each with --help.",
    )
    parser.add_argument("--recalls", type=Path, required=True, help="a publisher's file of recalls, packed or plain")
    parser.add_argument(
        "--listings", type=Path, required=True, nargs="+", help="JSONL, gzip or plain; each row needs an id and a title"
    )
    parser.add_argument("--output", type=Path, required=True, help="where to write the matches")
    parser.add_argument("--pairs", action="store_true", help='score only the pair that each row names in "recall"')
    parser.add_argument(
        "--bands",
        choices=tuple(BANDS),
        default="flag",
        help="which matches to write (default: flag; ask finds more, but is wrong more often)",
    )
    parser.add_argument("--all-bands", dest="bands", action="store_const", const="all", help="short for --bands all")
    parser.add_argument(
        "--processes",
        type=int,
        default=min(2, os.cpu_count() or 1),
        help="number of processes (default: 2, or 1 on a single core)",
    )
    parser.add_argument(
        "--cluster",
        default="",
        metavar="ADDRESS",
        help="match on a Ray cluster, a task for each file of listings, which every machine reads under the same path: "
        f"the address that `ray start` prints, or {LOCAL} for one of this machine (needs the extra ray)",
    )
    parser.add_argument(
        "--attempts", type=int, default=3, help="on a cluster, how often a file is tried before it is left out"
    )
    parser.add_argument(
        "--file-seconds", type=float, default=3_600, help="on a cluster, how long one attempt at a file may take"
    )
    keep = parser.add_mutually_exclusive_group()
    keep.add_argument(
        "--cache",
        type=Path,
        default=cache.default_folder(),
        metavar="DIR",
        help="folder of your own in which what was read of the recalls is kept for the next run, at most "
        f"{cache.MAX_FILES} files of them (default: {cache.default_folder()})",
    )
    keep.add_argument("--no-cache", dest="cache", action="store_const", const=None, help="read the recalls again")
    return parser


def _work(chunk: Chunk) -> Matched:
    return _matcher.match(chunk)


def _match(processes: int) -> _Counts:
    """Write the matches of all files."""
    with multiprocessing.get_context("fork").Pool(processes, gc.set_threshold, (COLLECT_AFTER,)) as pool:
        return _write(pool.imap(_work, chunks(_options.listings)))


def _match_on_cluster(kept: cache.Kept, processes: int) -> _Counts:
    """The same on a cluster. Raises NoCluster."""
    cluster = Cluster(
        _options.cluster, processes=processes, attempts=max(1, _options.attempts), seconds=_options.file_seconds
    )
    with closing(cluster):
        return _write(cluster.match(kept, _options.listings, bands=_options.bands, pairs=_options.pairs))


def _write(results: Iterable[Matched | Failure]) -> _Counts:
    """Write the matches as they come, and say what was refused and what failed."""
    done = refused = failed = 0
    with _options.output.open("w", encoding="utf-8", errors="backslashreplace") as out:
        for result in results:
            if isinstance(result, Failure):
                then = "left out" if result.is_last else "trying again"
                sys.stderr.write(f"{result.path}, attempt {result.attempt}: {result.reason}; {then}\n")
                failed += result.is_last
                continue
            out.writelines(f"{line}\n" for line in result.lines)
            sys.stderr.writelines(f"{complaint}\n" for complaint in result.complaints)
            done, refused = done + result.listings, refused + len(result.complaints)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done:,} listings")
    return _Counts(done, refused, failed)


def _kept_or_read(read_recalls: ReadRecalls, sources: Sequence[Path], processes: int) -> cache.Kept:
    """The index of the recalls: the one that an earlier run kept for the same file, or else a new one, which is kept.

    Whatever is wrong with a kept one is noted, and costs only the time to read the recalls again.
    """
    if _options.cache is None:
        return cache.made([*read_recalls(_options.recalls)], processes)
    folder, name = cache.PrivateFolder(_options.cache), cache.digest_of(_options.recalls, sources)
    try:
        if (packed := folder.read(name)) is not None:
            return cache.unpack(packed)
    except (OSError, cache.Broken) as error:
        sys.stderr.write(f"The kept reading of the recalls is not used: {error}\n")
    made = cache.made([*read_recalls(_options.recalls)], processes)
    try:
        if cache.digest_of(_options.recalls, sources) == name:  # nobody wrote the file while it was read
            folder.write(name, cache.pack(*made))
    except OSError as error:
        sys.stderr.write(f"What was read of the recalls could not be kept: {error}\n")
    return made


def main(read_recalls: ReadRecalls, sources: Sequence[Path] = ()) -> int:
    """Recalls are read by `read_recalls`, whose code is in the files and folders `sources`. Exit status 0; 2 where a file
    cannot be read to its end, or there is no cluster; 3 where a cluster left files out. Bad lines are reported and stop
    nothing."""
    if (other := OTHERS.get(sys.argv[1] if len(sys.argv) > 1 else "")) is not None:
        return other(sys.argv[2:], read_recalls)
    global _matcher, _options  # noqa: PLW0603  inherited by the forked workers
    _options = _parser().parse_args()
    processes = max(1, _options.processes)
    started = time.perf_counter()
    gc.disable()
    try:
        for path in _options.listings:
            if not _options.cluster:  # where a file that is missing costs itself alone
                path.stat()
        kept = _kept_or_read(read_recalls, sources, processes)
    except (UnreadableFile, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    numbers = kept.recalls.numbers
    for row in kept.unreadable:
        sys.stderr.write(f"{_options.recalls}, record {row.record}: {row.reason}\n")
    if not _options.cluster:
        _matcher = ChunkMatcher(kept, bands=_options.bands, pairs=_options.pairs)
    gc.freeze()  # what is there lives until the end: no collection should walk through it, nor copy its pages
    gc.enable()
    sys.stderr.write(f"{len(numbers):,} recalls read in {time.perf_counter() - started:.1f} s\n")
    try:
        counts = _match_on_cluster(kept, processes) if _options.cluster else _match(processes)
    except NoCluster as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (OSError, EOFError, zlib.error) as error:
        sys.stderr.write(f"The listings could not be read completely: {error}\n")
        return 2
    if counts.refused:
        sys.stderr.write(f"{counts.refused:,} lines could not be read\n")
    if counts.failed:
        sys.stderr.write(f"{counts.failed:,} of {len(_options.listings):,} files were left out\n")
    elapsed = time.perf_counter() - started
    done = counts.listings
    sys.stdout.write(f"{done} listings x {len(numbers)} recalls in {elapsed:.1f} s, {done / elapsed:.0f} listings/s\n")
    return 3 if counts.failed else 0
