"""What became of a picture's address: a small picture of ours, or why there is none."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop


class Thumbnail(models.Model):
    """One address of a picture, by its digest: it is fetched once for all rows that name it.

    `again_at` is when a worker may ask (again); None says that the outcome is final. While one asks, the moment lies ahead.
    `data` is our own encoding, `etag` the digest of it, `hash` what tells the original from others (listings/pictures.py).
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", gettext_noop("Not fetched yet.")
        KEPT = "kept", gettext_noop("Stored.")
        TOO_LARGE = "too_large", gettext_noop("Its file is too large.")
        NOT_A_PICTURE = (
            "not_a_picture",
            gettext_noop("Its address does not return a readable JPEG, PNG, WebP or GIF."),
        )
        REFUSED = "refused", gettext_noop("Its address is not allowed.")
        GONE = "gone", gettext_noop("Its address no longer returns a picture.")
        NO_ANSWER = "no_answer", gettext_noop("Its server did not respond.")

    digest = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the address.")
    outcome = models.CharField(max_length=13, choices=Outcome, default=Outcome.WAITING)
    data = models.BinaryField(default=bytes)
    etag = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=640, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True, default=timezone.now)
    fetched_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.digest[:12]}: {self.outcome}"
