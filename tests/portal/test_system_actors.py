"""Histories name the part of the system that acted in the reader's language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal import audit
from portal.audit.system_actors import actor_words
from portal.http import stored_texts
from portal.identity.actors import Actor
from portal.models import AuditEvent, User

APPS = ("portal", "recalls", "listings", "enforcement")


def names_in_code() -> Iterator[str]:
    """What each call of `Actor.system` says it is, with a word in place of each value."""
    for app in APPS:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "Actor.system":
                    yield from _name(call.args[0])


def _name(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif isinstance(argument, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "someone" for part in argument.values)


def test_every_part_of_the_system_has_a_name_for_readers() -> None:
    names = set(names_in_code()) | {"recall import", "recall feed", "scheduled feed"}
    assert len(names) > 30
    assert [name for name in sorted(names) if not stored_texts.is_known(f"System: {name}")] == []


@pytest.mark.django_db
def test_a_history_names_the_part_and_a_person_stays_as_written(admin: User, officer: User, client: Client) -> None:
    admin.language = "de"
    admin.save(update_fields=["language"])
    row = audit.record(actor=Actor.system("matching"), action="person.edited", subject=officer)
    audit.record(actor=Actor.system(f"clock, after {admin.name}"), action="person.edited", subject=officer)
    client.force_login(admin)
    page = client.get(reverse("enforcement:history", args=[row.subject_type, row.subject_id])).content.decode()
    assert "System: Abgleich" in page
    assert f"System: Fristlauf, nach {admin.name}" in page
    assert "System: matching" not in page
    named_so = AuditEvent(actor_kind="person", actor_label="System: matching")
    with translation.override("de"):
        assert actor_words(named_so) == "System: matching"
