"""make faults: inject faults into the whole product under load, then check that nothing was lost, doubled or wrongly
confirmed.

    python -m benchmarks.faults [--seed N] [--count 200] [--keep]

It starts a private instance (two web servers, every worker, two beats, database, broker), a shop, a mail server and
webhook receivers, runs a steady load of the whole workflow, and injects seeded faults: kill -9 and freeze of each
process, lost connections and messages, clock changes, a full disk, lying servers, unreadable rows, hostile titles,
links, feeds and requests. The last line is the result; the exit status is 0 only if nothing is wrong.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

from benchmarks.faults.disk import kept_copy, own_disk
from benchmarks.faults.outside import Outside

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN = 300.0  # migrations take minutes on a machine under load


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _started(folder: Path, allow: str, smtp: int) -> "tuple[subprocess.Popen[bytes], dict[str, object]]":
    words = ["-m", "benchmarks.faults.instance", "--folder", str(folder), "--allow", allow, "--smtp", str(smtp)]
    with folder.with_name("instance.log").open("w") as out:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)  # noqa: S603  our own module
    ready, until = folder / "ready.json", time.monotonic() + START_WITHIN
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            sys.exit(f"The instance did not start:\n{folder.with_name('instance.log').read_text()[-3000:]}")
        time.sleep(0.2)
    return process, json.loads(ready.read_text())


def drill(folder: Path, *, seed: int, count: int) -> int:
    """Run one drill in `folder`; returns the exit status."""
    outside = Outside()
    allow = f"127.0.0.1:{outside.shop},127.0.0.1:{outside.hook}"
    process, about = _started(folder, allow, outside.smtp)
    os.environ.update(about["env"])  # type: ignore[call-overload]
    try:
        django.setup()
        from benchmarks.faults.run import strike_and_check  # noqa: PLC0415  it needs Django
        from portal.database import acting  # noqa: PLC0415  likewise

        acting.begin(acting.SYSTEM)

        return strike_and_check(folder, outside, about, seed=seed, count=count, say=_say)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        outside.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="seed of the drill; the same seed injects the same faults"
    )
    parser.add_argument("--count", type=int, default=200, help="number of injections; default: 200")
    parser.add_argument("--keep", action="store_true", help="keep the folder with data and logs")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="offshelf-faults-"))
    status = 1
    try:
        _say(f"faults: seed {options.seed}, {options.count} injections, in {home}")
        with own_disk(home / "instance") as refused:
            if refused:
                _say(f"no full disk in this drill, because no separate disk could be mounted: {refused}")
            status = drill(home / "instance", seed=options.seed, count=options.count)
            if not refused and (options.keep or status):
                kept_copy(home / "instance")
    finally:
        if options.keep or status:
            _say(f"kept: {home}")
        else:
            shutil.rmtree(home, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
