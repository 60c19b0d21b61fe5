"""Matching files of listings against a file of recalls, without a database; `python -m listings.matching` runs it."""

import argparse
import gc
import json
import multiprocessing
import os
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from listings.matching import cache, explain, judge_next, shared_codes
from listings.matching.bulk.filter import BulkFilter
from listings.matching.files import ReadRecalls, UnreadableFile, listing_lines, parse_listing
from listings.matching.index import RecallIndex
from listings.matching.listing import read_listing
from listings.matching.score import HOPELESS, NO_FLAG, compare
from listings.matching.texts import ListingText, Match

OTHERS = {"explain": explain.main, "codes": shared_codes.main, "judge-next": judge_next.main}
CHUNK = 4_000  # listings that are looked at together
MAX_CHUNK = 8_000_000  # characters of them
COLLECT_AFTER = 100_000  # objects: what is remembered of words lives on, and matching makes hardly any cycles
_index: RecallIndex
_filter: BulkFilter
_places: dict[str, int]
_options: argparse.Namespace


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m listings.matching",
        description="Match listings against recalls. Writes one line of JSON for each pair to check: "
        "listing_id, recall_number, score, band, product_index, evidence. "
        "Other commands: explain (the evidence of one pair), codes (GTINs that unrelated listings share), judge-next "
        "(pairs to judge), each with --help.",
    )
    parser.add_argument("--recalls", type=Path, required=True, help="the CPSC Recall API's JSON, gzip or plain")
    parser.add_argument(
        "--listings", type=Path, required=True, nargs="+", help="JSONL, gzip or plain; each row needs an id and a title"
    )
    parser.add_argument("--output", type=Path, required=True, help="where to write the matches")
    parser.add_argument("--pairs", action="store_true", help='score only the pair that each row names in "recall"')
    parser.add_argument(
        "--bands",
        choices=("flag", "flag+ask", "all"),
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


def _work(chunk: list[tuple[str, int, str]]) -> tuple[list[str], list[str], int]:
    out, bad = [], []
    wanted = {"flag": {"flag"}, "flag+ask": {"flag", "ask"}, "all": {"flag", "ask", "no"}}[_options.bands]
    rows: list[tuple[ListingText, dict[str, Any]]] = []
    for path, number, line in chunk:
        try:
            rows.append(parse_listing(line))
        except ValueError as error:
            bad.append(f"{path}, line {number}: {error}")
    at_least = NO_FLAG if _options.bands == "flag" else HOPELESS
    among = [None] * len(rows) if _options.pairs else _filter.hopeful([text for text, _ in rows], at_least)
    for (text, row), places in zip(rows, among, strict=True):
        matches: list[Match]
        if _options.pairs:
            place = _places.get(str(row.get("recall")))
            match = compare(_index.readings[place], read_listing(text)) if place is not None else None
            matches = [match] if match else []
        else:
            judged = _index.judged if "no" in wanted else _index.match
            matches = judged(text, among=places, at_least=at_least)
        out += [
            json.dumps({**match.as_dict(), "listing_id": text.id}, ensure_ascii=False)
            for match in matches
            if match.band in wanted
        ]
    return out, bad, len(rows)


def _chunks(paths: list[Path]) -> Iterator[list[tuple[str, int, str]]]:
    chunk: list[tuple[str, int, str]] = []
    size = 0
    for path in paths:
        for number, line in listing_lines(path):
            chunk.append((str(path), number, line))
            size += len(line)
            if len(chunk) == CHUNK or size >= MAX_CHUNK:
                yield chunk
                chunk, size = [], 0
    if chunk:
        yield chunk


def _match(processes: int) -> tuple[int, int]:
    """Write the matches of all files. Returns how many listings were matched, and how many lines could not be read."""
    done = refused = 0
    with (
        multiprocessing.get_context("fork").Pool(processes, gc.set_threshold, (COLLECT_AFTER,)) as pool,
        _options.output.open("w", encoding="utf-8", errors="backslashreplace") as out,
    ):
        for lines, bad, count in pool.imap(_work, _chunks(_options.listings)):
            out.writelines(f"{line}\n" for line in lines)
            sys.stderr.writelines(f"{complaint}\n" for complaint in bad)
            done, refused = done + count, refused + len(bad)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done:,} listings")
    return done, refused


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
    """Recalls are read by `read_recalls`, whose code is in the files and folders `sources`. Exit status 0, or 2 where a
    file cannot be read to its end. Bad lines are reported and stop nothing."""
    if (other := OTHERS.get(sys.argv[1] if len(sys.argv) > 1 else "")) is not None:
        return other(sys.argv[2:], read_recalls)
    global _index, _filter, _places, _options  # noqa: PLW0603  inherited by the forked workers
    _options = _parser().parse_args()
    processes = max(1, _options.processes)
    started = time.perf_counter()
    gc.disable()
    try:
        for path in _options.listings:
            path.stat()
        _index, unreadable, tables = _kept_or_read(read_recalls, sources, processes)
    except (UnreadableFile, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for row in unreadable:
        sys.stderr.write(f"{_options.recalls}, record {row.record}: {row.reason}\n")
    _filter = BulkFilter(tables)
    _places = {number: place for place, number in enumerate(_index.numbers)}
    gc.freeze()  # what is there lives until the end: no collection should walk through it, nor copy its pages
    gc.enable()
    sys.stderr.write(f"{len(_index.numbers):,} recalls read in {time.perf_counter() - started:.1f} s\n")
    try:
        done, refused = _match(processes)
    except (OSError, EOFError, zlib.error) as error:
        sys.stderr.write(f"The listings could not be read completely: {error}\n")
        return 2
    if refused:
        sys.stderr.write(f"{refused:,} lines could not be read\n")
    elapsed = time.perf_counter() - started
    sys.stdout.write(
        f"{done} listings x {len(_index.numbers)} recalls in {elapsed:.1f} s, {done / elapsed:.0f} listings/s\n"
    )
    return 0
