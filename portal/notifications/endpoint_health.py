"""Whether a webhook endpoint still takes what it is sent; one that does not for days is disabled, with an alarm.

The rule is of time and not of deliveries: after a mass recall twenty of them fail in one outage. A delivery is tried
12 times within about two days and then failed; five days are more than a long weekend, in which nobody may look.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from portal import audit
from portal.identity.actors import Actor
from portal.models import Role, User, WebhookEndpoint
from portal.notifications.outbox import notify

MAX_FAILING = timedelta(days=5)
MIN_FAILURES = 12  # attempts in a row; as many as one delivery has
GONE = 410  # by the standard: the receiver wants nothing more


def note_taken(endpoint: WebhookEndpoint) -> None:
    """An endpoint, which the caller has locked, took what it was sent."""
    if endpoint.failures:
        endpoint.failures, endpoint.failing_since = 0, None
        endpoint.save(update_fields=["failures", "failing_since"])


def note_failed(endpoint: WebhookEndpoint, *, problem: str, status_code: int | None) -> None:
    """Count a failed attempt of an endpoint, which the caller has locked; disable it where it was one too many."""
    now = timezone.now()
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.save(update_fields=["failures", "failing_since"])
    if not endpoint.is_active:
        return
    if status_code == GONE:
        _disable(endpoint, "It answered with status 410 (gone), so it wants no more events.")
    elif endpoint.failures >= MIN_FAILURES and now - endpoint.failing_since >= MAX_FAILING:
        _disable(endpoint, f"It has taken nothing for {MAX_FAILING.days} days. The last problem: {problem}")


def _disable(endpoint: WebhookEndpoint, reason: str) -> None:
    endpoint.state, endpoint.disabled_reason = WebhookEndpoint.State.DISABLED, reason
    endpoint.save(update_fields=["state", "disabled_reason"])
    audit.record(
        actor=Actor.system("webhooks"),
        action="webhook.disabled_after_failures",
        subject=endpoint,
        after={"state": endpoint.state, "failures": endpoint.failures, "failing_since": endpoint.failing_since},
        reason=reason,
    )
    _alarm(endpoint, reason)


def _alarm(endpoint: WebhookEndpoint, reason: str) -> None:
    """To the platform's managers, in the inbox and by mail whatever they chose; without one, to its contact."""
    people = User.objects.filter(organisation_id=endpoint.organisation_id, is_active=True, role=Role.PLATFORM_MANAGER)
    managers = list(people)
    notify(
        people=managers,
        key=f"webhook:{endpoint.pk}:disabled:{timezone.now():%Y%m%d%H%M%S}",
        subject=f"Alarm: a webhook endpoint of {endpoint.organisation} is disabled",
        body=f"{endpoint.url} gets no more events. {reason}\n"
        "Repair the program, send a test event and enable the endpoint. What waited is sent then.",
        link=reverse("portal:webhook", args=[endpoint.pk]),
        mail_to=[person.email for person in managers] or [endpoint.organisation.contact_email],
    )
