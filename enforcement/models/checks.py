"""The plan of removal checks of one takedown."""

from django.db import models
from django.db.models import Q

from enforcement.models.takedowns import Takedown
from enforcement.states import Verdict
from listings.models import CatalogueImport
from portal.models import Organisation


class CheckPlan(models.Model):
    """When the listing of a takedown is checked next, and how the checks went so far. Made with its takedown.

    The check sweep takes what is due by now (`next_at`), so no timer can be lost; null means that no check is planned. It
    locks this row and no other, so that it never waits for the clock of the same takedown, nor the clock for it. A check that
    breaks leaves `attempts` and `error` here; a step that breaks is kept by its own sweep (portal/background/sweeping.py).
    `platform` is the takedown's.
    """

    takedown = models.OneToOneField(Takedown, on_delete=models.PROTECT, primary_key=True, related_name="check_plan")
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Since a check last went well.")
    error = models.TextField(blank=True, default="", db_default="", help_text="Why the last attempt broke.")
    last_verdict = models.CharField(max_length=10, choices=Verdict, blank=True, default="", db_default="")
    unknown_in_a_row = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Sets how long to wait before the next check."
    )
    checks_after_proof = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Rescans done of the widening plan."
    )
    browser_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="From when a browser may see the page, which only scripts draw. Null: none wanted.",
    )
    last_feed = models.ForeignKey(CatalogueImport, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="check_plan_due"),
            models.Index(
                fields=["platform", "next_at"], condition=Q(next_at__isnull=False), name="check_plan_by_platform"
            ),
            models.Index(
                fields=["platform", "browser_at"], condition=Q(browser_at__isnull=False), name="check_plan_browser"
            ),
            models.Index(fields=["takedown"], condition=Q(next_at=None, attempts__gt=0), name="check_plan_broken"),
            models.Index(fields=["takedown"], condition=Q(unknown_in_a_row__gt=0), name="check_plan_unknown"),
        ]

    def __str__(self) -> str:
        return f"of takedown {self.takedown_id}"
