"""Control checks of a host: how it answers for an address that cannot exist, and for a listing known to be on sale."""

from django.db import models
from django.utils import timezone

from enforcement.states import ControlFinding
from listings.models import Listing


class ControlCheck(models.Model):
    """Two answers of one host, taken together. The checks that refer to it use it as evidence, so it never changes.

    The observation's capture names both digests, and the audit event covers the capture.
    """

    host = models.CharField(max_length=253)
    at = models.DateTimeField(
        default=timezone.now, help_text="When the listing on sale was requested, the later of the two."
    )
    finding = models.CharField(max_length=12, choices=ControlFinding)
    detail = models.TextField(help_text="One sentence: what the two answers show.")
    impossible_url = models.TextField()
    impossible_status = models.PositiveSmallIntegerField(null=True, blank=True)
    impossible_final_url = models.TextField(blank=True)
    impossible_digest = models.CharField(max_length=64, blank=True)
    impossible_body = models.BinaryField(blank=True, default=b"", help_text="The page, zlib-compressed, capped.")
    live_listing = models.ForeignKey(Listing, null=True, on_delete=models.SET_NULL, related_name="+")
    live_title = models.TextField(blank=True)
    live_url = models.TextField(blank=True)
    live_status = models.PositiveSmallIntegerField(null=True, blank=True)
    live_final_url = models.TextField(blank=True)
    live_digest = models.CharField(max_length=64, blank=True)
    live_body = models.BinaryField(blank=True, default=b"", help_text="The page, zlib-compressed, capped.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["host", "-at"], name="control_by_host")]

    def __str__(self) -> str:
        return f"{self.host} {self.get_finding_display()}"
