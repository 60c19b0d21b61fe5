"""Secrets that are read again: encrypted, everywhere, and moved to another key of the site before the former one goes."""

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from portal.identity import encryption
from portal.identity.encryption import KEPT, Unreadable, decrypt, encrypt
from portal.models import Organisation, SecondFactor, User, WebhookEndpoint
from tests.factories import WebhookEndpointFactory

pytestmark = pytest.mark.django_db
ANOTHER = "another key of the site, " * 3


def test_every_column_that_says_that_it_is_encrypted_is_renewed() -> None:
    ours = ("portal", "recalls", "listings", "enforcement")
    told = {
        (model._meta.label, field.name)
        for app in ours
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if "encrypted" in str(field.help_text).lower()
    }
    assert told == set(KEPT)
    assert len(KEPT) == len(told) >= 5


def test_secrets_are_moved_to_a_new_key_and_read_without_the_former_one(
    officer: User, platform_a: Organisation, settings: Any
) -> None:
    app = SecondFactor.objects.create(person=officer, kind="app", secret=encrypt("JBSWY3DPEHPK3PXP"))
    code = SecondFactor.objects.create(person=officer, kind="code", secret="0123" * 16)
    hook = WebhookEndpointFactory(organisation=platform_a, secret=encrypt("whsec_today"))
    former, settings.SECRET_KEY = settings.SECRET_KEY, ANOTHER
    settings.SECRET_KEY_FALLBACKS = [former]
    assert decrypt(hook.secret) == "whsec_today", "the former key reads it until then"
    told = StringIO()
    call_command("renew_encryption", stdout=told)
    assert told.getvalue() == "2 secrets are encrypted under today's SECRET_KEY.\n"
    settings.SECRET_KEY_FALLBACKS = []
    for row, column, secret in ((app, "secret", "JBSWY3DPEHPK3PXP"), (hook, "secret", "whsec_today")):
        with pytest.raises(Unreadable):
            decrypt(getattr(row, column))
        row.refresh_from_db()
        assert decrypt(getattr(row, column)) == secret
    code.refresh_from_db()
    assert code.secret == "0123" * 16, "a digest is no secret to be read again"


def test_a_secret_that_no_key_reads_is_named_and_left_as_it_is(platform_a: Organisation, settings: Any) -> None:
    settings.SECRET_KEY = ANOTHER
    lost = WebhookEndpointFactory(organisation=platform_a)
    settings.SECRET_KEY = "a third key of the site, " * 3
    good = WebhookEndpointFactory(organisation=platform_a, secret=encrypt("whsec_good"))
    with pytest.raises(CommandError, match=rf"1 cannot be read.*WebhookEndpoint {lost.pk}: secret"):
        call_command("renew_encryption", stdout=StringIO())
    assert WebhookEndpoint.objects.get(pk=lost.pk).secret == lost.secret
    assert decrypt(WebhookEndpoint.objects.get(pk=good.pk).secret) == "whsec_good"
    assert encryption.is_encrypted(lost.secret)
