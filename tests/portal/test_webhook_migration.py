"""The one webhook address of an organisation becomes its first endpoint, and again its address where it is taken back."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from portal.database.roles import as_owner
from portal.identity.encryption import decrypt, encrypt
from portal.models import Hook, WebhookEndpoint
from tests.factories import HookFactory, OrganisationFactory, WebhookEndpointFactory
from tests.instance import Instance, on_the_server


def migrate(*to: str) -> None:
    with as_owner():
        call_command("migrate", "portal", *to, verbosity=0)


@pytest.fixture
def _portal_alone(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[None]:
    """Works in a database of its own with the tables of `portal` alone: it depends on no other app of ours."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        instance = Instance(f"{connection.settings_dict['NAME']}_webhooks", tmp_path)
        on_the_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", instance.database)
        on_the_server("CREATE DATABASE {}", instance.database)
        stack.callback(on_the_server, "DROP DATABASE {} WITH (FORCE)", instance.database)
        stack.enter_context(instance.entered())
        migrate()
        yield


@pytest.mark.usefixtures("_portal_alone")
def test_an_address_its_secret_and_what_waits_survive_the_way_back_and_forth() -> None:
    platform_a, platform_b = (OrganisationFactory(name=name) for name in ("Bazaarly", "Market One"))
    WebhookEndpointFactory(organisation=platform_a, url="https://old.example/", state="disabled")
    first = WebhookEndpointFactory(organisation=platform_a, url="https://first.example/")
    second = WebhookEndpointFactory(organisation=platform_a, url="https://second.example/")
    for endpoint in (first, second):
        HookFactory(endpoint=endpoint, key="notice:1", status="sent")
    HookFactory(endpoint=first, key="notice:2")
    HookFactory(endpoint__organisation=platform_b, endpoint__state="disabled", key="notice:3")
    secret = decrypt(first.secret)
    migrate("0020")
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook_url, webhook_secret FROM portal_organisation ORDER BY name")
        assert cursor.fetchall() == [("https://first.example/", secret), ("", "")]
        cursor.execute("SELECT key, status FROM portal_hook ORDER BY key")
        assert cursor.fetchall() == [("notice:1", "sent"), ("notice:2", "queued"), ("notice:3", "queued")]
    migrate()
    active, disabled = WebhookEndpoint.objects.order_by("organisation__name")
    assert (active.url, active.state, active.legacy) == (first.url, "active", True)
    assert secret not in active.secret
    assert decrypt(active.secret) == secret
    assert (disabled.organisation, disabled.state) == (platform_b, "disabled")
    assert Hook.objects.filter(endpoint=active).count() == 2
    assert len({hook.message_id for hook in Hook.objects.all()}) == 3
    assert all(hook.message_id.startswith("msg_") for hook in Hook.objects.all())


@pytest.mark.usefixtures("_portal_alone")
def test_secrets_are_encrypted_and_in_clear_again_where_that_is_taken_back() -> None:
    kept = WebhookEndpointFactory(previous_secret=encrypt("whsec_former"), previous_secret_until=timezone.now())
    WebhookEndpointFactory(secret=encrypt("whsec_other"))
    clear = [(decrypt(kept.secret), "whsec_former"), ("whsec_other", "")]
    migrate("0028")
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, previous_secret FROM portal_webhookendpoint ORDER BY id")
        assert cursor.fetchall() == clear
    migrate()
    rows = WebhookEndpoint.objects.order_by("pk")
    assert not [row for row in rows if "whsec" in row.secret + row.previous_secret]
    now = [(decrypt(row.secret), decrypt(row.previous_secret) if row.previous_secret else "") for row in rows]
    assert now == clear


def test_every_migration_can_be_taken_back() -> None:
    graph = MigrationLoader(None).graph
    ours = [key for key in graph.nodes if key[0] in {"portal", "recalls", "listings", "enforcement"}]
    assert len(ours) > 100
    for key in ours:
        stuck = [operation.describe() for operation in graph.nodes[key].operations if not operation.reversible]
        assert stuck == [], key
