"""Django's session engine, with a row that says whose session it is, since when, from which device, and when last used."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.db import connections, router
from django.http import HttpRequest
from django.utils import timezone

from portal.identity.devices import device_of
from portal.models import Session

_KEY = re.compile("[a-z0-9]{32}")  # as Django makes them
NOTED_EVERY = timedelta(minutes=5)
_KEPT = f'SELECT session_data FROM "{Session._meta.db_table}" WHERE session_key = %s AND expire_date > %s'  # noqa: S608  our own names


class SessionStore(db.SessionStore):
    """One that was ended is never written again: saving what no longer has a row is an error of Django's base class."""

    def _validate_session_key(self, key: str | None) -> bool:
        """Only what we give out: a cookie with anything else in it is a cookie that no one has."""
        return bool(key) and _KEY.fullmatch(str(key)) is not None

    def load(self) -> dict[str, Any]:
        """What is kept of a session that has not ended. The statement is our own, as each request begins with it."""
        with connections[router.db_for_read(Session)].cursor() as cursor:
            cursor.execute(_KEPT, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row[0]))

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.person_id = data.get("_auth_user_id")
        row.since, row.used_at = _moment(data.get("since")), _moment(data.get("used_at"))
        row.device = data.get("device", "")
        return row


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def trust_anew(request: HttpRequest) -> None:
    """Give a guest's session another key before it is trusted with a secret link: whoever had the browser take a cookie that
    they know would read the link's page with it. Who is signed in had that done as they came in."""
    if not request.user.is_authenticated:
        request.session.cycle_key()


def note_use(request: HttpRequest) -> None:
    """Write down that a signed-in person's session is in use: with its device at first, then every few minutes.

    A session ends half a day after the sign-in, however often it is written in the meantime.
    """
    session, now = request.session, timezone.now()
    if "since" not in session:
        session["since"], session["device"] = now.isoformat(), device_of(request.headers.get("User-Agent", ""))
        session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    used = _moment(session.get("used_at"))
    if used is None or used < now - NOTED_EVERY:
        session["used_at"] = now.isoformat()
