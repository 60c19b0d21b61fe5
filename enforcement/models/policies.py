"""A policy: how long a platform has, how the time is counted, when it starts, and the steps of the escalation
ladder."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_noop

from enforcement.querysets import PolicyQuerySet
from enforcement.states import StepKind
from portal.models import Organisation


def default_rescans() -> list[int]:
    """1 h, 6 h, 1 d, 3 d, 7 d, 30 d and 90 d, in seconds after a proved removal."""
    return [3600, 6 * 3600, 86400, 3 * 86400, 7 * 86400, 30 * 86400, 90 * 86400]


def default_history_rescans() -> list[int]:
    """The same period, checked about twice as often: 15 min, 1 h, 3 h, 6 h, 12 h, 1, 2, 3, 5, 7, 14, 30, 60, 90 and 180
    d."""
    return [900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, *(days * 86400 for days in (1, 2, 3, 5, 7, 14, 30, 60, 90, 180))]


class Policy(models.Model):
    """Editable by its regulator; a notice freezes it (`enforcement.rules.Terms`), so an edit never moves a running clock."""

    class Unit(models.TextChoices):
        SECONDS = "seconds", gettext_noop("Seconds (for drills)")
        MINUTES = "minutes", gettext_noop("Minutes")
        HOURS = "hours", gettext_noop("Hours")
        WORKING_DAYS = "working_days", gettext_noop("Working days")

    class StartsOn(models.TextChoices):
        SENT = "sent", gettext_noop("the notice is sent")
        DELIVERED = "delivered", gettext_noop("the notice is delivered")
        ACKNOWLEDGED = "acknowledged", gettext_noop("the platform acknowledges")

    class Begins(models.TextChoices):
        AT_ONCE = "at_once", gettext_noop("at once")
        NEXT_WORKING_DAY = "next_working_day", gettext_noop("on the next working day")

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="policies")
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True, help_text=gettext_noop("The source of the rule."))
    amount = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(10_000)])
    unit = models.CharField(max_length=12, choices=Unit, default=Unit.HOURS)
    starts_on = models.CharField(max_length=12, choices=StartsOn, default=StartsOn.SENT)
    start_latest_hours = models.PositiveSmallIntegerField(
        default=24,
        help_text=gettext_noop(
            "In hours. If there is no delivery or acknowledgement, the clock starts this long after sending."
        ),
    )
    begins = models.CharField(
        max_length=16,
        choices=Begins,
        default=Begins.AT_ONCE,
        help_text=gettext_noop("When the clock starts after that."),
    )
    cut_off = models.CharField(
        max_length=5,
        blank=True,
        default="",
        help_text=gettext_noop(
            "For example 17:00. Anything later in the day, or on a day off, counts as the next working day."
        ),
    )
    country = models.CharField(
        max_length=2, default="US", help_text=gettext_noop("Public holidays of this country are not working days.")
    )
    subdivision = models.CharField(
        max_length=10,
        blank=True,
        default="",
        help_text=gettext_noop("A state or region with its own holidays, for example BY."),
    )
    time_zone = models.CharField(
        max_length=60, default="UTC", help_text=gettext_noop("Working days begin and end in this time zone.")
    )
    pauses_while_referred = models.BooleanField(
        default=False, help_text=gettext_noop("The clock is paused while a flag waits for the regulator's answer.")
    )
    extension_needs_second = models.BooleanField(
        default=True, help_text=gettext_noop("The person who requests an extension cannot grant it.")
    )
    second_person_from = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=gettext_noop(
            "In percent. From this score, a second person must confirm that a listing is not the product. 0: never."
        ),
    )
    overrule_needs_second = models.BooleanField(
        default=False,
        help_text=gettext_noop("When an admin overrules a dismissal, another person must agree."),
    )
    repeat_after = models.PositiveSmallIntegerField(
        default=0,
        help_text=gettext_noop("After this many takedowns of a seller, the next listing gets less time. 0: never."),
    )
    repeat_amount = models.PositiveIntegerField(
        default=0, help_text=gettext_noop("The shorter time, in the same unit.")
    )
    checks_needed = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1), MaxValueValidator(5)])
    check_interval_seconds = models.PositiveIntegerField(
        default=3600, help_text=gettext_noop("In seconds, between two checks that confirm a removal.")
    )
    rescans = ArrayField(
        models.PositiveIntegerField(),
        default=default_rescans,
        help_text=gettext_noop("Seconds after a confirmed removal."),
    )
    history_after = models.PositiveSmallIntegerField(
        default=1,
        help_text=gettext_noop(
            "After this many relistings of the seller or under the recall, a removal is checked more often. 0: never."
        ),
    )
    history_rescans = ArrayField(
        models.PositiveIntegerField(),
        default=default_history_rescans,
        help_text=gettext_noop("Seconds after a confirmed removal, for the more frequent checks."),
    )
    is_active = models.BooleanField(default=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "policies"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["regulator", "name"], name="policy_name_once")]

    def __str__(self) -> str:
        return self.name


class PolicyStep(models.Model):
    """A step of the escalation ladder: when, relative to the deadline (negative: before it), and who is notified."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="steps")
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind)
    offset_seconds = models.BigIntegerField(help_text="Seconds after the deadline; a negative number is before it.")
    working_days = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="If not 0: at the end of this working day after the deadline, instead."
    )

    class Meta:
        ordering = ["policy", "step"]
        constraints = [models.UniqueConstraint(fields=["policy", "step"], name="step_once")]

    def __str__(self) -> str:
        return f"step {self.step}: {self.kind}"
