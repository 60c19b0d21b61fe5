"""A takedown: the clock of one flag, the checks of its listing, and the escalations that were raised when it was
late."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from enforcement.models.controls import ControlCheck
from enforcement.querysets import EscalationQuerySet, ObservationQuerySet, TakedownQuerySet
from enforcement.states import TAKEDOWN_TRANSITIONS, Source, StepKind, TakedownStatus, Verdict
from listings.models import CatalogueImport, Flag
from portal.database.updated import keeps_updated_at, updated_at
from portal.models import Organisation, User


class Takedown(models.Model):
    """The clock of one flag. `terms` is the notice's policy, frozen in when the flag opened.

    `regulator` and `platform` are the flag's. `next_step_at` is the time of the next step (null when the ladder is done,
    `ladder_done`, or the clock is paused, `paused_at`). Sweeps take what is due by now, so no timer can be lost. A step that
    breaks is kept by its sweep (portal/background/sweeping.py). The checks of the listing have a plan of their own, `check_plan`.
    """

    transitions = TAKEDOWN_TRANSITIONS

    flag = models.OneToOneField(Flag, on_delete=models.PROTECT, related_name="takedown")
    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="takedowns")
    status = models.CharField(max_length=10, choices=TakedownStatus, default=TakedownStatus.RUNNING)
    terms = models.JSONField()
    started_at = models.DateTimeField()
    start_reason = models.TextField(help_text="One sentence: what started the clock.")
    start_data = models.JSONField(null=True, blank=True, help_text="start_reason as data; null in rows from before.")
    due_at = models.DateTimeField()
    deadline_reason = models.TextField(help_text="One sentence: why this deadline.")
    deadline_data = models.JSONField(null=True, blank=True, help_text="deadline_reason as data, as start_data.")
    extra = models.PositiveIntegerField(default=0, help_text="Time that extensions added, in the unit of the terms.")
    paused_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when the clock is paused; null while it runs."
    )
    next_step = models.PositiveSmallIntegerField(null=True, blank=True)
    next_step_at = models.DateTimeField(null=True, blank=True)
    ladder_done = models.BooleanField(
        default=False, db_default=False, help_text="No step of the ladder is left. A row with neither raises an alarm."
    )
    missed_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = updated_at()

    objects = TakedownQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        triggers = [keeps_updated_at("takedown_updated")]
        indexes = [
            models.Index(fields=["platform", "updated_at"], name="takedown_by_update"),
            models.Index(fields=["regulator", "updated_at"], name="takedown_regulator_update"),
            models.Index(fields=["next_step_at", "id"], condition=Q(next_step_at__isnull=False), name="takedown_step"),
            models.Index(fields=["platform", "status", "due_at", "id"], name="takedown_by_platform"),
            models.Index(fields=["status", "due_at", "id"], name="takedown_by_status"),
            models.Index(fields=["due_at", "id"], name="takedown_by_due"),
            models.Index(
                fields=["id"],
                condition=Q(next_step_at=None, paused_at=None, ladder_done=False, status__in=["running", "missed"]),
                name="takedown_step_lost",
            ),
            models.Index(fields=["met_at"], condition=Q(met_at__isnull=False), name="takedown_proved"),
            models.Index(fields=["missed_at"], condition=Q(missed_at__isnull=False), name="takedown_missed"),
            models.Index(fields=["flag"], condition=Q(paused_at__isnull=False), name="takedown_paused"),
            models.Index(fields=["platform", "due_at", "id"], name="takedown_by_platform_due"),
            # Rows are wide (each has its terms): totals are counted from this index alone.
            models.Index(
                fields=["regulator", "status"],
                include=["id", "platform", "due_at", "paused_at", "started_at", "met_at"],
                name="takedown_totals",
            ),
            models.Index(
                fields=["regulator", "status"], condition=Q(terms__unit="working_days"), name="takedown_working_days"
            ),
        ]

    def __str__(self) -> str:
        return f"of flag {self.flag_id}"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id

    @property
    def is_late(self) -> bool:
        """Whether the removal was confirmed after the deadline, or is not confirmed yet although the deadline has
        passed."""
        return (
            self.met_at or self.paused_at or timezone.now()
        ) > self.due_at and self.status != TakedownStatus.CANCELLED


class Observation(models.Model):
    """One check: what was seen, how, by whom, and the verdict with the rule that decided it.

    The audit event that records it carries a digest of it all (enforcement/checks/captures.py), so a check never
    changes.
    """

    takedown = models.ForeignKey(Takedown, on_delete=models.PROTECT, related_name="observations")
    at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=10, choices=Source)
    verdict = models.CharField(max_length=10, choices=Verdict)
    rule = models.CharField(max_length=60, help_text="Name of the rule that gave the verdict.")
    detail = models.TextField(blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    url = models.TextField(blank=True)
    final_url = models.TextField(blank=True)
    redirects = models.JSONField(default=list, help_text="The redirecting addresses, in order.")
    headers = models.JSONField(default=dict)
    exchanges = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()),
        help_text="Each request as it was sent, and the head of its answer as it came.",
    )  # fmt: skip
    extracted = models.JSONField(default=dict, help_text="What the rules read from the page.")
    body_digest = models.CharField(max_length=64, blank=True)
    body = models.BinaryField(blank=True, default=b"", help_text="The page, zlib-compressed, capped.")
    picture = models.BinaryField(
        blank=True, default=b"", db_default=b"", help_text="What a browser showed (JPEG); its digest is in `extracted`."
    )
    feed = models.ForeignKey(CatalogueImport, null=True, on_delete=models.PROTECT, related_name="+")
    control = models.ForeignKey(
        ControlCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="Answers of the host for an address that cannot exist and for a listing on sale, next to this check.",
    )  # fmt: skip
    actor_label = models.CharField(max_length=300)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = updated_at()  # of its being recorded; retention takes its page away later

    SEALED = ("actor_label",)  # part of the capture, whose digest is in the check's event
    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["takedown", "feed"], condition=Q(feed__isnull=False), name="feed_observed_once"
            )
        ]
        triggers = [keeps_updated_at("observation_updated")]
        indexes = [
            models.Index(fields=["takedown", "-id"], name="observation_by_takedown"),
            models.Index(fields=["updated_at"], name="observation_by_update"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} at {self.at:%Y-%m-%d %H:%M:%S} UTC"

    @property
    def audit_organisation_id(self) -> int:
        return self.takedown.platform_id

    @property
    def page_is_deleted(self) -> bool:
        """Whether a page was captured that retention deleted since; its digest is still there."""
        return bool(self.body_digest) and not self.body


class Escalation(models.Model):
    """One step raised for one takedown; exactly once, whatever restarts or races happen."""

    takedown = models.ForeignKey(Takedown, on_delete=models.PROTECT, related_name="escalations")
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="escalations")
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind)
    due_at = models.DateTimeField(help_text="When the step was due.")
    raised_at = models.DateTimeField(default=timezone.now)
    notified_in = models.CharField(
        max_length=120, blank=True, default="", help_text="Key of the message that notifies people."
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    assigned_to = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="The person who handles it."
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=300, blank=True, default="")
    updated_at = updated_at()

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [keeps_updated_at("escalation_updated")]
        constraints = [models.UniqueConstraint(fields=["takedown", "step"], name="each_step_once")]
        indexes = [
            models.Index(fields=["updated_at"], name="escalation_by_update"),
            models.Index(fields=["platform", "-id"], name="escalation_by_platform"),
            models.Index(fields=["-id"], condition=Q(acknowledged_at=None), name="escalation_open"),
        ]

    def __str__(self) -> str:
        return f"step {self.step} of takedown {self.takedown_id}"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id


class HostPace(models.Model):
    """When a host may be checked again (enforcement/checks/services/pace.py)."""

    host = models.CharField(max_length=253, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.host


class Heartbeat(models.Model):
    """Updated only by a deadline monitor that found every clock in order; otherwise `problem` says what is wrong."""

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(default=timezone.now)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
