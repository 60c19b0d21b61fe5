"""manage.py import_recalls PATH --regulator SLUG: import a file of recalls at once, with a progress bar."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from portal.actors import Actor
from portal.jobs import JobStatus
from portal.models import Organisation
from portal.progress import Bar
from recalls import services


class Command(BaseCommand):
    help = "Import recalls from a file in the CPSC Recall API's JSON, gzip or plain. Importing again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--regulator", required=True, metavar="SLUG", help="whose recalls they are")
        parser.add_argument("--draft", action="store_true", help="leave them in draft instead of publishing them")
        parser.add_argument("--sample", action="store_true", help="label them as sample data")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["path"]
        regulator = Organisation.objects.filter(slug=options["regulator"], kind="regulator").first()
        if regulator is None:
            known = (
                ", ".join(Organisation.objects.filter(kind="regulator").values_list("slug", flat=True)) or "none yet"
            )
            raise CommandError(f"There is no regulator {options['regulator']}; known: {known}.")
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with path.open("rb") as source:
            job = services.start_recall_import(
                regulator=regulator,
                file=File(source, name=path.name),
                filename=path.name,
                publish=not options["draft"],
                is_sample=options["sample"],
                actor=Actor.system("import_recalls command"),
            )
        bar = Bar(f"Recalls from {path.name}")
        job = services.run_recall_import(job, on_progress=bar)
        bar.finish()
        if job.status != JobStatus.DONE:
            raise CommandError(job.error or f"The import is {job.get_status_display().lower()}.")
        self.stdout.write(
            f"{job.added:,} added, {job.revised:,} revised, {job.unchanged:,} unchanged, {job.rejected:,} rejected of {job.total:,} recalls"
        )
        for reject in job.rejects.all()[:20]:
            self.stdout.write(f"  record {reject.record}, {reject.number or 'no number'}: {reject.reason}")
