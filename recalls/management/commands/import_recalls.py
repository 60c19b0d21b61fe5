"""manage.py import_recalls PATH --regulator SLUG: import a file of recalls, with a progress bar."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from portal.identity.actors import Actor
from portal.models import Organisation
from portal.progress import Bar
from recalls import services
from recalls.states import ImportStatus


class Command(BaseCommand):
    help = (
        "Import recalls from a file of any known publisher, or a table. Importing the same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the file of recalls")
        parser.add_argument("--regulator", required=True, metavar="SLUG", help="the regulator's short name")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish the recalls immediately, in the name of this command; otherwise they stay in draft",
        )
        parser.add_argument(
            "--preview", action="store_true", help="show what the file would change, without changing anything"
        )
        parser.add_argument("--sample", action="store_true", help="label the recalls as sample data")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["path"]
        regulator = Organisation.objects.filter(slug=options["regulator"], kind="regulator").first()
        if regulator is None:
            known = (
                ", ".join(Organisation.objects.filter(kind="regulator").values_list("slug", flat=True)) or "none yet"
            )
            raise CommandError(f"Unknown regulator: {options['regulator']}. Known regulators: {known}.")
        if not path.is_file():
            raise CommandError(f"File not found: {path}.")
        operator = Actor.system("import_recalls command")
        with path.open("rb") as source:
            job = services.start_recall_import(
                regulator=regulator,
                file=File(source, name=path.name),
                filename=path.name,
                is_sample=options["sample"],
                actor=operator,
            )
        bar = Bar(f"Reading {path.name}")
        job = services.run_recall_import(job, on_progress=bar)
        bar.finish()
        if job.asks_for_columns:
            services.cancel_recall_import(job=job, actor=operator, reason=job.report["reason"])
            raise CommandError(f"{job.report['reason']} Upload the file on the Recall imports page to do so.")
        if job.status == ImportStatus.WAITING and options["preview"]:
            services.cancel_recall_import(job=job, actor=operator, reason="Preview only.")
        elif job.status == ImportStatus.WAITING:
            services.confirm_recall_import(job=job, publish=options["publish"], actor=operator)
            bar = Bar(f"Storing {path.name}")
            job = services.run_recall_import(job, on_progress=bar)
            bar.finish()
        if job.status not in {ImportStatus.DONE, ImportStatus.CANCELLED}:
            raise CommandError(job.error or f"The import is {job.get_status_display().lower()}.")
        self.stdout.write(
            f"{job.added:,} new, {job.revised:,} changed, {job.unchanged:,} unchanged, {job.rejected:,} rejected of {job.total:,} records"
        )
        for reject in job.rejects.all()[:20]:
            self.stdout.write(f"  record {reject.record}, {reject.number or 'no number'}: {reject.reason}")
