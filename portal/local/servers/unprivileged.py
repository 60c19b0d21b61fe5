"""PostgreSQL refuses to run as root: which user it runs as instead, and how that user can read programs and data.

Nothing on the machine is opened up for it: no user is added and no folder above ours changes its mode. The data folder
is reached through the working directory, which is entered before the rights are dropped; programs that the user cannot
read are copied once.
"""

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from portal.local.processes import Account, parent_death_argv
from portal.local.servers.running import ServerUnavailable

# The working directory under a name that is valid even where the path to it may not be walked.
HERE = "/proc/self/cwd"
_COPIES = (Path("/var/tmp"), Path("/var/lib"), Path("/opt"))  # noqa: S108  checked for its owner before use


def account_for_postgres() -> Account | None:
    """The user PostgreSQL must drop to, or None if the current one will do.

    The user needs an entry in the password file, because initdb asks for its name.
    """
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "postgres", "daemon"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise ServerUnavailable(
        "PostgreSQL refuses to run as root, and this machine has no user nobody, postgres or daemon to run it as: "
        "run this as an ordinary user."
    )


def can_run(program: Path, account: Account) -> bool:
    """Whether `account` may walk to, read and run `program`, found by trying."""
    tried = subprocess.run(  # noqa: S603  a program of the installed wheel
        parent_death_argv([str(program), "--version"], account=account), capture_output=True, cwd="/", check=False
    )
    return tried.returncode == 0


def runnable_copy(install: Path, account: Account, *, places: tuple[Path, ...] = _COPIES) -> Path:
    """`install` (the wheel's `pginstall`) itself if `account` can run it, else a copy it can run.

    The copy keeps the wheel's layout, since the programs find their libraries by it. It is made under another name and
    renamed, so two starts at once cannot see half of it. Raises ServerUnavailable if no place will do.
    """
    if can_run(install / "bin" / "initdb", account):
        return install
    package, libraries = install.parent, install.parent.with_name(f"{install.parent.name}.libs")
    for place in places:
        home = place / f"offshelf-postgres-{_fingerprint(package)}"
        copy = home / package.name / install.name
        with contextlib.suppress(OSError):
            if not _is_whole(home, package):
                _copy(package, libraries, home)
            if can_run(copy / "bin" / "initdb", account):
                return copy
    raise ServerUnavailable(
        f"PostgreSQL refuses to run as root, and its programs in {install} cannot be read by another user; "
        f"copies in {', '.join(map(str, places))} would not run either. Run this as an ordinary user."
    )


def _copy(package: Path, libraries: Path, home: Path) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=".offshelf-", dir=home.parent))
    try:
        fresh.chmod(0o755)
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        if home.is_dir() and not home.is_symlink() and home.stat().st_uid == os.geteuid():
            shutil.rmtree(home)  # a damaged copy: temporary folders are swept by age
        fresh.rename(home)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _is_whole(home: Path, package: Path) -> bool:
    """Whether `home` is our own copy, writable by nobody else, with every file of `package` in its full size."""
    about = home.lstat() if home.is_symlink() or home.exists() else None
    if about is None or not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o022:
        return False
    return _sizes(home / package.name / "pginstall") == _sizes(package / "pginstall")


def _sizes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.lstat().st_size for path in folder.rglob("*") if path.is_file()}


def _fingerprint(package: Path) -> str:
    """Tells builds apart by the size and time of the server program."""
    about = (package / "pginstall" / "bin" / "postgres").stat()
    return f"{about.st_size:x}-{int(about.st_mtime):x}"
