"""Exports of portal's own lists: people, organisations, keys, webhooks and what was sent to them, legal holds, the inbox.

What opens something never leaves: of a key its beginning, of an address no user, password or query, of an endpoint no
secret. People leave in the columns by which they are imported.
"""

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_noop

from portal.exporting.registry import key_of, public_part, register_columns, yes_or_no
from portal.identity.actors import Actor
from portal.inbox_filter import InboxFilter
from portal.models import ApiKey, Hook, LegalHold, Notification, Organisation, User, WebhookEndpoint


def people_found(actor: Actor, query: QueryDict) -> QuerySet[User]:
    """Those whom the page lists: by part of a name, an address or an organisation."""
    found = User.objects.visible_to(actor).select_related("organisation")
    if words := query.get("q", "").strip():
        found = found.filter(
            Q(name__icontains=words) | Q(email__icontains=words) | Q(organisation__name__icontains=words)
        )
    return found


def exact_people(found: QuerySet[User], query: QueryDict) -> QuerySet[User] | None:
    """Those of `found` whose address or whole name was typed; None where nothing was asked for."""
    words = query.get("q", "").strip()
    return found.filter(Q(email__iexact=words) | Q(name__iexact=words)) if words else None


def _organisations(actor: Actor, _query: QueryDict) -> QuerySet[Organisation]:
    return Organisation.objects.visible_to(actor)


def _keys(actor: Actor, _query: QueryDict) -> QuerySet[ApiKey]:
    return ApiKey.objects.visible_to(actor)


def _endpoints(actor: Actor, _query: QueryDict) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.visible_to(actor)


def _deliveries(actor: Actor, query: QueryDict) -> QuerySet[Hook]:
    return Hook.objects.visible_to(actor).filter(
        endpoint=WebhookEndpoint.objects.visible_to(actor).get(pk=key_of(query))
    )


def _holds(_actor: Actor, _query: QueryDict) -> QuerySet[LegalHold]:
    """Which of them, the database decides (enforcement/row_rules.py)."""
    return LegalHold.objects.all()


def _inbox(actor: Actor, query: QueryDict) -> QuerySet[Notification]:
    return InboxFilter(query, Notification.objects.inbox_of(User.objects.get(pk=actor.person_id))).qs


register_columns(
    "people",
    gettext_noop("People"),
    "person.manage",
    people_found,
    {
        "name": "name", "email": "email", "role": "role", "organisation": "organisation__name", "active": "is_active",
        "locked at": "locked_at", "last sign-in": "last_login", "added at": "date_joined",
    },
    {"active": yes_or_no},
)  # fmt: skip
register_columns(
    "organisations",
    gettext_noop("Platforms and regulators"),
    "organisation.edit",
    _organisations,
    {
        "name": "name", "slug": "slug", "kind": "kind", "country": "country", "time zone": "time_zone", "language": "language",
        "contact email": "contact_email", "contact problem": "contact_problem", "listing URL pattern": "listing_url_pattern",
        "second factor required": "second_factor_required",
    },
    {"second factor required": yes_or_no},
)  # fmt: skip
register_columns(
    "api_keys",
    gettext_noop("API keys"),
    "key.manage",
    _keys,
    {
        "name": "name", "begins with": "prefix", "organisation": "organisation__name", "scopes": "scopes",
        "created by": "created_by__name", "created at": "created_at", "expires at": "expires_at", "last used at": "last_used_at",
        "revoked at": "revoked_at",
    },
)  # fmt: skip
register_columns(
    "webhooks",
    gettext_noop("Webhook endpoints"),
    "webhook.manage",
    _endpoints,
    {
        "endpoint": "pk", "address": "url", "platform": "organisation__name", "event types": "event_types", "state": "state",
        "disabled because": "disabled_reason", "failed attempts in a row": "failures", "failing since": "failing_since",
        "added at": "created_at",
    },
    {"address": public_part},
)  # fmt: skip
register_columns(
    "webhook_deliveries",
    gettext_noop("Webhook deliveries"),
    "webhook.manage",
    _deliveries,
    {
        "event": "message_id", "event type": "event_type", "created at": "created_at", "state": "status", "attempts": "attempts",
        "next attempt at": "next_attempt_at", "sent at": "sent_at", "last problem": "error",
    },
)  # fmt: skip
register_columns(
    "legal_holds",
    gettext_noop("Legal holds"),
    "hold.manage",
    _holds,
    {
        "kind": "subject_type", "number": "subject_id", "held": "subject_label", "reason": "reason", "placed by": "placed_by__name",
        "placed at": "placed_at", "release requested by": "release_asked_by__name", "release requested at": "release_asked_at",
        "release reason": "release_reason", "released by": "released_by__name", "released at": "released_at",
    },
)  # fmt: skip
register_columns(
    "inbox",
    gettext_noop("Inbox"),
    "export.make",
    _inbox,
    {"subject": "subject", "text": "body", "link": "link", "created at": "created_at", "read at": "read_at"},
)
