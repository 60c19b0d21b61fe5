"""Second factors of people, and the path back for who lost theirs."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.models.accounts import User


class SecondFactor(models.Model):
    """One thing that a person proves themselves by beside their password: an app, a passkey, or one recovery code."""

    class Kind(models.TextChoices):
        APP = "app", gettext_noop("Authenticator app")
        PASSKEY = "passkey", gettext_noop("Passkey")
        CODE = "code", gettext_noop("Recovery code")

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="second_factors")
    kind = models.CharField(max_length=7, choices=Kind)
    name = models.CharField(max_length=60, blank=True, default="")
    secret = models.TextField(help_text="App: the shared secret, encrypted. Passkey: its public key. Code: its digest.")
    credential_id = models.CharField(max_length=1_400, null=True, blank=True, unique=True, help_text="Of a passkey.")
    counter = models.BigIntegerField(default=0, help_text="App: time step of the last code. Passkey: its sign count.")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(kind="app"), name="one_app_a_person"),
            models.UniqueConstraint(fields=["person", "secret"], condition=Q(kind="code"), name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class FactorReset(models.Model):
    """One admin asks that a person's second factors are removed, another one confirms it; open for a day."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factor_resets")
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When it was confirmed or refused.")
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(closed_at=None), name="one_open_factor_reset")
        ]

    def __str__(self) -> str:
        return f"Second factor reset of {self.person}"
