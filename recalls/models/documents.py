"""Files of a recall: documents, pictures and the notice itself, as uploaded by the regulator's staff."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.models import User
from recalls.models.recalls import Recall
from recalls.querysets import RecallFileQuerySet


class RecallFile(models.Model):
    """One file, as stored; `sent_sha256` is of the file as sent: images are encoded again. Internal unless `for_platforms`."""

    class Kind(models.TextChoices):
        NOTICE = "notice", gettext_noop("Notice")
        PICTURE = "picture", gettext_noop("Picture")
        TEST_REPORT = "test_report", gettext_noop("Test report")
        RISK_ASSESSMENT = "risk_assessment", gettext_noop("Risk assessment")
        CORRESPONDENCE = "correspondence", gettext_noop("Correspondence")
        OTHER = "other", gettext_noop("Other document")

    MAX_COUNT = 50  # of one recall

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="recall-files/")
    for_platforms = models.BooleanField(
        default=False, help_text="Whether platforms that the recall was sent to can download it."
    )
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = RecallFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
