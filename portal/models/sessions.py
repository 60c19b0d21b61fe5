"""Who is signed in where."""

import hashlib
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from portal.models.accounts import User


class Session(AbstractBaseSession):
    """A sign-in as the database keeps it; without a row there is no session. Filled by portal/identity/sessions.py.

    The key is as good as a password while it lives, so pages name a session by its `handle`.
    """

    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    since = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True, help_text="To within a few minutes.")
    device = models.CharField(max_length=60, blank=True, default="")

    class Meta(AbstractBaseSession.Meta):
        ordering = ["-used_at"]

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore

    @property
    def handle(self) -> str:
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]
