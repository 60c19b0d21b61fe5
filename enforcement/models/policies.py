"""A policy: how long a platform has, counted how, from which fact, and what happens on the way."""

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
    """The same span looked at about twice as often: 15 min, 1 h, 3 h, 6 h, 12 h, 1, 2, 3, 5, 7, 14, 30, 60, 90 and 180 d."""
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
        NEXT_WORKING_DAY = "next_working_day", gettext_noop("with the next working day")

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="policies")
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True, help_text=gettext_noop("Where the rule comes from."))
    amount = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(10_000)])
    unit = models.CharField(max_length=12, choices=Unit, default=Unit.HOURS)
    starts_on = models.CharField(max_length=12, choices=StartsOn, default=StartsOn.SENT)
    start_latest_hours = models.PositiveSmallIntegerField(
        default=24,
        help_text=gettext_noop("If delivery or acknowledgement never comes, the clock starts this long after sending."),
    )
    begins = models.CharField(
        max_length=16,
        choices=Begins,
        default=Begins.AT_ONCE,
        help_text=gettext_noop("When the clock begins after that."),
    )
    cut_off = models.CharField(
        max_length=5,
        blank=True,
        default="",
        help_text=gettext_noop(
            "Like 17:00: what happens later in the day, or on a day off, counts as of the next working day."
        ),
    )
    country = models.CharField(
        max_length=2, default="US", help_text=gettext_noop("Whose public holidays are not working days.")
    )
    subdivision = models.CharField(
        max_length=10,
        blank=True,
        default="",
        help_text=gettext_noop("A part of the country with holidays of its own, like BY."),
    )
    time_zone = models.CharField(
        max_length=60, default="UTC", help_text=gettext_noop("Where working days begin and end.")
    )
    pauses_while_referred = models.BooleanField(
        default=False, help_text=gettext_noop("The clock stands while a flag waits for the regulator's answer.")
    )
    extension_needs_second = models.BooleanField(
        default=True, help_text=gettext_noop("An extension is granted by another person than the one who asks.")
    )
    second_person_from = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=gettext_noop(
            "From which score in per cent a second person has to confirm that it is not the product; 0: never."
        ),
    )
    overrule_needs_second = models.BooleanField(
        default=False,
        help_text=gettext_noop("An admin's overruling of a dismissal needs another person's agreement."),
    )
    repeat_after = models.PositiveSmallIntegerField(
        default=0,
        help_text=gettext_noop("From how many takedowns of a seller on, the next listing gets less time; 0: never."),
    )
    repeat_amount = models.PositiveIntegerField(default=0, help_text=gettext_noop("How much, in the same unit."))
    checks_needed = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1), MaxValueValidator(5)])
    check_interval_seconds = models.PositiveIntegerField(
        default=3600, help_text=gettext_noop("Between two looks that prove a removal.")
    )
    rescans = ArrayField(
        models.PositiveIntegerField(),
        default=default_rescans,
        help_text=gettext_noop("Seconds after a proved removal."),
    )
    history_after = models.PositiveSmallIntegerField(
        default=1,
        help_text=gettext_noop(
            "From how many listings that came back, of the seller or under the recall, a removal is looked at more often; 0: never."
        ),
    )
    history_rescans = ArrayField(
        models.PositiveIntegerField(),
        default=default_history_rescans,
        help_text=gettext_noop("Seconds after a proved removal, then."),
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
    """A rung of the ladder: when, relative to the due moment (negative: before), and who hears of it."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="steps")
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind)
    offset_seconds = models.BigIntegerField(help_text="Seconds after the due moment; negative is before it.")

    class Meta:
        ordering = ["policy", "step"]
        constraints = [models.UniqueConstraint(fields=["policy", "step"], name="step_once")]

    def __str__(self) -> str:
        return f"rung {self.step}: {self.kind}"
