"""The settings of the drill instance: those of the product, with an adjustable clock and mail over SMTP.

The clock is replaced before any model is loaded, so that every default and every query uses it.
"""

import contextlib
import logging
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from portal.settings import *  # noqa: F403  all of them

_FILE = Path(os.environ["OFFSHELF_FOLDER"]) / "clock-offset"
_real_now = timezone.now
_seen = {"until": 0.0, "seconds": 0.0}


def staged_now() -> datetime:
    """The time, with the offset in seconds from the file of the drill; read at most ten times a second."""
    if time.monotonic() > _seen["until"]:
        with contextlib.suppress(OSError, ValueError):
            _seen["seconds"] = float(_FILE.read_text() or 0)
        _seen["until"] = time.monotonic() + 0.1
    return _real_now() + timedelta(seconds=_seen["seconds"])


timezone.now = staged_now

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 3

logging.getLogger("mail.log").setLevel(logging.ERROR)  # the mail server of the drill logs every line
