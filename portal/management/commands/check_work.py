"""manage.py check_work PART: whether a worker or beat does its work, for the health checks of their containers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.background.queues import CLOCKS, QUEUES
from portal.readings import Reading, readings, values_of

WAITING, SILENCE = "offshelf_queue_oldest_seconds", "offshelf_sweep_silence_seconds"
_SAYS = {
    WAITING: "a task of {part} has waited for {value:.0f} seconds, longer than {limit:.0f}: its worker takes none",
    SILENCE: "no periodic task has run for {value:.0f} seconds, longer than {limit:.0f}: beat or the worker of clocks stopped",
}


class Command(BaseCommand):
    help = (
        "Exit status 0 where the tasks of a queue are taken in time, or where beat sends them; else 1, with the reason. It "
        "asks broker and database, so it says of a queue whether its workers together keep up."
    )
    requires_system_checks = []  # asked every minute

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=[*(queue.name for queue in QUEUES), "beat"], help="a queue, or beat")

    def handle(self, *_args: Any, part: str, **_options: Any) -> None:
        known = {reading.name: reading for reading in readings()}
        asked = {CLOCKS.name: [WAITING, SILENCE], "beat": [SILENCE]}.get(part, [WAITING])
        if found := [problem for name in asked if (problem := _problem(known[name], part))]:
            raise CommandError("; ".join(found))
        self.stdout.write(f"{part}: ok")


def _problem(reading: Reading, part: str) -> str:
    """What is wrong of a part; empty where it is in order."""
    if (values := values_of(reading)) is None:
        return f"{'the broker' if reading.labels else 'the database'} does not answer"
    labels = (part,) if reading.labels else ()
    value, limit = values[labels], reading.limit(labels)
    return _SAYS[reading.name].format(part=part, value=value, limit=limit) if value > limit else ""
