"""manage.py migrate: Django's own, as the owner of the tables, followed by the privileges of the application's role."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.core.management.commands import migrate

from portal.database import roles
from portal.database.lean_states import lean_states
from portal.models import User

NO_OPERATOR = (
    "Nobody can sign in who manages organisations, retention and failed jobs: run manage.py create_operator "
    "(docs/operations.md, Upgrade)."
)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Django makes classes of models anew for each step of each migration, thousands in all, and every one is a cycle: at
    its usual pace the garbage collector takes four tenths of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


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
        with _collecting_seldom(), lean_states():
            super().handle(*args, **options)
        roles.grant()
        if options["app_label"] is None and User.objects.exists() and not User.objects.operators().exists():
            self.stdout.write(self.style.WARNING(NO_OPERATOR))
