"""manage.py ensure_roles: the application's role, its password and its grants, without migrating."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from portal.database import roles


class Command(BaseCommand):
    help = (
        "Make the role that DATABASE_URL names, set its password to the one there, and grant it what it needs. "
        "Runs as OWNER_DATABASE_URL says; migrate does the same, but leaves the password of a role that is there."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.OWNER_DATABASE is None:
            raise CommandError("Set OWNER_DATABASE_URL: the role that owns the tables. docs/operations.md, Roles.")
        try:
            with roles.as_owner():
                roles.make_role(renew_password=True)
                roles.grant()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        if found := roles.problems():
            raise CommandError(" ".join(found))
        self.stdout.write(f"The role {settings.APP_DATABASE['USER']} is set up.")
