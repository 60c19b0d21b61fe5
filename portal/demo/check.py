"""make demo-check: test the main workflow over HTTP, as its users would, on a private instance.

    python -m portal.demo.check [--recalls FILE] [--catalogue FILE] [--keep]

It starts the whole demo on free ports in its own folder: database, broker, web, worker, beat and the shop. Then it
signs in, publishes, sends, decides, takes pages down and puts them back, waits for clocks, and audits, through the
same pages, forms and API that people and programs use. It prints one line a step; exit status 1 if a step failed.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from portal.demo.browser import StepFailed
from portal.demo.walk import ROOT, Walk


def dry_run(recalls: Path, catalogue: Path, folder: Path) -> list[str]:
    """The recalls with listings in the catalogue, by a run of the engine on the files: up to 15, most listings first."""
    output = folder / "file-run.jsonl"
    words = [
        "-m",
        "listings.matching",
        "--recalls",
        str(recalls),
        "--listings",
        str(catalogue),
        "--bands",
        "flag+ask",
        "--output",
        str(output),
    ]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    sys.stdout.write(f"file run: {done.stdout.strip().splitlines()[-1]}\n")
    found: dict[str, set[str]] = {}
    for line in output.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["recall_number"], set()).add(row["listing_id"])
    chosen = sorted(found, key=lambda number: (-len(found[number]), number))
    chosen = [number for number in chosen if len(found[number]) <= 30][:15]
    (folder / "expected.json").write_text(json.dumps({number: sorted(found[number]) for number in chosen}))
    return chosen


@contextlib.contextmanager
def instance(folder: Path, recalls: Path | None, catalogue: Path | None) -> Iterator[tuple[str, str]]:
    """Run the whole demo on free ports; gives its address and the address of its shop. Always stopped at the end."""
    words = [sys.executable, "-m", "portal.run", "demo", "--folder", str(folder)]
    for name, path in (("--recalls", recalls), ("--catalogue", catalogue)):
        words += [name, str(path.absolute())] if path else []
    log = folder.with_name(folder.name + ".log")
    with log.open("w") as out:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "UNDO_SECONDS": "1"},
        )
    try:
        until = time.monotonic() + 900
        while not (ready := re.search(r"Offshelf is running at (\S+)", log.read_text())):
            if process.poll() is not None or time.monotonic() > until:
                raise StepFailed(f"the demo did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.3)
        shop = re.search(r"taken down: (\S+)", log.read_text())
        yield ready.group(1), shop.group(1) if shop else ""
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recalls", type=Path, metavar="FILE", help="real recalls instead of the sample")
    parser.add_argument("--catalogue", type=Path, metavar="FILE", help="a real catalogue instead of the samples")
    parser.add_argument("--keep", action="store_true", help="keep the folder with data and logs")
    options = parser.parse_args()
    for path in filter(None, (options.recalls, options.catalogue)):
        if not path.is_file():
            sys.stderr.write(f"File not found: {path}. Check the path.\n")
            return 2
    home = Path(tempfile.mkdtemp(prefix="offshelf-check-"))
    folder, failed, count = home / "demo", 0, 0
    started = time.monotonic()
    try:
        wanted = dry_run(options.recalls, options.catalogue, home) if options.recalls and options.catalogue else []
        with instance(folder, options.recalls, options.catalogue) as (base, shop):
            sys.stdout.write(f"instance: {base}, ready after {time.monotonic() - started:.1f} s\n")
            if wanted:
                shutil.copy(home / "expected.json", folder)
            shutil.copy(options.recalls or ROOT / "portal/demo/data/sample_recalls.json", folder / "recalls-again.json")
            walk = Walk(base, shop, folder, sample=options.recalls is None, wanted=wanted)
            for step in walk.steps():
                count += 1
                begun = time.monotonic()
                try:
                    step()
                    result = "ok"
                except (
                    StepFailed,
                    httpx.HTTPError,
                    KeyError,
                    IndexError,
                    StopIteration,
                    AttributeError,
                    ValueError,
                ) as error:
                    failed += 1
                    result = f"FAILED: {type(error).__name__}: {error}"
                detail = (step.__doc__ or "").strip().splitlines()[0]
                sys.stdout.write(f"{count:2}  {time.monotonic() - begun:6.1f} s  {detail}: {result}\n")
                sys.stdout.flush()
    except StepFailed as error:
        failed += 1
        sys.stdout.write(f"FAILED: {error}\n")
    finally:
        if options.keep or failed:
            sys.stdout.write(f"kept: {home}\n")
        else:
            shutil.rmtree(home, ignore_errors=True)
    sys.stdout.write(f"demo-check: {count} steps, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
