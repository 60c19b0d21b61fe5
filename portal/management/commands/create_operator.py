"""manage.py create_operator: who manages the organisations of an installation, and sees no case."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.identity.actors import Actor
from portal.models import Organisation, Role
from portal.services import create_organisation, create_person


class Command(BaseCommand):
    help = "Create an operator, and the site operator they belong to if there is none. Asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="email address for signing in; an admin needs another one")
        parser.add_argument("--name", required=True, help="the operator's name")
        parser.add_argument("--organisation-name", metavar="NAME", default="Site operator", help="if there is none yet")

    def handle(self, *_args: Any, **options: Any) -> None:
        actor = Actor.system("create_operator command")
        password = getpass.getpass("Password: ")
        try:
            validate_password(password)
            with transaction.atomic():
                create_person(
                    email=options["email"],
                    name=options["name"],
                    role=Role.OPERATOR,
                    organisation=_site_operator(options["organisation_name"], actor),
                    password=password,
                    actor=actor,
                )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{options['email']} can sign in.")


def _site_operator(name: str, actor: Actor) -> Organisation:
    kind = Organisation.Kind.OPERATOR
    found = Organisation.objects.filter(kind=kind).order_by("pk").first()
    return found or create_organisation(actor=actor, kind=kind, slug="operator", name=name)
