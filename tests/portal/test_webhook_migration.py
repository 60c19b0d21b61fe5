"""The one webhook address of an organisation becomes its first endpoint, and again its address where it is taken back."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from portal.database.roles import as_owner
from portal.models import Hook, Organisation, WebhookEndpoint
from tests.factories import HookFactory, WebhookEndpointFactory

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(to: str) -> None:
    with as_owner():
        call_command("migrate", "portal", to, verbosity=0)


@pytest.fixture
def _forward_again() -> Iterator[None]:
    yield
    if "portal_hookattempt" not in connection.introspection.table_names():
        migrate("0018")


@pytest.mark.usefixtures("_forward_again")
def test_an_address_its_secret_and_what_waits_survive_the_way_back_and_forth(
    platform_a: Organisation, platform_b: Organisation
) -> None:
    WebhookEndpointFactory(organisation=platform_a, url="https://old.example/", state="disabled")
    first = WebhookEndpointFactory(organisation=platform_a, url="https://first.example/")
    second = WebhookEndpointFactory(organisation=platform_a, url="https://second.example/")
    for endpoint in (first, second):
        HookFactory(endpoint=endpoint, key="notice:1", status="sent")
    HookFactory(endpoint=first, key="notice:2")
    HookFactory(endpoint__organisation=platform_b, endpoint__state="disabled", key="notice:3")
    secret = first.secret
    migrate("0017")
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook_url, webhook_secret FROM portal_organisation ORDER BY name")
        assert cursor.fetchall() == [("https://first.example/", secret), ("", "")]
        cursor.execute("SELECT key, status FROM portal_hook ORDER BY key")
        assert cursor.fetchall() == [("notice:1", "sent"), ("notice:2", "queued"), ("notice:3", "queued")]
    migrate("0018")
    active, disabled = WebhookEndpoint.objects.order_by("organisation__name")
    assert (active.url, active.secret, active.state, active.legacy) == (first.url, secret, "active", True)
    assert (disabled.organisation, disabled.state) == (platform_b, "disabled")
    assert Hook.objects.filter(endpoint=active).count() == 2
    assert len({hook.message_id for hook in Hook.objects.all()}) == 3
    assert all(hook.message_id.startswith("msg_") for hook in Hook.objects.all())
