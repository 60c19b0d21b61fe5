"""manage.py create_admin: the first regulator and its first admin, on a new installation."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.identity.actors import Actor
from portal.models import Organisation
from portal.services import create_organisation, create_person


class Command(BaseCommand):
    help = "Create an admin, and their regulator if none has the short name given. Asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="email address for signing in")
        parser.add_argument("--name", required=True, help="the admin's name")
        parser.add_argument(
            "--regulator", required=True, metavar="SLUG", help="the regulator's short name, for example cpsc"
        )
        parser.add_argument("--regulator-name", metavar="NAME", help="the full name of a new regulator")

    def handle(self, *_args: Any, **options: Any) -> None:
        actor = Actor.system("create_admin command")
        password = getpass.getpass("Password: ")
        try:
            validate_password(password)
            regulator = Organisation.objects.filter(
                slug=options["regulator"], kind="regulator"
            ).first() or create_organisation(
                actor=actor,
                kind="regulator",
                slug=options["regulator"],
                name=options["regulator_name"] or options["regulator"].upper(),
            )
            create_person(
                email=options["email"],
                name=options["name"],
                role="admin",
                organisation=regulator,
                password=password,
                actor=actor,
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{options['email']} can sign in.")
