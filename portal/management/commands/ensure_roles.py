"""manage.py ensure_roles: the application's database role, its password and its privileges, without migrating."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from portal.database import roles


class Command(BaseCommand):
    help = (
        "Create the database role in DATABASE_URL, set its password to the one given there, and grant its privileges. "
        "Runs as the role in OWNER_DATABASE_URL. migrate does the same, but keeps the password of an existing role."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.OWNER_DATABASE is None:
            raise CommandError(
                "Set OWNER_DATABASE_URL to the role that owns the tables. See docs/operations/database.md, Roles."
            )
        try:
            with roles.as_owner():
                roles.make_role(renew_password=True)
                roles.grant()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        if found := roles.problems():
            raise CommandError(" ".join(found))
        self.stdout.write(f"The role {settings.APP_DATABASE['USER']} is ready.")
