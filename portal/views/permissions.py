"""Who may do what: the access rules themselves, as a table."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from portal.http.requests import ActingRequest
from portal.identity.access import ACCESS, ROLE_PERMISSIONS
from portal.models import Role
from portal.permission_words import PERMISSION_WORDS


@dataclass(frozen=True, slots=True)
class Row:
    """One permission: the addresses that need it, and whether each role, in the order of the columns, has it."""

    permission: str
    words: str
    addresses: list[str]
    held: list[bool]


def permissions(request: ActingRequest) -> HttpResponse:
    """Every permission that a role has, whether an address or a service asks for it."""
    names = sorted(frozenset().union(*ROLE_PERMISSIONS.values()))
    rows = [
        Row(
            name,
            PERMISSION_WORDS[name],
            sorted(address for address, rule in ACCESS.items() if rule == name and not address.startswith("api:")),
            [name in ROLE_PERMISSIONS[role] for role in Role.values],
        )
        for name in names
    ]
    return render(request, "portal/permissions.html", {"rows": rows, "roles": Role.labels})
