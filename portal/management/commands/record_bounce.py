"""manage.py record_bounce: record a bounced mail from standard input, where a mail server's alias pipes it."""

import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.notifications.bounces import record_bounce


class Command(BaseCommand):
    help = (
        "Record a delivery status notification (RFC 3464) from standard input. Pipe each mail that reaches the sender's "
        "address to this command: /opt/offshelf/deploy/manage.sh record_bounce < MAIL."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = record_bounce(sys.stdin.buffer.read())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{count} bounced message{'' if count == 1 else 's'} recorded.")
