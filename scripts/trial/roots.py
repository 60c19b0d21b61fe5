"""Root folders: a file system of its own for each host, entered with chroot in a mount and process namespace of its own."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from trial.record import Failed

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WITHIN = 1200  # seconds for one command


def make_base(folder: Path) -> str:
    """A minimal Debian with Python in `folder`, like the image's base; kept from one trial to the next."""
    if (folder / "usr" / "bin" / "python3.11").exists():
        return "kept from the last trial"
    shutil.rmtree(folder, ignore_errors=True)
    made = run(["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, str(folder), MIRROR])
    made += Root(str(folder), folder).run(
        "apt-get install -y -qq --no-install-recommends python3 python3-venv", online=True
    )
    (folder / "usr" / "local" / "bin" / "python").symlink_to("/usr/bin/python3.11")
    return made


@dataclass
class Root:
    """A host. Its files are those of `image` (folders, the uppermost first); what it writes itself is in `folder`, unless
    both are one."""

    image: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = "root"
    directory: str = "/"
    read_only: bool = False
    names: tuple[str, ...] = ()
    binds: Mapping[Path, str] = field(default_factory=dict)

    def run(
        self, command: str, *, online: bool = False, directory: str = "", environment: Mapping[str, str] | None = None
    ) -> str:
        """Run a shell command to its end; what it printed. Raises Failed where it ends with another status than 0."""
        return run(self._argv(command, directory or self.directory, environment or {}, online=online))

    def start(self, command: str, log: Path) -> subprocess.Popen[bytes]:
        """Start a program that stays."""
        with log.open("ab") as output:
            return subprocess.Popen(
                self._argv(f"exec {command}", self.directory, {}, online=False),
                stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def _argv(self, command: str, directory: str, environment: Mapping[str, str], *, online: bool) -> list[str]:
        inside = f"cd {shlex.quote(directory)} && {command}"
        variables = {"HOME": "/", "PATH": PATH, "DEBIAN_FRONTEND": "noninteractive"}
        variables |= {**self.environment, **environment, **(indexes()[0] if online else {})}
        who = (
            ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if self.user != "root" else []
        )
        words = [
            "chroot", '"$ROOT"', *who, "env", "-i", *(shlex.quote(f"{name}={value}") for name, value in variables.items()),
            "/bin/sh", "-euc", shlex.quote(inside),
        ]  # fmt: skip
        return [
            *("unshare", "--mount", "--pid", "--fork", "--kill-child=INT", "--propagation=private"),
            *("sh", "-euc", "\n".join([*self._mounts(online=online), f"exec {' '.join(words)}"])),
        ]

    def _mounts(self, *, online: bool) -> list[str]:
        """Commands that put the root together as $ROOT; they are gone with the namespace."""
        if self.image == str(self.folder):
            lines = [f"ROOT={shlex.quote(str(self.folder))}", 'mount --bind "$ROOT" "$ROOT"']
        else:
            parts = {name: self.folder / name for name in ("root", "own", "work")}
            for part in parts.values():
                part.mkdir(parents=True, exist_ok=True)
            options = f"lowerdir={self.image},upperdir={parts['own']},workdir={parts['work']}"
            lines = [f"ROOT={shlex.quote(str(parts['root']))}", f'mount -t overlay overlay -o {options} "$ROOT"']
        binds = dict(self.binds) | ({path: str(path) for path in indexes()[1]} if online else {})
        for source, target in binds.items():
            lines.append(f'mkdir -p "$ROOT{target if source.is_dir() else Path(target).parent}"')
            if not source.is_dir():
                lines.append(f'[ -e "$ROOT{target}" ] || touch "$ROOT{target}"')
        for device in ("null", "zero", "urandom", "random"):
            lines.append(f'[ -e "$ROOT/dev/{device}" ] || touch "$ROOT/dev/{device}"')
            lines.append(f'mount --bind /dev/{device} "$ROOT/dev/{device}"')
        lines += ['mount -t proc proc "$ROOT/proc"', 'mkdir -p "$ROOT/dev/shm"', 'mount -t tmpfs tmpfs "$ROOT/dev/shm"']
        lines.append('cp --dereference /etc/resolv.conf "$ROOT/etc/resolv.conf"')
        lines.append(f"printf '127.0.0.1 localhost {' '.join(self.names)}\\n' > \"$ROOT/etc/hosts\"")
        if self.read_only:
            lines.append('mount -o remount,bind,ro "$ROOT"')
            lines.append('mount -t tmpfs tmpfs "$ROOT/tmp"')
        lines += [f'mount --bind {shlex.quote(str(source))} "$ROOT{target}"' for source, target in binds.items()]
        return lines


@cache
def indexes() -> tuple[dict[str, str], list[Path]]:
    """How pip on this machine finds packages, as variables, and the files and folders that this names."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    lines = [line.partition("=") for line in listed.stdout.splitlines()]
    settings = {name.rpartition(".")[2].replace("-", "_").upper(): value.strip("'\"") for name, _, value in lines}
    words = [word for value in settings.values() for word in value.replace("\\n", " ").split()]
    named = [Path(word) for word in words if word.startswith("/")]
    beside = [
        Path(word.removeprefix("file://")).parent for word in words if word.startswith("file://")
    ]  # with its files
    places = [place for place in (*named, *beside) if place.exists()]
    found = {f"PIP_{name}": value.replace("\\n", " ") for name, value in settings.items()}
    return found | {name: value for name, value in os.environ.items() if name.endswith(("_proxy", "_PROXY"))}, places


def run(argv: list[str]) -> str:
    """Run a program to its end; what it printed. Raises Failed with it where it ends with another status than 0."""
    done = subprocess.run(
        argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=WITHIN, check=False
    )
    output = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise Failed(f"{output}\nexit status {done.returncode}")
    return output


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a host's program and all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)
