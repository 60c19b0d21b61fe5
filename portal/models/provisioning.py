"""Provisioning of an organisation's accounts by SCIM 2.0: the one token that its directory uses, and what it may give."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from portal.models.accounts import Organisation


class Provisioning(models.Model):
    """How an organisation's directory keeps its accounts here. Of the token only the digest is stored; it is shown once."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="provisioning")
    prefix = models.CharField(max_length=12, blank=True, default="")
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    domains = ArrayField(models.CharField(max_length=253), help_text="Mail domains of the people it may keep.")
    roles = models.JSONField(default=dict, blank=True, help_text="Value of the attribute roles → role.")
    default_role = models.CharField(max_length=20, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "provisioning"

    def __str__(self) -> str:
        return f"of {self.organisation}"
