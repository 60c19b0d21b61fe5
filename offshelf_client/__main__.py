"""The command itself: arguments, and how it ends."""

import argparse
import os
import sys
from collections.abc import Sequence

from offshelf_client.commands import flags, login, match, notices, prove, report, upload, watch
from offshelf_client.failures import MEANINGS, Exit, Failure
from offshelf_client.printing import note
from offshelf_client.server import SECONDS


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    statuses = "\n".join(f"  {status.value:>3}  {meaning}" for status, meaning in MEANINGS.items())
    made = argparse.ArgumentParser(
        prog="offshelf",
        description="Take recalled products off sale: notices, matches in your own catalogue, flags and decisions.",
        epilog=f"exit statuses:\n{statuses}\n\nBegin with: offshelf login https://offshelf.example.gov",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "--timeout",
        type=_seconds,
        default=SECONDS,
        metavar="SECONDS",
        help="for each request with all its attempts, 1 to 3600 (default: %(default)s)",
    )
    commands = made.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (login, notices, match, upload, flags, report, watch, prove):
        module.add(commands)
    return made


def _seconds(given: str) -> int:
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= 3600:
        raise argparse.ArgumentTypeError("give a number of seconds from 1 to 3600")
    return int(given[:9])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. Ends by SystemExit for --help and wrong arguments."""
    options = parser().parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
    except Failure as failure:
        note(f"offshelf: {failure}")
        return int(failure.status)
    except KeyboardInterrupt:
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:  # such as `| head`: who reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.DONE)
    return status


if __name__ == "__main__":
    sys.exit(main())
