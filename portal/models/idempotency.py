"""Answers of the API that are kept, so that a call that is repeated has one effect."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from portal.models.accounts import Organisation


class KeptAnswer(models.Model):
    """The answer to a call with an Idempotency-Key, written in the transaction of its effect (portal/api/idempotency.py).

    `digest` is of the call: method, address and content. `content` is packed with zlib.
    """

    KEPT = timedelta(hours=24)

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.organisation_id}"
