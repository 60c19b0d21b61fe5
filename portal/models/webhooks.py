"""Where a platform's programs are told of events: its webhook endpoints, what is sent to each, and every attempt."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.correlation import current_id
from portal.identity.querysets import HookQuerySet, WebhookEndpointQuerySet
from portal.models.accounts import Organisation


class WebhookEndpoint(models.Model):
    """An address of a platform's program. Standard Webhooks: a secret of its own signs what is sent there. It is kept
    encrypted (portal/identity/encryption.py).

    `event_types` are the types it wants; none means all, also those that come later. `previous_secret` signs beside
    `secret` until `previous_secret_until`. `failures` counts the attempts in a row that failed, the first at
    `failing_since`. `legacy` endpoints were set up before there were several: they get the older signature and the
    older fields of the payload as well.
    """

    class State(models.TextChoices):
        ACTIVE = "active", gettext_noop("Active")
        DISABLED = "disabled", gettext_noop("Disabled")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhook_endpoints")
    url = models.URLField(max_length=500)
    secret = models.TextField(help_text="Encrypted.")
    previous_secret = models.TextField(blank=True, default="", help_text="Encrypted.")
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    event_types = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    disabled_reason = models.TextField(blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    legacy = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url

    @property
    def audit_organisation_id(self) -> int:
        return self.organisation_id

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_unencrypted(self) -> bool:
        """Whether what is sent can be read on its way. Production refuses such an address; one from before is kept."""
        return self.url.lower().startswith("http:")

    def wants(self, event_type: str) -> bool:
        return not self.event_types or event_type in self.event_types

    def secrets_at(self, moment: datetime) -> list[str]:
        """The secrets that sign at a moment, as they are kept, the newest first."""
        until = self.previous_secret_until
        return [self.secret, self.previous_secret] if until is not None and until > moment else [self.secret]


class Hook(models.Model):
    """What is to be told to a webhook endpoint, or was: one delivery of one event."""

    class Status(models.TextChoices):
        QUEUED = "queued", gettext_noop("Queued")
        SENT = "sent", gettext_noop("Sent")
        FAILED = "failed", gettext_noop("Failed")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="hooks")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="hooks", db_index=False)
    key = models.CharField(max_length=120)
    message_id = models.CharField(max_length=40, help_text="Names the event: the same in every attempt and replay.")
    event_type = models.CharField(max_length=60, blank=True, default="")
    payload = models.JSONField()
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")
    correlation = models.CharField(max_length=64, blank=True, default=current_id, db_default="")

    objects = HookQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "key"], name="hook_once")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="hook_due", condition=Q(status="queued")),
            models.Index(fields=["endpoint", "-id"], name="hook_log"),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.organisation}"

    @property
    def audit_organisation_id(self) -> int:
        return self.organisation_id


class HookAttempt(models.Model):
    """One attempt to deliver: what was sent, what came back. Kept for some days (portal/services/retention_kinds.py); the secret is never in it.

    `answer` is the beginning of the answer's body as text: a stranger wrote it, so it is shown as text only.
    """

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    request_headers = models.JSONField(default=dict)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")
    problem = models.TextField(blank=True, default="")
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.hook} at {self.at:%Y-%m-%d %H:%M:%S}"
