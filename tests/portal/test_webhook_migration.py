"""The one webhook address of an organisation becomes its first endpoint, and again its address where it is taken back."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from pytest_django import DjangoDbBlocker

from portal.database.roles import as_owner
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
    secret = first.secret
    migrate("0020")
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook_url, webhook_secret FROM portal_organisation ORDER BY name")
        assert cursor.fetchall() == [("https://first.example/", secret), ("", "")]
        cursor.execute("SELECT key, status FROM portal_hook ORDER BY key")
        assert cursor.fetchall() == [("notice:1", "sent"), ("notice:2", "queued"), ("notice:3", "queued")]
    migrate()
    active, disabled = WebhookEndpoint.objects.order_by("organisation__name")
    assert (active.url, active.secret, active.state, active.legacy) == (first.url, secret, "active", True)
    assert (disabled.organisation, disabled.state) == (platform_b, "disabled")
    assert Hook.objects.filter(endpoint=active).count() == 2
    assert len({hook.message_id for hook in Hook.objects.all()}) == 3
    assert all(hook.message_id.startswith("msg_") for hook in Hook.objects.all())


def test_every_migration_can_be_taken_back() -> None:
    graph = MigrationLoader(None).graph
    ours = [key for key in graph.nodes if key[0] in {"portal", "recalls", "listings", "enforcement"}]
    assert len(ours) > 100
    for key in ours:
        stuck = [operation.describe() for operation in graph.nodes[key].operations if not operation.reversible]
        assert stuck == [], key
