"""offshelf watch."""

import argparse
import hashlib
import sys
import time
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from time import monotonic

from offshelf_client.account import saved_login
from offshelf_client.commands import flags, notices
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import note, out, out_json
from offshelf_client.private_files import read_private, state_folder, write_private
from offshelf_client.server import Server

INTERVAL, MIN_INTERVAL, MAX_WAIT = 60, 10, 900  # seconds
OVERLAP = timedelta(minutes=10)  # a change may be committed that long after the time that it bears
START = "start"  # beside the rows, which are named by their numbers: from when to ask next
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
                _poll(server, kind, as_json=options.json)
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


def _poll(server: Server, kind: str, *, as_json: bool) -> None:
    """Print what is new or changed of one list, and note it: of each row that was printed lately, the time of its last
    change. A run that breaks off in between prints a row twice rather than not at all."""
    path, line = LISTS[kind]
    file = state_folder() / f"watch-{hashlib.sha256(f'{server.address} {kind}'.encode()).hexdigest()[:16]}.json"
    known = {row: at for row, given in (read_private(file) or {}).items() if (at := _time(given))}
    start = known.pop(START, None) or (max(known.values()) - OVERLAP if known else None)
    since = {"updated_since": _written(start)} if start else {}
    fresh, began = [], monotonic()
    for row in server.rows(path, **since):
        name, at = str(row.get("id")), _time(row.get("updated_at"))
        if at is None:
            raise Failure(f"The server did not say when {kind} {name} was changed.", Exit.NO_ANSWER)
        if known.get(name) != at:
            fresh.append((at, name, row))
    for _, _, row in sorted(fresh, key=itemgetter(0)):
        out_json({"kind": kind, **row}) if as_json else out(kind, *line(row))
    sys.stdout.flush()
    if fresh:
        known |= {name: at for at, name, _ in fresh}
        # While pages are fetched, a row of a page that is read already can change before the newest that is seen.
        start = max(known.values()) - OVERLAP - timedelta(seconds=monotonic() - began)
        kept = {name: at for name, at in known.items() if at >= start}  # what is older is not asked for again
        write_private(file, {name: _written(at) for name, at in (kept | {START: start}).items()})


def _time(given: object) -> datetime | None:
    """A time that the API wrote, or that was noted here; None for anything else."""
    try:
        at = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
