"""manage.py export_decisions --output FILE: decided flags as labelled pairs for fitting the weights of matching."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from listings.training import training_rows


class Command(BaseCommand):
    help = "Write the decided flags as labelled pairs, one line of JSON each, for `make fit-weights DECISIONS=FILE`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, required=True, help="where to write the pairs")

    def handle(self, *_args: Any, **options: Any) -> None:
        written = 0
        with options["output"].open("w", encoding="utf-8", errors="backslashreplace") as out:
            for row in training_rows():
                out.write(f"{json.dumps(row, ensure_ascii=False)}\n")
                written += 1
        self.stdout.write(f"{written} decided flags written to {options['output']}.")
