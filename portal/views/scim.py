"""SCIM 2.0 for an organisation's directory: create, read, find, replace and patch its users. Never a page.

The bearer token says whose directory asks. Users of other organisations do not exist for it.
"""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from portal import scim_messages as scim
from portal import scim_schemas, services
from portal.database.acting import as_system
from portal.identity import email_addresses, throttle
from portal.identity.client_address import client_address, network_of
from portal.identity.throttle import KEYS_FROM_PLACE
from portal.models import Provisioning, User
from portal.services.provisioning import Refused
from portal.texts import key_in

PER_MINUTE = 300  # requests of one directory
WHY = "a directory keeps its own organisation's people, and no other ones are looked for"

Handler = Callable[[HttpRequest, Provisioning, str], HttpResponse]


def _answer(content: Any, status: int = 200, **headers: str) -> HttpResponse:
    return JsonResponse(content, status=status, content_type="application/scim+json", headers=headers)


def _error(status: int, detail: str, kind: str = "", **headers: str) -> HttpResponse:
    return _answer(scim.error(status, detail, kind), status, **headers)


def _for_directory(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view that asks for the token, counts the request, and answers every refusal as RFC 7644 says."""

    @never_cache
    @csrf_exempt
    def view(request: HttpRequest, name: str = "") -> HttpResponse:
        row, refusal = _whose(request)
        if row is None:
            return refusal
        used, until = throttle.count("scim", str(row.pk), seconds=60)
        if used > PER_MINUTE:
            wait = max(1, round((until - timezone.now()).total_seconds()))
            return _error(429, "Too many requests in this minute.", **{"Retry-After": str(wait)})
        handler = handlers.get(str(request.method))
        if handler is None:
            return _error(405, f"{request.method} is not possible here.", Allow=", ".join(sorted(handlers)))
        try:
            with as_system(WHY):
                return handler(request, row, name)
        except scim.BadMessage as bad:
            return _error(400, bad.detail, bad.kind)
        except Refused as refused:
            return _error(refused.status, refused.detail, refused.kind)

    return view


def _whose(request: HttpRequest) -> tuple[Provisioning | None, HttpResponse]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    detail = "Send the token of your organisation's provisioning as Authorization: Bearer ofp_…"
    refusal = _error(401, detail, **{"WWW-Authenticate": "Bearer"})
    if scheme.lower() != "bearer" or not token.strip():
        return None, refusal
    with as_system(WHY):
        row = services.provisioning_for(token.strip())
    if row is not None:
        return row, refusal
    taken = throttle.take(KEYS_FROM_PLACE, network_of(client_address(request)))
    if not taken.allowed:
        wait = max(1, round((taken.until - timezone.now()).total_seconds()))
        return None, _error(429, "Too many tries with unknown tokens.", **{"Retry-After": str(wait)})
    return None, refusal


def _base() -> str:
    return f"{settings.BASE_URL}{reverse('portal:scim_users').removesuffix('/Users')}"


def _shown(person: User) -> dict[str, Any]:
    return {
        "schemas": [scim.USER],
        "id": str(person.pk),
        "userName": person.email,
        "displayName": person.name,
        "name": {"formatted": person.name},
        "active": person.is_active,
        "emails": [{"value": person.email, "primary": True}],
        "roles": [{"value": person.role}],
        "meta": {
            "resourceType": "User",
            "created": person.date_joined.isoformat(),
            "location": f"{_base()}/Users/{person.pk}",
        },
    }


def _people(row: Provisioning) -> QuerySet[User]:
    return User.objects.filter(organisation=row.organisation_id).select_related("organisation").order_by("pk")


def _person(row: Provisioning, name: str) -> User:
    key = key_in(name)
    person = _people(row).filter(pk=key).first() if key is not None else None
    if person is None:
        raise Refused(404, f"There is no user {name[:40]}.")
    return person


def _body(request: HttpRequest) -> Any:
    """The JSON that was sent; how much may be, body_limits says: what comes without a session is small."""
    if not str(request.content_type).endswith("json"):
        raise Refused(415, "Send the body as application/scim+json.")
    try:
        return json.loads(request.body.decode())
    except (ValueError, RecursionError):
        raise scim.BadMessage("The body is not JSON in UTF-8.", "invalidSyntax") from None


def _list(request: HttpRequest, row: Provisioning, _name: str) -> HttpResponse:
    found = _people(row)
    if given := request.GET.get("filter"):
        attribute, value = scim.filter_of(given)
        found = (
            found.filter(email=email_addresses.normal(value))
            if attribute == "username"
            else found.filter(pk=key_in(value) or 0)
        )
    start = max(1, key_in(request.GET.get("startIndex", "")) or 1)
    asked = request.GET.get("count", "")
    size = min(scim.MAX_RESULTS, scim.MAX_RESULTS if (wanted := key_in(asked)) is None else wanted)
    total = found.count()
    rows = found[start - 1 : start - 1 + size] if start <= total else []
    return _answer(scim.listed([_shown(person) for person in rows], total, start))


def _create(request: HttpRequest, row: Provisioning, _name: str) -> HttpResponse:
    asked = scim.user_of(_body(request))
    person = services.provision(
        row=row,
        email=asked["email"],
        name=asked.get("name", ""),
        roles=asked.get("roles", []),
        is_active=asked["is_active"],
    )
    shown = _shown(person)
    return _answer(shown, 201, Location=shown["meta"]["location"])


def _read(_request: HttpRequest, row: Provisioning, name: str) -> HttpResponse:
    return _answer(_shown(_person(row, name)))


def _replace(request: HttpRequest, row: Provisioning, name: str) -> HttpResponse:
    person = _person(row, name)
    return _answer(_shown(services.change_provisioned(row=row, person=person, changes=scim.user_of(_body(request)))))


def _patch(request: HttpRequest, row: Provisioning, name: str) -> HttpResponse:
    person = _person(row, name)
    return _answer(_shown(services.change_provisioned(row=row, person=person, changes=scim.changes_of(_body(request)))))


def _delete(_request: HttpRequest, row: Provisioning, name: str) -> HttpResponse:
    _person(row, name)
    raise Refused(405, "Accounts are not deleted, as the audit log names them. Set active to false.")


def _config(_request: HttpRequest, _row: Provisioning, _name: str) -> HttpResponse:
    return _answer(scim_schemas.provider_config(_base()))


def _one_of(rows: list[dict[str, Any]], name: str) -> HttpResponse:
    if not name:
        return _answer(scim.listed(rows, len(rows), 1))
    found = next((each for each in rows if each["id"] == name), None)
    return _answer(found) if found else _error(404, f"There is no {name[:80]}.")


def _types(_request: HttpRequest, _row: Provisioning, name: str) -> HttpResponse:
    return _one_of(scim_schemas.resource_types(_base()), name)


def _schemas(_request: HttpRequest, _row: Provisioning, name: str) -> HttpResponse:
    return _one_of(scim_schemas.schemas(_base()), name)


users = _for_directory(GET=_list, POST=_create)
user = _for_directory(GET=_read, PUT=_replace, PATCH=_patch, DELETE=_delete)
provider_config = _for_directory(GET=_config)
resource_types = _for_directory(GET=_types)
schemas = _for_directory(GET=_schemas)
