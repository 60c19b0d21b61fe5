"""The image's own steps, run in root folders: what a container builder does, without one."""

import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from trial.dockerfile import Step, copied, stages, steps
from trial.record import Record
from trial.roots import Root

PROJECT = Path(__file__).resolve().parents[2]


def build(base: Path, folder: Path, record: Record, *, keep: bool) -> Root:
    """Run every step of the Dockerfile; the host that its last stage describes. Only RUN reaches the network.

    `keep`: files are left as the last build made them, and only what steps say of the host is taken.
    """
    if keep:
        record.step("the steps of the Dockerfile", lambda: "kept from an earlier trial")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    made: dict[str, Root] = {}
    host = Root(str(base), folder)
    for number, (name, instructions) in enumerate(stages(steps((PROJECT / "Dockerfile").read_text()))):
        host = Root(str(base), folder / f"stage-{number}", directory="/")
        made[name] = host
        host.run("true")  # puts its folders in place
        for step in instructions:
            if not keep or step.kind not in {"RUN", "COPY"}:
                _take(step, host, made, record)
    return host


def _take(step: Step, host: Root, made: dict[str, Root], record: Record) -> None:
    if step.kind == "RUN":
        record.step(f"RUN {step.rest}", lambda: host.run(step.rest, online=True))
    elif step.kind == "COPY":
        record.step(f"COPY {step.rest}", lambda: "".join(_copy(step.words, host, made)))
    elif step.kind == "ENV":
        host.environment = {**host.environment, **dict(word.split("=", 1) for word in step.words)}
    elif step.kind == "WORKDIR":
        host.directory = step.rest
        host.run(f"mkdir -p {shlex.quote(step.rest)}", directory="/")
    elif step.kind == "USER":
        host.user = step.rest


def _copy(words: list[str], host: Root, made: dict[str, Root]) -> Iterator[str]:
    """Copies, and says how many files."""
    *sources, target = [word for word in words if not word.startswith("--")]
    into = host.folder / "own" / str(Path(host.directory, target)).lstrip("/")
    if words[0].startswith("--from="):
        former = made[words[0].removeprefix("--from=")]
        shutil.copytree(former.folder / "own" / sources[0].lstrip("/"), into, symlinks=True, dirs_exist_ok=True)
        yield f"{sum(path.is_file() for path in into.rglob('*'))} files\n"
        return
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    taken = copied(listed.stdout.splitlines(), (PROJECT / ".dockerignore").read_text())
    paths = [path for path in taken if sources == ["."] or path in sources]
    for path in paths:
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / path, into / path)
    yield f"{len(paths)} files\n"
