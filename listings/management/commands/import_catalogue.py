"""manage.py import_catalogue PATH --platform SLUG: import a feed and match it, with progress bars."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from listings import services
from listings.models import CatalogueImport, Listing
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.models.jobs import JobStatus
from portal.progress import Bar


class Command(BaseCommand):
    help = "Import a platform's catalogue and match it. Importing the same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the catalogue file")
        parser.add_argument("--platform", required=True, metavar="SLUG", help="the platform's short name")
        parser.add_argument(
            "--kind",
            choices=CatalogueImport.Kind.values,
            default="full",
            help="full (default): listings that are not in the file are no longer on sale; delta: only new or changed ones",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["path"]
        platform = Organisation.objects.platforms().filter(slug=options["platform"]).first()
        if platform is None:
            known = ", ".join(Organisation.objects.platforms().values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"Unknown platform: {options['platform']}. Known platforms: {known}.")
        if not path.is_file():
            raise CommandError(f"File not found: {path}.")
        with path.open("rb") as source:
            job = services.start_import(
                platform=platform,
                file=File(source, name=path.name),
                filename=path.name,
                kind=options["kind"],
                actor=Actor.system("import_catalogue command"),
            )
        bar = Bar(f"Catalogue from {path.name}, bytes")
        job = services.run_import(job, on_progress=bar)
        bar.finish()
        if job.waits:
            raise CommandError(
                " ".join(["The full feed is waiting for confirmation by a platform manager.", *job.report["held"]])
            )
        if job.status != JobStatus.DONE:
            raise CommandError(
                job.error
                or f"The import is {job.get_status_display().lower()}. Another import of this platform may be running: "
                "try again later."
            )
        self.stdout.write(
            f"{job.added:,} added, {job.changed:,} changed, {job.unchanged:,} unchanged, {job.absent:,} absent, "
            f"{job.rejected:,} rejected of {job.total:,} rows"
        )
        for reject in job.rejects.all()[:20]:
            self.stdout.write(f"  line {reject.line}, {reject.external_id or 'no id'}: {reject.reason}")
        due = Listing.objects.filter(platform=platform, match_due=True).count()
        bar, done = Bar("Matching, listings"), 0
        while matched := services.match_listings_due(platform_id=platform.pk):
            done += matched
            bar(min(done, due), due)
        bar.finish()
