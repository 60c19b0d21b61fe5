"""Single sign-on of an organisation by OpenID Connect, and whose accounts there are whose here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portal.models.accounts import Organisation, User


class SingleSignOn(models.Model):
    """The provider that an organisation's people sign in at. A mail domain belongs to one organisation."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="single_sign_on")
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=200)
    client_secret = models.TextField(help_text="Encrypted.")
    domains = ArrayField(models.CharField(max_length=253), help_text="Mail domains of the people who may come.")
    role_claim = models.CharField(max_length=80, blank=True, default="")
    roles = models.JSONField(default=dict, help_text="Value of the claim → role.")
    default_role = models.CharField(max_length=20, blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "single sign-on"

    def __str__(self) -> str:
        return f"of {self.organisation}"


class SignOnAccount(models.Model):
    """One person's account at the provider, by the name that it never gives to anybody else (`sub`)."""

    sign_on = models.ForeignKey(SingleSignOn, on_delete=models.CASCADE, related_name="accounts")
    subject = models.CharField(max_length=255)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_on_accounts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sign_on", "subject"], name="one_person_a_subject"),
            models.UniqueConstraint(fields=["sign_on", "person"], name="one_subject_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.sign_on}"
