"""Runs Offshelf on one machine: `python -m portal.run demo | servers | reset` (see `--help`).

Needs no settings: it starts PostgreSQL and Valkey, and passes their addresses to Django in the environment.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from portal.demo.processes import Demo, PortTaken, run_demo
from portal.local.folder import FolderRefused, claimed, claimed_or_next, empty, is_ours, secret_key
from portal.local.processes import parent_death_argv
from portal.local.servers import ServerUnavailable, start_postgres, start_valkey, wait_until_unused
from portal.local.supervisor import ChildFailed, StopRequested

ROOT = Path(__file__).resolve().parent.parent
_REFUSED = 2  # exit code for a request that cannot be carried out


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line, run the command and return its exit code; every refusal is one sentence."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command: list[str] = []
    if words[:1] == ["servers"] and "--" in words:
        cut = words.index("--")
        words, command = words[:cut], words[cut + 1 :]
    options = _parser().parse_args(words)
    try:
        if options.what == "demo":
            return _demo(options)
        if options.what == "reset":
            return _reset(options.folder or ROOT / ".offshelf" / "demo")
        return _servers(options.folder, command, fresh=options.fresh)
    except (FolderRefused, PortTaken, FileNotFoundError) as error:
        _say(str(error))
        return _REFUSED
    except (ServerUnavailable, ChildFailed) as error:
        _say(str(error))
        return 1
    except (StopRequested, KeyboardInterrupt):
        _say("Stopped before it was ready.")
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portal.run", description="Run Offshelf on this machine.")
    commands = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    demo = commands.add_parser(
        "demo",
        help="run the whole portal with sample data on 127.0.0.1",
        description="Start PostgreSQL, Valkey, the web server, a worker for each queue and the beat; load recalls and "
        "catalogues; print the address and the sign-ins. Press Ctrl-C to stop everything; the data stays in the folder.",
    )
    _add_folder(demo, "data folder; default: .offshelf/demo, or .offshelf/demo-2 and so on if that is in use")
    demo.add_argument("--port", type=_port, metavar="P", help="port; default: 8000, or the next free one")
    demo.add_argument(
        "--recalls", type=Path, metavar="FILE", help="file of recalls to load instead of the bundled ones"
    )
    demo.add_argument(
        "--catalogue", type=Path, metavar="FILE", help="file of listings to load instead of the bundled ones"
    )
    demo.add_argument(
        "--history",
        action="store_true",
        help="load three months of sample history first, which takes a few minutes once",
    )
    servers = commands.add_parser(
        "servers",
        usage="python -m portal.run servers [-h] [--folder F] [--fresh] -- COMMAND…",
        help="run a command with only PostgreSQL and Valkey",
        description="Start PostgreSQL and Valkey for tests (fast, not crash-safe), run COMMAND with DATABASE_URL, "
        "OWNER_DATABASE_URL, BROKER_URL and, unless set, SECRET_KEY, OFFSHELF_FOLDER and OFFSHELF_MODE=test; "
        "then exit with the exit code of COMMAND.",
    )
    _add_folder(servers, "data folder; default: .offshelf/test, or .offshelf/test-2 and so on if that is in use")
    servers.add_argument("--fresh", action="store_true", help="first empty the data folder permanently")
    reset = commands.add_parser(
        "reset",
        help="permanently empty the demo's data folder",
        description="Remove everything in the data folder. Refused while Offshelf is running there, and for other folders.",
    )
    _add_folder(reset, "data folder; default: .offshelf/demo")
    return parser


def _add_folder(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--folder", type=Path, metavar="F", help=text)


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535")


def _demo(options: argparse.Namespace) -> int:
    for name in ("recalls", "catalogue"):
        path = getattr(options, name)
        if path is not None and not path.exists():
            raise FileNotFoundError(f"--{name}: file not found: {path}.")
    wanted = ROOT / ".offshelf" / "demo"
    with claimed(options.folder) if options.folder else claimed_or_next(wanted) as folder:
        if not options.folder and folder != wanted.resolve():
            _say(f"{wanted} is in use by a running demo. This one uses {folder}.")
        demo = Demo(
            root=ROOT,
            folder=folder,
            wanted_port=options.port,
            recalls=options.recalls,
            catalogue=options.catalogue,
            history=options.history,
        )
        run_demo(demo, say=_say)
    return 0


def _reset(folder: Path) -> int:
    if not folder.exists():
        _say(f"{folder} does not exist. There is nothing to remove.")
        return 0
    if not is_ours(folder):
        raise FolderRefused(f"{folder} is not a data folder of Offshelf, so nothing was removed.")
    with claimed(folder) as held:
        wait_until_unused(held)
        empty(held)
        _say(f"{held} is now empty.")
    return 0


def _servers(folder: Path | None, command: list[str], *, fresh: bool) -> int:
    if not command:
        raise FolderRefused("Give the command to run after --: python -m portal.run servers -- COMMAND…")
    with contextlib.ExitStack() as stack:
        held = stack.enter_context(claimed(folder) if folder else claimed_or_next(ROOT / ".offshelf" / "test"))
        if fresh:
            wait_until_unused(held)
            empty(held)
        database = stack.enter_context(start_postgres(held, durable=False))
        broker = stack.enter_context(start_valkey(held, durable=False))
        defaults = {"OFFSHELF_MODE": "test", "SECRET_KEY": secret_key(held), "OFFSHELF_FOLDER": str(held)}
        addresses = {"DATABASE_URL": database.app_url, "OWNER_DATABASE_URL": database.url, "BROKER_URL": broker.url}
        return _run_in_foreground(command, env={**defaults, **os.environ, **addresses})


def _run_in_foreground(command: list[str], *, env: dict[str, str]) -> int:
    """Run `command` on our terminal and return its exit code (128 + n for signal n), handing on SIGTERM and SIGHUP.

    Ctrl-C in the terminal reaches the command directly, which handles it.
    """
    with subprocess.Popen(parent_death_argv(command), env=env) as process:  # noqa: S603  the caller's own command, no shell

        def hand_on(number: int, _frame: FrameType | None) -> None:
            if number != signal.SIGINT:
                process.send_signal(number)

        former = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            code = process.wait()
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _say(line: str) -> None:
    """Print a line; a closed terminal or pipe does not stop the running processes."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  until this process ends


if __name__ == "__main__":
    sys.exit(main())
