"""Files that are sent in parts, each part a file of its own until the whole is put together for its import."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from listings.models.imports import CatalogueImport
from listings.querysets import CatalogueUploadQuerySet
from portal.models import Organisation, User


class CatalogueUpload(models.Model):
    """A catalogue of `size` bytes, of which the first `received` are here. With `job` it is whole and being imported."""

    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="catalogue_uploads")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    size = models.BigIntegerField(help_text="Bytes of the whole file.")
    received = models.BigIntegerField(default=0, help_text="Bytes that are here, from the first on without a gap.")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(help_text="When its parts are deleted, if it is not continued.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the whole file, as its sender states it.")
    job = models.OneToOneField(CatalogueImport, null=True, blank=True, on_delete=models.SET_NULL, related_name="upload")

    objects = CatalogueUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "catalogue upload"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("size")), name="upload_received_within_size"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.filename})"

    @property
    def is_whole(self) -> bool:
        return self.received == self.size

    @property
    def is_over(self) -> bool:
        """Whether its time has passed; its parts are deleted with the next run of retention."""
        return self.expires_at <= timezone.now()

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id


class UploadPart(models.Model):
    """Bytes `start` to `start + size` of an upload. Parts never overlap: each begins where the one before it ended."""

    upload = models.ForeignKey(CatalogueUpload, on_delete=models.CASCADE, related_name="parts")
    start = models.BigIntegerField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="uploads/", max_length=200)

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="one_part_at_a_place")]

    def __str__(self) -> str:
        return f"{self.size} bytes from {self.start}"
