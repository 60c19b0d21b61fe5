"""offshelf watch."""

import argparse
import hashlib
import sys
import time
from datetime import UTC, datetime

from offshelf_client.account import saved_login
from offshelf_client.commands import flags, notices
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import note, out, out_json
from offshelf_client.private_files import read_private, state_folder, write_private
from offshelf_client.server import Server

INTERVAL, MIN_INTERVAL, MAX_WAIT = 60, 10, 900  # seconds
START = "start"  # from when to ask next
EVER = datetime(1970, 1, 1, tzinfo=UTC)
LISTS = {"notice": ("notices", notices.line), "flag": ("flags", flags.line)}
ENDS = {Exit.NOT_LOGGED_IN, Exit.USAGE, Exit.REFUSED}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    about = (
        "Print notices and flags as they are new or changed, one line each, until you stop it. What was printed is "
        "noted in $XDG_STATE_HOME/offshelf, so that the next run goes on from there; the first run prints everything. "
        "While the server is away, it waits longer each time, up to 15 minutes."
    )
    parser = commands.add_parser("watch", help="print new notices and flags as they come", description=about)
    parser.add_argument("--once", action="store_true", help="ask once and end, for example in cron")
    parser.add_argument(
        "--interval",
        type=_interval,
        default=INTERVAL,
        metavar="SECONDS",
        help=f"how often to ask, {MIN_INTERVAL} or more (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line: kind, and everything the API says")
    parser.set_defaults(run=run)


def _interval(given: str) -> int:
    if not given.isascii() or not given.isdigit() or int(given[:9]) < MIN_INTERVAL:
        raise argparse.ArgumentTypeError(f"give a number of seconds, {MIN_INTERVAL} or more")
    return int(given[:9])


def run(options: argparse.Namespace) -> Exit:
    server = Server(saved_login(), seconds=options.timeout)
    wait = options.interval
    while True:
        try:
            for kind in LISTS:
                _round(server, kind, as_json=options.json)
        except Failure as failure:
            if options.once or failure.status in ENDS:
                raise
            wait = min(wait * 2, max(MAX_WAIT, options.interval))
            note(f"{failure} Next attempt in {wait} s.")
        else:
            wait = options.interval
        if options.once:
            return Exit.DONE
        time.sleep(wait)


def _round(server: Server, kind: str, *, as_json: bool) -> None:
    """Print what is new or changed of one list, the earliest change first, and note from when to ask next. A run that
    breaks off prints at most the rows of a page a second time."""
    path, line = LISTS[kind]
    file = state_folder() / f"watch-{hashlib.sha256(f'{server.address} {kind}'.encode()).hexdigest()[:16]}.json"
    since = _time((read_private(file) or {}).get(START)) or EVER
    for page in server.pages(path, updated_since=_written(since)):
        until, rows = _time(page.get("next_updated_since")), page["results"]
        if until is None:
            raise Failure(
                "The server does not say from when to ask next: it is older than this command.", Exit.NO_ANSWER
            )
        for row in rows:
            out_json({"kind": kind, **row}) if as_json else out(kind, *line(row))
        sys.stdout.flush()
        reached = until if not page.get("next") else _time(rows[-1].get("updated_at")) if rows else None
        if reached is not None and reached > since:
            since = reached
            write_private(file, {START: _written(since)})


def _time(given: object) -> datetime | None:
    """A time that the API wrote, or that was noted here; None for anything else."""
    try:
        at = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
