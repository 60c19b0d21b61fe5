"""Files that only their owner can read: the key, and what was searched. Written whole or not at all."""

import contextlib
import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from offshelf_client.failures import Exit, Failure

MAX_SIZE = 64 << 20  # bytes of a file of ours that are read


def config_folder() -> Path:
    """Where the key is: $XDG_CONFIG_HOME/offshelf."""
    return _folder("XDG_CONFIG_HOME", ".config")


def state_folder() -> Path:
    """Where it is noted what was searched and seen: $XDG_STATE_HOME/offshelf."""
    return _folder("XDG_STATE_HOME", ".local/state")


def _folder(variable: str, usual: str) -> Path:
    """A relative path in the variable is ignored, as the XDG Base Directory Specification says."""
    given = Path(os.environ.get(variable, ""))
    return (given if given.is_absolute() else Path.home() / usual) / "offshelf"


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write `content` as JSON with mode 0600, in a folder of mode 0700 if it is a new one. Raises Failure."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600, and no other's link
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=1)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise Failure(f"Cannot write {path}: {error.strerror or error}.", Exit.USAGE) from None


def read_private(path: Path) -> dict[str, Any] | None:
    """What `write_private` wrote; None where there is no file. Raises Failure where others could read or have written
    it, or it is not ours to read."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
                raise Failure(f"Others can read or write {path}: run chmod 600 on it, as its owner.", Exit.USAGE)
            content = json.loads(file.read(MAX_SIZE))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Failure(f"Cannot read {path}: {error.strerror or error}.", Exit.USAGE) from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Failure(f"{path} is damaged: delete it and try again.", Exit.USAGE)
    return content
