"""Matches that wait outside the queue, and the limit that holds them back."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models.listings import Listing
from listings.querysets import HeldMatchQuerySet
from portal.models import Organisation
from recalls.models import Notice, RecallVersion


class FlagLimit(models.Model):
    """How many flags of one notice may be undecided at once. A regulator without a row has the default."""

    DEFAULT, HIGHEST = 200, 100_000

    regulator = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="flag_limit")
    flags = models.PositiveIntegerField(
        default=DEFAULT,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST)],
        help_text=gettext_noop(
            "If a recall matches more listings of a platform, the weakest are held back and you are asked about them. "
            "A listing with a recalled GTIN, or a recalled model number and its brand, is never held back."
        ),
    )

    def __str__(self) -> str:
        return f"of {self.regulator}"


class HeldMatch(models.Model):
    """A listing that matches a notice and is not flagged, because the notice has too many undecided flags already.

    It is kept in brief: evidence is found again from both texts when it is shown or flagged. `signals` are the names of
    the evidence for it, in order; `seller` is whose turn it takes (listings/services/intake.py). `version` and
    `listing_digest` say which texts the score is of. The row goes once the listing is flagged or no longer matches. From
    `released_at` on, it is to be flagged whatever the limit; from `dismissed_at` on, it is not the product for as long
    as no stronger match is found.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="held_matches")
    version = models.ForeignKey(RecallVersion, on_delete=models.PROTECT, related_name="+")
    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="held_matches")
    seller = models.CharField(max_length=200)
    score = models.FloatField(help_text="0 to 1.")
    band = models.CharField(max_length=4)
    signals = ArrayField(models.CharField(max_length=40), default=list)
    listing_digest = models.CharField(max_length=64)
    held_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=300, blank=True, default="", db_default="")
    reason = models.TextField(blank=True, default="", db_default="", help_text="Why it was dismissed.")

    objects = HeldMatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "held matches"
        ordering = ["-score", "pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "listing"], name="held_once")]
        indexes = [
            models.Index(fields=["notice", "-score", "id"], condition=Q(dismissed_at=None), name="held_by_notice"),
            models.Index(fields=["held_at"], condition=Q(dismissed_at=None, released_at=None), name="held_unanswered"),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} under notice {self.notice_id}"
