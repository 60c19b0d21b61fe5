"""The pages of webhook endpoints: who may set them up, what they show and what they refuse."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from portal import services
from portal.identity.actors import Actor
from portal.models import AuditEvent, Hook, Organisation, User, WebhookEndpoint
from portal.services.webhooks import MAX_ENDPOINTS
from tests.factories import HookFactory, UserFactory, WebhookEndpointFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
URL = "https://hooks.bazaarly.example/offshelf"


def state() -> list[object]:
    return [
        list(WebhookEndpoint.objects.order_by("pk").values()),
        list(Hook.objects.order_by("pk").values("pk", "status", "attempts")),
        AuditEvent.objects.filter(action__startswith="webhook.").count(),
    ]


def test_a_manager_adds_an_endpoint_and_sees_its_secret_once(
    manager_a: User, platform_a: Organisation, sign_in: SignIn
) -> None:
    client = sign_in(manager_a)
    given = {"organisation": platform_a.pk, "url": URL, "event_types": ["notice.sent", "letter.sent"]}
    shown = client.post(reverse("portal:webhook_add"), given)
    endpoint = WebhookEndpoint.objects.get()
    secret = services.secret_of(endpoint)
    assert secret in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert (endpoint.organisation, endpoint.url, endpoint.state) == (platform_a, URL, "active")
    assert endpoint.event_types == ["letter.sent", "notice.sent"]
    for name, args in (("webhooks", []), ("webhook", [endpoint.pk]), ("webhook_edit", [endpoint.pk])):
        page = client.get(reverse(f"portal:{name}", args=args)).content.decode()
        assert URL in page
        assert secret not in page
    assert secret not in str(AuditEvent.objects.get(action="webhook.added").after)


def test_a_manager_edits_tests_rotates_disables_enables_and_deletes(
    manager_a: User, platform_a: Organisation, sign_in: SignIn
) -> None:
    client, endpoint = sign_in(manager_a), WebhookEndpointFactory(organisation=platform_a)

    def go(name: str, **data: object) -> str:
        return client.post(reverse(f"portal:{name}", args=[endpoint.pk]), data, follow=True).content.decode()

    go("webhook_edit", url=URL, event_types=["letter.sent"])
    go("webhook_test")
    assert "A test event is waiting already" in go("webhook_test")
    old = endpoint.secret
    assert (
        services.secret_of(endpoint)
        not in client.get(reverse("portal:webhook_rotate", args=[endpoint.pk])).content.decode()
    )
    shown = go("webhook_rotate")
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.event_types, endpoint.previous_secret) == (URL, ["letter.sent"], old)
    assert services.secret_of(endpoint) in shown
    assert endpoint.hooks.get().event_type == "webhook.test"
    assert "This endpoint is disabled" in go("webhook_disable")
    assert "Enable it first" in go("webhook_test")
    assert "This endpoint is disabled" not in go("webhook_enable")
    assert "You cannot undo this" in client.get(reverse("portal:webhook_delete", args=[endpoint.pk])).content.decode()
    assert WebhookEndpoint.objects.exists(), "it only asked"
    go("webhook_delete")
    assert not WebhookEndpoint.objects.exists()
    assert not Hook.objects.exists()
    done = AuditEvent.objects.filter(action__startswith="webhook.").order_by("pk").values_list("action", flat=True)
    verbs = ["edited", "tested", "secret_rotated", "disabled", "enabled", "deleted"]
    assert list(done) == [f"webhook.{verb}" for verb in verbs]


def test_event_types_are_said_in_words_beside_their_names(
    manager_a: User, platform_a: Organisation, sign_in: SignIn
) -> None:
    endpoint = services.add_endpoint(
        organisation=platform_a, url=URL, event_types=["letter.sent"], actor=Actor.person(manager_a)
    )
    HookFactory(endpoint=endpoint, event_type="letter.sent")
    client, words = sign_in(manager_a), "The regulator sent a formal letter. <code"
    for name in ("webhooks", "webhook", "webhook_edit", "webhook_add"):
        args = [endpoint.pk] if name in {"webhook", "webhook_edit"} else []
        page = client.get(reverse(f"portal:{name}", args=args)).content.decode()
        assert page.count(words) == (2 if name == "webhook" else 1), name
    HookFactory(endpoint=endpoint, event_type="dropped.later")
    assert "dropped.later" in client.get(reverse("portal:webhook", args=[endpoint.pk])).content.decode()


def test_an_answer_is_shown_as_text_and_a_delivery_replayed(
    manager_a: User, platform_a: Organisation, sign_in: SignIn
) -> None:
    client, hook = sign_in(manager_a), HookFactory(endpoint__organisation=platform_a, status="failed", attempts=12)
    hook.tries.create(
        request_headers={"webhook-id": hook.message_id}, status_code=500, answer="<script>alert(1)</script>"
    )
    page = client.get(reverse("portal:webhook_delivery", args=[hook.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert hook.message_id in page
    client.post(reverse("portal:webhook_replay", args=[hook.pk]))
    hook.refresh_from_db()
    assert (hook.status, hook.attempts) == ("queued", 0)


@pytest.mark.parametrize("who", ["moderator_a", "officer", "moderator_b", "admin", "operator"])
def test_who_does_not_manage_a_platform_finds_no_page_of_it(
    who: str, platform_a: Organisation, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    hook = HookFactory(endpoint__organisation=platform_a, status="failed")
    client, before = sign_in(request.getfixturevalue(who)), state()
    assert client.get(reverse("portal:webhooks")).status_code == 403
    assert client.post(reverse("portal:webhook_delete", args=[hook.endpoint_id])).status_code == 403
    assert state() == before


def test_a_manager_of_another_platform_finds_and_changes_nothing(
    platform_a: Organisation, platform_b: Organisation, sign_in: SignIn
) -> None:
    hook = HookFactory(endpoint__organisation=platform_a, status="failed")
    stranger = UserFactory(role="platform_manager", organisation=platform_b)
    client, before = sign_in(stranger), state()
    for name in ("", "_edit", "_rotate", "_test", "_enable", "_disable", "_delete"):
        address = reverse(f"portal:webhook{name}", args=[hook.endpoint_id])
        assert client.post(address, {"url": URL}).status_code == 404, name
    for name in ("delivery", "replay"):
        assert client.post(reverse(f"portal:webhook_{name}", args=[hook.pk])).status_code == 404, name
    assert client.post(reverse("portal:webhook_add"), {"organisation": platform_a.pk, "url": URL}).status_code == 422
    actor = Actor.person(stranger)
    with pytest.raises(PermissionDenied):
        services.add_endpoint(organisation=platform_a, url=URL, event_types=[], actor=actor)
    for act in (services.rotate_secret, services.disable_endpoint, services.delete_endpoint, services.send_test):
        with pytest.raises(WebhookEndpoint.DoesNotExist):
            act(endpoint=hook.endpoint, actor=actor)
    with pytest.raises(WebhookEndpoint.DoesNotExist):
        services.replay(hook=hook, actor=actor)
    assert state() == before


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/hook",
        "http://127.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "https://hooks.example.org:8443/",
        "https://name:word@hooks.example.org/",
        "ftp://hooks.example.org/",
        "javascript:alert(1)",
        "https://hooks.example.org/\nX: y",
        "http://[x",
        "",
    ],
)
def test_an_address_that_must_not_be_asked_is_refused_at_each_door(
    url: str, manager_a: User, platform_a: Organisation, sign_in: SignIn
) -> None:
    endpoint, actor = WebhookEndpointFactory(organisation=platform_a), Actor.person(manager_a)
    client, before = sign_in(manager_a), state()
    with pytest.raises(ValidationError):
        services.add_endpoint(organisation=platform_a, url=url, event_types=[], actor=actor)
    with pytest.raises(ValidationError):
        services.edit_endpoint(endpoint=endpoint, url=url, event_types=[], actor=actor)
    given = {"organisation": platform_a.pk, "url": url}
    assert client.post(reverse("portal:webhook_add"), given).status_code == 422
    assert client.post(reverse("portal:webhook_edit", args=[endpoint.pk]), given).status_code == 422
    assert state() == before
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url=url, state="disabled")
    with pytest.raises(ValidationError):
        services.enable_endpoint(endpoint=endpoint, actor=actor)


def test_an_unknown_type_and_an_endpoint_too_many_are_refused(manager_a: User, platform_a: Organisation) -> None:
    actor = Actor.person(manager_a)
    with pytest.raises(ValidationError, match="no event type notice"):
        services.add_endpoint(organisation=platform_a, url=URL, event_types=["notice"], actor=actor)
    for _ in range(MAX_ENDPOINTS):
        services.add_endpoint(organisation=platform_a, url=URL, event_types=[], actor=actor)
    with pytest.raises(ValidationError, match="at most 10"):
        services.add_endpoint(organisation=platform_a, url=URL, event_types=[], actor=actor)
    assert platform_a.webhook_endpoints.count() == MAX_ENDPOINTS


def test_production_refuses_an_address_without_encryption_and_marks_one_from_before(
    manager_a: User, platform_a: Organisation, sign_in: SignIn, settings: Any
) -> None:
    client, plain = sign_in(manager_a), "http://hooks.bazaarly.example/offshelf"
    given = {"organisation": platform_a.pk, "url": plain}
    client.post(reverse("portal:webhook_add"), given)
    endpoint = WebhookEndpoint.objects.get()
    for name, args in (("webhooks", []), ("webhook", [endpoint.pk])):
        assert "Not encrypted" in client.get(reverse(f"portal:{name}", args=args)).content.decode()
    settings.PRODUCTION = True
    before = state()
    for name, args in (("webhook_add", []), ("webhook_edit", [endpoint.pk])):
        for url in (plain, plain.upper()):
            answer = client.post(reverse(f"portal:{name}", args=args), given | {"url": url})
            assert answer.status_code == 422
            assert "Enter an address that begins with https://" in answer.content.decode()
    assert state() == before
    client.post(reverse("portal:webhook_edit", args=[endpoint.pk]), {"url": URL})
    assert "Not encrypted" not in client.get(reverse("portal:webhooks")).content.decode()
