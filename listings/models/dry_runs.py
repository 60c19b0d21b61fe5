"""Dry runs: what a recall version would find in the catalogues, counted and shown to the regulator alone."""

from django.db import models
from django.db.models import Q

from listings.querysets import DryRunQuerySet
from portal.models import Organisation, User
from portal.models.jobs import WAITS_OR_BROKE_OFF, Job, job_transitions
from recalls.models import RecallVersion


class DryRun(Job):
    """One search of the catalogues for a version, published or not. It flags nothing and platforms cannot see it."""

    transitions = job_transitions("dry_run.make", "dry_run")

    version = models.ForeignKey(RecallVersion, on_delete=models.PROTECT, related_name="dry_runs")
    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="dry_runs")
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, blank=True, help_text="Of the version when the run was started.")

    objects = DryRunQuerySet.as_manager()

    class Meta:
        verbose_name = "dry run"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(status__in=sorted(WAITS_OR_BROKE_OFF)), name="one_dry_run_under_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} (recall {self.version})"


class DryRunResult(models.Model):
    """What a dry run found on one platform; empty until `done_at`.

    `samples`: the strongest and the weakest matches, as plain data: listing, title, brand, seller, link, score, band,
    already flagged, and evidence (weight and sentence).
    """

    run = models.ForeignKey(DryRun, on_delete=models.CASCADE, related_name="results")
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    compared = models.PositiveIntegerField(default=0, help_text="Listings that share a fact with the recall.")
    not_matched_yet = models.PositiveIntegerField(default=0, help_text="New or changed listings that were left out.")
    to_flag = models.PositiveIntegerField(default=0)
    to_ask = models.PositiveIntegerField(default=0)
    excluded = models.PositiveIntegerField(default=0, help_text="Left out because an exclusion covers them.")
    already = models.PositiveIntegerField(default=0, help_text="Of those found, flagged under this recall before.")
    samples = models.JSONField(default=list)

    class Meta:
        ordering = ["platform__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "platform"], name="dry_run_platform_once")]

    def __str__(self) -> str:
        return f"{self.run} on {self.platform}"
