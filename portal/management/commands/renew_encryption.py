"""manage.py renew_encryption: encrypt stored secrets under today's SECRET_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.services.encryption import renew_encryption


class Command(BaseCommand):
    help = (
        "Encrypt every stored secret (apps of second factors, clients of single sign-on, webhooks, scheduled feeds) under "
        "today's SECRET_KEY. After it, SECRET_KEY_FALLBACKS can be emptied. The exit status is 1 if a secret cannot be read."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        renewed = renew_encryption()
        self.stdout.write(f"{renewed.done:,} secrets are encrypted under today's SECRET_KEY.")
        if renewed.unreadable:
            raise CommandError(
                f"{len(renewed.unreadable):,} cannot be read, as their key is not in SECRET_KEY_FALLBACKS: "
                f"{'; '.join(renewed.unreadable[:20])}"
            )
