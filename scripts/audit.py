"""Ask OSV whether a release in a lock file has a known vulnerability: `make audit`.

Exit status 0: every package was checked, and none is known to be vulnerable. 1: those that are listed are. 2: something
could not be checked, and the last line says what; no answer is never taken for a good one.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SERVICE = "https://api.osv.dev/v1/query"
SECONDS = 900


def main() -> int:
    """Audit the lock file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lock", type=Path)
    parser.add_argument("--service", default=SERVICE, help="address of OSV, or of a mirror of it")
    options = parser.parse_args()
    pinned = dict(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", options.lock.read_text()))
    try:
        answered = _ask(pinned, options.service)
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired) as error:
        print(f"NOTHING was checked: {options.service} could not be asked ({error}).", file=sys.stderr)
        return 2
    found = {row["name"]: row.get("vulns") for row in answered}
    skipped = sorted(name for name in pinned if found.get(name.lower().replace("_", "-")) is None)
    for row in answered:
        for vulnerability in row.get("vulns") or ():
            fixed = ", ".join(vulnerability["fix_versions"]) or "no release"
            print(f"{row['name']} {row['version']}: {vulnerability['id']}, fixed in {fixed}")
    bad = sum(bool(row.get("vulns")) for row in answered)
    print(
        f"{len(pinned) - len(skipped)} of {len(pinned)} packages of {options.lock} were checked; {bad} with known vulnerabilities."
    )
    if skipped:
        print(f"NOT checked: {', '.join(skipped)}.")
    return 1 if bad else 2 if skipped else 0


def _ask(pinned: dict[str, str], service: str) -> list[dict[str, Any]]:
    """What pip-audit says of each release, those for other machines included. Raises one of main's errors without an answer."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "requirements.txt"
        plain.write_text("".join(f"{name}=={version}\n" for name, version in pinned.items()))
        words = ["-r", str(plain), "--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off"]
        words += ["--vulnerability-service", "osv", "--osv-url", service, "--cache-dir", str(Path(folder) / "cache")]
        done = subprocess.run(  # noqa: S603  our own environment
            [sys.executable, "-m", "pip_audit", *words], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    if not done.stdout.strip():
        raise ValueError((done.stderr.strip().splitlines() or ["no answer"])[-1])
    answered: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    return answered


if __name__ == "__main__":
    sys.exit(main())
