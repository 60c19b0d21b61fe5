"""What was found out in a transaction and holds to its end; it is forgotten with it (portal/database/backend)."""

from collections.abc import Hashable

from django.db import connection


def is_noted(fact: Hashable) -> bool:
    """Whether the transaction that is open has noted this. Outside of a transaction nothing is."""
    return connection.in_atomic_block and fact in connection.noted  # type: ignore[attr-defined]


def note(fact: Hashable) -> None:
    """Remember until the transaction ends; nothing outside of one."""
    if connection.in_atomic_block:
        connection.noted.add(fact)  # type: ignore[attr-defined]
