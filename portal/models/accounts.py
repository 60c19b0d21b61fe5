"""Organisations, the people in them, and the keys their programs use."""

import zoneinfo
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.http.addresses import parts_of
from portal.identity import email_addresses
from portal.identity.querysets import ApiKeyQuerySet, OrganisationQuerySet, UserManager
from portal.texts import plain_name

NO_NAME = gettext_noop("Enter a name. It needs characters that can be seen.")
NO_ZONE = gettext_noop("%(value)s is not a time zone. Enter one such as Europe/Berlin or Asia/Shanghai.")


def validate_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(NO_ZONE, code="no_zone", params={"value": value})


def _seen(name: str) -> str:
    """A name as it is kept. Raises ValidationError where nothing of it can be seen."""
    plain = plain_name(name)
    if name and not plain:
        raise ValidationError({"name": NO_NAME})
    return plain


class Language(models.TextChoices):
    """Languages in which an organisation is written to, and in which a person reads pages."""

    ENGLISH = "en", gettext_noop("English")
    GERMAN = "de", gettext_noop("German")
    SPANISH = "es", gettext_noop("Spanish")
    CHINESE = "zh-hans", gettext_noop("Chinese, simplified")


class MailMe(models.TextChoices):
    """How a person gets by mail what stands in their inbox."""

    NEVER = "never", gettext_noop("Not by email")
    AT_ONCE = "at_once", gettext_noop("Immediately")
    DAILY = "daily", gettext_noop("Daily at 08:00")


class Organisation(models.Model):
    """A regulator or a platform, the tenant whose people and rows belong together; or who operates the site, without any case."""

    class Kind(models.TextChoices):
        REGULATOR = "regulator", gettext_noop("Regulator")
        PLATFORM = "platform", gettext_noop("Platform")
        OPERATOR = "operator", gettext_noop("Site operator")

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_zone])
    country = models.CharField(
        max_length=2,
        default="US",
        validators=[RegexValidator(r"^[A-Z]{2}$", gettext_noop("Two capital letters, like US or DE."))],
    )
    language = models.CharField(
        max_length=10,
        choices=Language,
        default=Language.ENGLISH,
        help_text=gettext_noop("Language of formal letters."),
    )
    contact_email = models.EmailField(blank=True, help_text=gettext_noop("Receives notices and escalations by email."))
    contact_problem = models.TextField(
        blank=True, default="", help_text="Why mail to the contact does not arrive, until the address is changed."
    )
    second_factor_required = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether its people sign in with a second factor, or set one up before anything else.",
    )
    listing_url_pattern = models.CharField(
        max_length=300,
        blank=True,
        validators=[
            RegexValidator(r"^https?://[^{}\s]+\{id\}[^{}\s]*$", gettext_noop("An address that contains {id}."))
        ],
        help_text=gettext_noop(
            "Address of a listing page, with {id} in place of the listing's id. Used for feeds without links."
        ),
    )
    suspended_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when nobody of it comes in, nor any key of it."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sandbox_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="sandboxes",
        help_text="The platform whose engineers try the API with it. Everything of such an organisation is test data.",
    )
    sandbox_closed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when nobody opens this sandbox any more."
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["sandbox_of", "kind"],
                condition=Q(sandbox_of__isnull=False, sandbox_closed_at=None),
                name="one_sandbox_of_a_platform",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.name = _seen(self.name)
        parts = parts_of(self.listing_url_pattern.replace("{id}", "1"))
        if self.listing_url_pattern and (parts is None or not parts.hostname):
            detail = gettext_noop("This is not a web address. Check its host name.")
            raise ValidationError({"listing_url_pattern": detail})

    @property
    def is_platform(self) -> bool:
        return self.kind == self.Kind.PLATFORM

    @property
    def is_sandbox(self) -> bool:
        """Whether all of its data is test data (enforcement/sandbox/)."""
        return self.sandbox_of_id is not None


class Role(models.TextChoices):
    REGULATOR_STAFF = "regulator_staff", gettext_noop("Regulator staff")
    MODERATOR = "moderator", gettext_noop("Moderator")
    PLATFORM_MANAGER = "platform_manager", gettext_noop("Platform manager")
    ADMIN = "admin", gettext_noop("Admin")
    OPERATOR = "operator", gettext_noop("Operator")


WRONG_PLACE: dict[str, str] = {
    Role.REGULATOR_STAFF: gettext_noop(
        "Regulator staff must belong to a regulator. Choose another role or organisation."
    ),
    Role.MODERATOR: gettext_noop("A moderator must belong to a platform. Choose another role or organisation."),
    Role.PLATFORM_MANAGER: gettext_noop(
        "A platform manager must belong to a platform. Choose another role or organisation."
    ),
    Role.ADMIN: gettext_noop("An admin must belong to a regulator. Choose another role or organisation."),
    Role.OPERATOR: gettext_noop("An operator must belong to the site operator. Choose another role or organisation."),
}

PLACE_OF: dict[str, str] = {
    Role.REGULATOR_STAFF: Organisation.Kind.REGULATOR,
    Role.MODERATOR: Organisation.Kind.PLATFORM,
    Role.PLATFORM_MANAGER: Organisation.Kind.PLATFORM,
    Role.ADMIN: Organisation.Kind.REGULATOR,
    Role.OPERATOR: Organisation.Kind.OPERATOR,
}
"""Role → the kind of organisation that its people belong to."""


NOBODYS = gettext_noop("Nobody belongs to a sandbox. Choose its platform.")


class User(AbstractUser):
    """A person. The role says what they may do, the organisation whose rows they may do it with."""

    PLATFORM_ROLES: ClassVar = (Role.MODERATOR, Role.PLATFORM_MANAGER)

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    time_zone = models.CharField(
        max_length=60,
        blank=True,
        validators=[validate_zone],
        help_text=gettext_noop("Leave empty to use the organisation's time zone."),
    )

    language = models.CharField(
        max_length=10, choices=Language, blank=True, default="", help_text="Empty: what the browser asks for."
    )
    mail_me = models.CharField(
        max_length=8,
        choices=MailMe,
        default=MailMe.NEVER,
        help_text=gettext_noop("Your inbox has all messages. Several waiting messages are sent as one email."),
    )

    duty_hours = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        editable=False,
        help_text="Weekday (0 is Monday) → from and until, as HH:MM in the person's zone. Empty: no hours are set.",
    )
    list_columns = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        editable=False,
        help_text="URL name of a list → the columns that the person chose for it, in their order.",
    )
    password_must_change = models.BooleanField(default=False, db_default=False, editable=False)
    locked_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="Since when, for not being used.")
    unlocked_at = models.DateTimeField(null=True, blank=True, editable=False)

    getting_started_hidden_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()  # type: ignore[misc]

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.name, self.email = _seen(self.name), email_addresses.normal(self.email)
        if self.organisation_id and self.role in PLACE_OF and self.organisation.kind != PLACE_OF[self.role]:
            raise ValidationError({"role": WRONG_PLACE[self.role]})
        if self.organisation_id and self.organisation.is_sandbox:
            raise ValidationError({"organisation": NOBODYS})

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone or self.organisation.time_zone)

    @property
    def last_in_use(self) -> datetime:
        """When the account was last used, as far as its lock for not being used is concerned."""
        return max(moment for moment in (self.date_joined, self.last_login, self.unlocked_at) if moment)


class ApiKey(models.Model):
    """A program's key of a platform, or of someone at a regulator (portal/identity/actors.py). Only its SHA-256 digest is
    stored; the key itself is shown once."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=24, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="key_expires_later")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class TryCount(models.Model):
    """How often a secret was tried lately, by a digest of what is counted; written by portal/identity/throttle.py alone."""

    bucket = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True, help_text="When it is forgotten, or the wait is over.")

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%Y-%m-%d %H:%M:%S}"


class Pulse(models.Model):
    """The newest run of a periodic task: whether beat and worker live, and what an outside authority last answered."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    detail = models.TextField(blank=True, default="", help_text="What went wrong then, if anything.")

    def __str__(self) -> str:
        return self.name
