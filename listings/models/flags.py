"""A flag: this listing looks like a recalled product; and every decision on it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import MD5, Cast
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models.listings import Listing
from listings.querysets import FlagQuerySet, TitleWords
from listings.states import CLOCK_RUNS, FLAG_TRANSITIONS, UNDECIDED, WATCHED, DecisionKind, DismissReason, FlagStatus
from portal.database.updated import keeps_updated_at, updated_at
from portal.models import Organisation, User
from recalls.models import Notice, Product, Recall, RecallVersion


class Flag(models.Model):
    """One listing flagged under one notice, with the evidence as it was when flagged.

    `claimed_by` holds the flag until `claim_expires_at`; after that, anyone may claim it. From the score `second_from`
    on (None: never) a dismissal needs a second person; `overrule_needs_second` says whether overruling it does.
    `seller_due_at` is until when a seller who was asked may answer; it counts only while the flag waits for the reply.
    `takes_room`: it counts towards the notice's limit while it is undecided (listings/services/intake.py).
    `due_at` is the deadline that enforcement set, kept here so that the queue can be read in its order. `regulator` is
    the recall's, kept here so that a regulator's lists and counts need not join the recalls. `judged_by` is the version of
    the recall by which it was last judged (None: the one in force when it was opened), and `covered` whether that version
    still covers the listing (listings/services/coverage.py).
    """

    class Band(models.TextChoices):
        FLAG = "flag", gettext_noop("Match")
        ASK = "ask", gettext_noop("Unclear from the listing")

    transitions = FLAG_TRANSITIONS

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="flags")
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="flags")
    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="flags")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="flags")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="flags")
    status = models.CharField(max_length=20, choices=FlagStatus, default=FlagStatus.OPEN)
    score = models.FloatField(help_text="0 to 1.")
    band = models.CharField(max_length=4, choices=Band)
    evidence = models.JSONField(default=list)
    listing_digest = models.CharField(max_length=64, help_text="Of the listing as it was when flagged.")
    listing_as_flagged = models.JSONField(default=dict, help_text="The listing's fields when flagged.")
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    claim_expires_at = models.DateTimeField(null=True, blank=True)
    second_from = models.FloatField(null=True, blank=True)
    overrule_needs_second = models.BooleanField(default=False, db_default=False)
    seller_due_at = models.DateTimeField(null=True, blank=True)
    takes_room = models.BooleanField(default=False, db_default=False)
    relisted_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="relistings"
    )
    relisted_reason = models.CharField(max_length=200, blank=True)
    judged_by = models.ForeignKey(
        RecallVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    covered = models.BooleanField(default=True, db_default=True)
    updated_at = updated_at()

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        triggers = [keeps_updated_at("flag_updated")]
        constraints = [models.UniqueConstraint(fields=["notice", "listing"], name="flag_once")]
        indexes = [
            models.Index(fields=["platform", "updated_at"], name="flag_by_update"),
            models.Index(fields=["regulator", "updated_at"], name="flag_regulator_update"),
            models.Index(fields=["platform", "status", "due_at", "id"], name="flag_queue"),
            models.Index(fields=["notice", "status", "due_at"], name="flag_by_notice_due"),
            models.Index(fields=["due_at", "id"], name="flag_by_due"),
            GinIndex(TitleWords(KT("listing_as_flagged__title")), name="flag_words"),
            models.Index(fields=["listing"], name="flag_by_listing"),
            models.Index(fields=["platform", "due_at", "id"], condition=Q(status="open"), name="flag_open_queue"),
            models.Index(fields=["seller_due_at"], condition=Q(status="asked_seller"), name="flag_seller_due"),
            models.Index(
                fields=["regulator", "due_at", "id"],
                condition=Q(status__in=sorted(UNDECIDED)),
                name="flag_regulator_queue",
            ),
            models.Index(fields=["regulator"], condition=Q(relisted_from__isnull=False), name="flag_relisted"),
            models.Index(fields=["id"], condition=Q(status__in=sorted(WATCHED)), name="flag_removed"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_waited_for(self) -> bool:
        """Whether its deadline still matters: what is confirmed or closed has no time left, and is not late."""
        return self.status in CLOCK_RUNS

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id

    @property
    def needs_second(self) -> bool:
        """Whether one person alone may not dismiss it."""
        return self.second_from is not None and self.score >= self.second_from


class Decision(models.Model):
    """One decision on a flag: kind, reason, evidence as seen, who; never changed, only followed by another.

    Until `final_at` its author can undo it and it has no effects outside; `finalized_at` says when it became final.
    `before` is the flag's status before it.
    """

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=DecisionKind)
    reason = models.CharField(max_length=20, choices=DismissReason, blank=True, help_text="If not the product.")
    note = models.TextField(blank=True)
    question = models.TextField(blank=True, default="", db_default="", help_text="What the seller is asked.")
    evidence = models.JSONField(default=list)
    evidence_digest = models.GeneratedField(
        expression=MD5(Cast("evidence", TextField())),
        output_field=models.CharField(max_length=32),
        db_persist=True,
        help_text="Tells whether two decisions were taken on the same evidence.",
    )
    signals = models.GeneratedField(
        expression=Func("evidence", Value("$[*].signal"), function="jsonb_path_query_array"),
        output_field=models.JSONField(),
        db_persist=True,
        help_text="The names of the signals in the evidence.",
    )
    score = models.FloatField()
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=300)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    overrides = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=20, choices=FlagStatus, blank=True)
    at = models.DateTimeField(default=timezone.now)
    final_at = models.DateTimeField(default=timezone.now)
    finalized_at = models.DateTimeField(null=True, default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["flag", "-id"], name="decision_by_flag"),
            models.Index(fields=["final_at"], condition=Q(finalized_at=None), name="decision_to_finalize"),
            # What listings/rule_precision.py counts: from this index alone, for evidence is wide.
            models.Index(
                fields=["flag", "evidence_digest", "-id"], include=["kind", "signals"], name="decision_on_evidence"
            ),
            models.Index(fields=["overrides"], condition=Q(overrides__isnull=False), name="decision_overriding"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.actor_label}"
