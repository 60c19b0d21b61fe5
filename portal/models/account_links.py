"""Links that are mailed to one person and open one thing once: an invitation, or a new password."""

from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

from portal.models.accounts import User


def new_nonce() -> str:
    return get_random_string(32)


class AccountLink(models.Model):
    """A link that was given out. Its token is made of the row and SECRET_KEY (portal/identity/account_links.py) as the mail
    leaves: neither this table nor the queued mail holds anything that opens an account."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Invitation"
        RESET = "reset", "Password reset"

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="account_links")
    kind = models.CharField(max_length=10, choices=Kind)
    address = models.EmailField(help_text="Where it was sent to; another address of the person makes it useless.")
    nonce = models.CharField(max_length=32, default=new_nonce)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, help_text="Used, or withdrawn: it opens nothing any more.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.address}"

    @property
    def is_open(self) -> bool:
        """Whether it still opens something; who it is for must be active and have the same address."""
        fits = self.person.is_active and self.person.email == self.address
        return fits and self.used_at is None and self.expires_at > timezone.now()


class PasswordRequest(models.Model):
    """Somebody typed an address under "Forgot password?". A worker looks whose it is, so that the page cannot tell."""

    account = models.CharField(max_length=254, help_text="As it was meant; not necessarily anybody's.")
    address = models.CharField(max_length=60, help_text="Where the request came from.")
    device = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Password request of {self.created_at:%Y-%m-%d %H:%M}"
