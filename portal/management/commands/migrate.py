"""manage.py migrate: Django's own, as the owner of the tables, followed by the privileges of the application's role."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.core.management.commands import migrate

from portal.background.collecting import collecting_seldom
from portal.database import roles
from portal.database.lean_states import lean_states
from portal.models import User

NO_OPERATOR = (
    "Nobody can sign in who manages organisations, retention and failed jobs: run manage.py create_operator "
    "(docs/operations/upgrade.md, Upgrade)."
)


class Command(migrate.Command):
    help = f"{migrate.Command.help} Runs as the role in OWNER_DATABASE_URL and grants the role in DATABASE_URL its privileges."

    def execute(self, *args: Any, **options: Any) -> str | None:
        with roles.as_owner():  # from the system checks on: the application's role may not exist yet
            result: str | None = super().execute(*args, **options)
        return result

    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        try:
            roles.make_role()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        # Django makes the class of each model again for each step of each migration, and every one is a cycle.
        with collecting_seldom(), lean_states():
            super().handle(*args, **options)
        roles.grant()
        if options["app_label"] is None and User.objects.exists() and not User.objects.operators().exists():
            self.stdout.write(self.style.WARNING(NO_OPERATOR))
