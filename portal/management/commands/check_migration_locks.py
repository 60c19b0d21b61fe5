"""manage.py check_migration_locks: whether new migrations can run beside a working installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.database import migration_locks


class Command(BaseCommand):
    help = (
        "Check that new migrations lock no large table for as long as it is read or written whole, and add no column that "
        "the version still running cannot fill. Exit status 1 names what is wrong and the way around it."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if found := migration_locks.problems():
            raise CommandError("\n".join(found))
        self.stdout.write("New migrations lock no large table.")
