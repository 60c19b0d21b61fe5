"""The audit log: append-only events, sealed into a hash chain. Services write it through `portal.audit.record`."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now, Upper
from django.utils import timezone

from portal.identity.querysets import AuditEventQuerySet
from portal.models.accounts import ApiKey, Organisation, User


def _never_truncated(name: str) -> pgtrigger.Trigger:
    """Row triggers do not see TRUNCATE, so a statement trigger refuses it."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'the audit log is append-only: TRUNCATE is refused on %', TG_TABLE_NAME;",
    )


class AuditEvent(models.Model):
    """Who did what to which object when, what it was before and after, and why. Never changed, never deleted."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=300)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The platform concerned, if one is.",
    )
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=300)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_by_subject"),
            models.Index(fields=["action", "id"], name="audit_by_action"),
            models.Index(fields=["user", "id"], name="audit_by_user"),
            models.Index(fields=["organisation", "id"], name="audit_by_organisation"),
            GinIndex(
                OpClass(Upper("subject_label"), name="gin_trgm_ops"),
                OpClass(Upper("actor_label"), name="gin_trgm_ops"),
                name="audit_words",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            _never_truncated("no_truncate"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}"


class AuditSeal(models.Model):
    """One link of the chain: `hash` covers `digest` and the hash before it; positions run 1, 2, 3 without a gap.

    `digest` covers the event and the nonce (portal/audit/chain.py). Both are empty in seals of the first days, whose hash
    covers the event itself.
    """

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal")
    previous_hash = models.CharField(max_length=64)
    nonce = models.CharField(max_length=32, default="")
    digest = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(null=True, db_default=Now(), editable=False, help_text="By the database's clock.")

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["sealed_at"], name="seal_by_time")]
        triggers = [
            pgtrigger.Protect(name="seal_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            _never_truncated("seal_no_truncate"),
        ]

    def __str__(self) -> str:
        return f"seal {self.position}"


class AuditStamp(models.Model):
    """An outside authority's time stamp (RFC 3161) over the hash of a seal: the answer as it came, DER.

    It proves that the log up to `position` stood as it is at the authority's moment `at` (portal/audit/timestamps.py).
    """

    position = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    authority = models.TextField()
    answer = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        triggers = [
            pgtrigger.Protect(name="stamp_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            _never_truncated("stamp_no_truncate"),
        ]

    def __str__(self) -> str:
        return f"stamp of {self.position}"


class AuditAnchor(models.Model):
    """The newest seal's hash at a moment when it was to leave the database (portal/audit/anchors.py).

    A chain that was made again differs from it, here and wherever it was sent.
    """

    position = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        triggers = [
            pgtrigger.Protect(name="anchor_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            _never_truncated("anchor_no_truncate"),
        ]

    def __str__(self) -> str:
        return f"anchor of {self.position}"
