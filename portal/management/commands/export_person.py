"""manage.py export_person: everything that is stored about a person, into a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.exporting.registry import Tally
from portal.identity.actors import Actor
from portal.identity.email_addresses import normal
from portal.models import User
from portal.services.person_export import write_person


class Command(BaseCommand):
    help = "Write everything that is stored about a person into a ZIP file of JSON lines. The audit log says so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's email address")
        parser.add_argument("file", type=Path, help="where to write; it must not exist")

    def handle(self, *_args: Any, **options: Any) -> None:
        person = User.objects.filter(email=normal(options["email"])).first()
        if person is None:
            raise CommandError(f"There is no person with the address {options['email']}.")
        tally = Tally()
        try:
            with options["file"].open("xb") as out:
                options["file"].chmod(0o600)
                for piece in write_person(Actor.system("export_person"), {"person": person.pk}, tally):
                    out.write(piece)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error}.") from error
        self.stdout.write(f"{tally.counted:,} rows about {person} in {options['file']}")
