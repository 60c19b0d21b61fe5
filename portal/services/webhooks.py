"""Webhook endpoints of platforms: permission, validation and audit in one transaction."""

import secrets as randomness
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from portal import audit
from portal.http.addresses import Refused, refuse_private
from portal.identity.actors import Actor
from portal.identity.encryption import Unreadable, decrypt, encrypt
from portal.models import Hook, Organisation, WebhookEndpoint
from portal.notifications.deliveries import LEASE, queue_again
from portal.notifications.events import EVENT_TYPES, TEST, Event
from portal.notifications.outbox import hook_for
from portal.notifications.signatures import new_secret
from portal.notifications.webhooks import HOOKS

MAX_ENDPOINTS = 10  # of one platform
OVERLAP = timedelta(hours=24)  # for which a secret goes on signing beside the one that replaced it
MANAGE = "webhook.manage"
UNENCRYPTED = gettext_noop("Enter an address that begins with https://. Events are not sent unencrypted.")
State = WebhookEndpoint.State


def add_endpoint(
    *, organisation: Organisation, url: str, event_types: Collection[str], actor: Actor
) -> WebhookEndpoint:
    """A new endpoint of a platform, active at once; its secret (`secret_of`) is to be shown now and never again.

    Without event types it gets all. Raises ValidationError for an address that is never asked, an unknown type, or one
    endpoint too many.
    """
    actor.require(MANAGE)
    if actor.platform_id not in (None, organisation.pk):
        raise PermissionDenied(gettext_noop("You can add webhook endpoints for your own platform only."))
    if not organisation.is_platform:
        raise ValidationError({"organisation": gettext_noop("Only platforms have webhook endpoints.")})
    wanted = _known(event_types)
    _check_address(url)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # two at once are counted, too
        if organisation.webhook_endpoints.count() >= MAX_ENDPOINTS:
            detail = gettext_noop("A platform has at most %(number)s endpoints. Delete one first.")
            raise ValidationError(detail, params={"number": MAX_ENDPOINTS})
        endpoint = WebhookEndpoint.objects.create(
            organisation=organisation, url=url, secret=encrypt(new_secret()), event_types=wanted
        )
        after = {"url": url, "event_types": wanted, "organisation": organisation}
        audit.record(actor=actor, action="webhook.added", subject=endpoint, after=after)
    return endpoint


def edit_endpoint(
    *, endpoint: WebhookEndpoint, url: str, event_types: Collection[str], actor: Actor
) -> WebhookEndpoint:
    """Change where an endpoint is and what it gets; what waits goes to the new address."""
    actor.require(MANAGE)
    wanted = _known(event_types)
    _check_address(url)
    with transaction.atomic():
        endpoint = _locked(endpoint, actor)
        before = {"url": endpoint.url, "event_types": endpoint.event_types}
        endpoint.url, endpoint.event_types = url, wanted
        endpoint.save(update_fields=["url", "event_types"])
        after = {"url": url, "event_types": wanted}
        audit.record(actor=actor, action="webhook.edited", subject=endpoint, before=before, after=after)
    return endpoint


def rotate_secret(*, endpoint: WebhookEndpoint, actor: Actor) -> WebhookEndpoint:
    """Give an endpoint a new secret, to be shown now; for OVERLAP both sign, so that its program can change over. One that
    can no longer be read signs no more."""
    actor.require(MANAGE)
    with transaction.atomic():
        endpoint = _locked(endpoint, actor)
        try:
            secret_of(endpoint)
            endpoint.previous_secret, endpoint.previous_secret_until = endpoint.secret, timezone.now() + OVERLAP
        except Unreadable:
            endpoint.previous_secret, endpoint.previous_secret_until = "", None
        endpoint.secret = encrypt(new_secret())
        endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
        after = {"previous_secret_until": endpoint.previous_secret_until}
        audit.record(actor=actor, action="webhook.secret_rotated", subject=endpoint, after=after)
    return endpoint


def secret_of(endpoint: WebhookEndpoint) -> str:
    """The secret of an endpoint in clear, for whoever has just made it. Raises Unreadable."""
    return decrypt(endpoint.secret)


def disable_endpoint(*, endpoint: WebhookEndpoint, actor: Actor, reason: str = "") -> WebhookEndpoint:
    """Send nothing to an endpoint: what waits stays, nothing is added. A second time changes nothing."""
    actor.require(MANAGE)
    with transaction.atomic():
        endpoint = _locked(endpoint, actor)
        if endpoint.is_active:
            _set_state(endpoint, State.DISABLED, reason or f"Disabled by {actor.label}.")
            audit.record(actor=actor, action="webhook.disabled", subject=endpoint, reason=reason)
    return endpoint


def enable_endpoint(*, endpoint: WebhookEndpoint, actor: Actor) -> WebhookEndpoint:
    """Send to an endpoint again, what waited first and soon. A second time changes nothing."""
    actor.require(MANAGE)
    with transaction.atomic():
        endpoint = _locked(endpoint, actor)
        if not endpoint.is_active:
            _check_address(endpoint.url)
            before = {"disabled_reason": endpoint.disabled_reason, "failures": endpoint.failures}
            endpoint.failures, endpoint.failing_since = 0, None
            _set_state(endpoint, State.ACTIVE, "")
            queue_again(HOOKS, list(endpoint.hooks.filter(status=Hook.Status.QUEUED).select_for_update(of=("self",))))
            audit.record(actor=actor, action="webhook.enabled", subject=endpoint, before=before)
    return endpoint


def delete_endpoint(*, endpoint: WebhookEndpoint, actor: Actor) -> None:
    """Delete an endpoint with its deliveries, sent or waiting. Cannot be undone."""
    actor.require(MANAGE)
    with transaction.atomic():
        endpoint = _locked(endpoint, actor)
        before = {"url": endpoint.url, "deliveries": endpoint.hooks.count(), "organisation": endpoint.organisation_id}
        audit.record(actor=actor, action="webhook.deleted", subject=endpoint, before=before)
        endpoint.delete()


def send_test(*, endpoint: WebhookEndpoint, actor: Actor) -> Hook:
    """Queue a test event for an active endpoint, whatever types it wants. One at a time."""
    actor.require(MANAGE)
    with transaction.atomic():
        endpoint = _locked(endpoint, actor)
        if not endpoint.is_active:
            raise ValidationError(gettext_noop("The endpoint is disabled. Enable it first."))
        if endpoint.hooks.filter(event_type=TEST, status=Hook.Status.QUEUED).exists():
            raise ValidationError(gettext_noop("A test event is waiting already. See the delivery log."))
        message = {"key": f"test:{randomness.token_hex(8)}", "subject": "Test event", "link": ""}
        body = f"{actor.label} sent this test event. It is about nothing."
        hook = hook_for(endpoint, Event(TEST), {**message, "body": body})
        hook.save(force_insert=True)
        audit.record(actor=actor, action="webhook.tested", subject=endpoint, after={"message_id": hook.message_id})
    return hook


def replay(*, hook: Hook, actor: Actor) -> Hook:
    """Send a delivery again, with the same `webhook-id`: one that was sent, one that failed, or one that waits long.

    Raises ValidationError for one that is on its way, and where the endpoint is disabled.
    """
    actor.require(MANAGE)
    with transaction.atomic():
        endpoint = _locked(hook.endpoint, actor)
        hook = endpoint.hooks.select_for_update(of=("self",)).get(pk=hook.pk)
        if not endpoint.is_active:
            raise ValidationError(gettext_noop("The endpoint is disabled. Enable it first."))
        if hook.status == Hook.Status.QUEUED and hook.next_attempt_at <= timezone.now() + LEASE:
            raise ValidationError(gettext_noop("This delivery is on its way. Wait for its result."))
        audit.record(actor=actor, action="webhook.replayed", subject=hook, before={"delivery_status": hook.status})
        queue_again(HOOKS, [hook])
    return hook


def _locked(endpoint: WebhookEndpoint, actor: Actor) -> WebhookEndpoint:
    """The endpoint as it is now; one of another platform does not exist. Raises WebhookEndpoint.DoesNotExist."""
    rows = (
        WebhookEndpoint.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("organisation")
    )
    return rows.get(pk=endpoint.pk)


def _set_state(endpoint: WebhookEndpoint, state: WebhookEndpoint.State, reason: str) -> None:
    endpoint.state, endpoint.disabled_reason = state, reason
    endpoint.save(update_fields=["state", "disabled_reason", "failures", "failing_since"])


def _known(event_types: Collection[str]) -> list[str]:
    unknown = sorted(set(event_types) - EVENT_TYPES.keys())
    if unknown:
        detail = gettext("There is no event type %(name)s. Choose from %(names)s.")
        params = {"name": unknown[0][:60], "names": ", ".join(sorted(EVENT_TYPES))}
        raise ValidationError({"event_types": ValidationError(detail, params=params)})
    return sorted(set(event_types))


def _check_address(url: str) -> None:
    """What can be known of an address without asking for its name; the rest is checked where each connection is made."""
    try:
        URLValidator(schemes=["http", "https"])(url)
        if settings.PRODUCTION and not url.lower().startswith("https:"):
            raise ValidationError(UNENCRYPTED)  # noqa: TRY301  said like what the address's form is refused for
        refuse_private(url, allowed_private=settings.FETCH_ALLOWED_PRIVATE)
    except Refused as refused:
        raise ValidationError({"url": str(refused)}) from None
    except ValidationError as error:
        raise ValidationError({"url": error}) from None
