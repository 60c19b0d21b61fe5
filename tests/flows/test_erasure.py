"""Erasing a person: two admins, no way back; nothing names them any more, and the audit log and packs still verify."""

import io
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from enforcement.evidence_packs.verification import check_pack
from portal import audit, services, tasks
from portal.audit import chain
from portal.audit.erasure import payload_digest
from portal.database import acting
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, Organisation, PersonErasure, User
from portal.services.erasure import label_fields
from tests.enforcement import packing
from tests.enforcement.conftest import Case, case  # noqa: F401  a fixture
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_operator(operator: User) -> User:
    return UserFactory(
        organisation=operator.organisation, role="operator", name="Second Admin", email="second-operator@example.org"
    )


@pytest.fixture
def erase(operator: User, second_operator: User) -> Callable[[User], PersonErasure]:
    def ask_and_confirm(person: User) -> PersonErasure:
        asked = services.ask_erasure(person=person, reason=f"{person.name} asked for it", actor=Actor.person(operator))
        services.confirm_erasure(asked=asked, actor=Actor.person(second_operator))
        tasks.erase_people()
        audit.seal_events()
        asked.refresh_from_db()
        return asked

    return ask_and_confirm


def everywhere(*words: str) -> list[str]:
    """Tables and columns of texts in which any of the words is, whatever its case."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"])  # noqa: S608
                if cursor.fetchone():
                    found.append(f"{table}.{column}")
    return sorted(set(found))


def test_nothing_names_an_erased_person_any_more_and_the_chain_verifies(
    case: Case,  # noqa: F811
    moderator_a: User,
    operator: User,
    erase: Callable[[User], PersonErasure],
    as_actor: Callable[[User], Actor],
) -> None:
    former, email = moderator_a.name, moderator_a.email
    services.edit_person(person=moderator_a, name="Quentin Harkaway", actor=as_actor(operator))
    Mail.objects.create(key="m", to=email, subject="Hello", body=f"Dear {former}")
    Notification.objects.create(
        person=operator, organisation=operator.organisation, key="n", subject=f"{former} decided"
    )
    audit.seal_events()
    assert everywhere(former, email, "Quentin Harkaway")
    done = erase(moderator_a)
    assert done.done_at is not None
    assert everywhere(former, email, "Quentin Harkaway") == []
    report = audit.verify_chain()
    assert report.findings == []
    assert report.erased > 3
    moderator_a.refresh_from_db()
    assert (moderator_a.name, moderator_a.is_active) == (f"Erased person {moderator_a.pk}", False)
    assert case.takedown.flag.decisions.first().actor_label == moderator_a.name
    assert AuditEvent.objects.filter(user=moderator_a).exists(), "what was done, when and by which account stays"
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert f"{report.erased} events whose payloads were erased" in out.getvalue()


def test_packs_of_before_and_after_verify_and_say_what_was_erased(
    case: Case,  # noqa: F811
    officer: User,
    moderator_a: User,
    erase: Callable[[User], PersonErasure],
    as_actor: Callable[[User], Actor],
) -> None:
    earlier = case.pack(as_actor(officer)).rename(case.folder / "earlier.zip")
    name = moderator_a.name
    erase(moderator_a)
    assert check_pack(earlier).problems == []
    path = case.pack(as_actor(officer))
    report = check_pack(path)
    assert (report.problems, report.erased) == ([], 2)
    files = packing.read(path)
    assert not [each for each, data in files.items() if name.encode() in data]
    script = case.folder / "check.py"
    script.write_text(files["README.txt"].decode().split("---- check.py ----\n")[1].split("---- end ----")[0])
    told = subprocess.run([sys.executable, str(script), str(path)], capture_output=True, text=True, check=False)  # noqa: S603
    assert told.returncode == 0, told.stderr
    lines = files["chain.jsonl"].decode().splitlines()
    changed = [line.replace("Erased person", "Nobody at all") for line in lines]
    forged = check_pack(packing.write(path, files | {"chain.jsonl": ("\n".join(changed) + "\n").encode()}))
    assert "changed event" in {problem.kind for problem in forged.problems}


def test_a_platforms_own_pack_verifies_after_an_erasure(
    case: Case,  # noqa: F811
    moderator_a: User,
    second_moderator_a: User,
    erase: Callable[[User], PersonErasure],
    as_actor: Callable[[User], Actor],
) -> None:
    erase(moderator_a)
    actor = as_actor(second_moderator_a)
    with acting.acting(actor.principal):
        path = case.pack(actor)
    report = check_pack(path)
    assert (report.problems, report.erased) == ([], 2)


def apply_erasure(cause: int, rows: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT portal_erase_payloads(%s, %s::jsonb)", [cause, rows])
        return int(cursor.fetchone()[0])


def test_the_applications_role_changes_nothing_that_no_fresh_event_of_erasure_names(operator: User) -> None:
    event = audit.record(actor=Actor.person(operator), action="person.edited", subject=operator, reason="As it was")
    audit.seal_events()
    row = f'[{{"id": {event.pk}, "actor_label": "x", "subject_label": "x", "before": {{}}, "after": {{}}, "reason": "x"}}]'
    with pytest.raises(DatabaseError, match="no event of erasure"):
        apply_erasure(event.pk, row)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(reason="x")
    other = audit.record(
        actor=Actor.person(operator), action=chain.ERASED, subject=operator, after={"payloads": {"999": "x"}}
    )
    assert apply_erasure(other.pk, row) == 0
    audit.seal_events()
    with pytest.raises(DatabaseError, match="no event of erasure"):
        apply_erasure(other.pk, row)
    event.refresh_from_db()
    assert event.reason == "As it was"
    assert audit.verify_chain().findings == []


def test_a_payload_that_is_not_what_its_erasure_left_was_tampered_with(operator: User) -> None:
    event = audit.record(actor=Actor.person(operator), action="person.edited", subject=operator, reason="As it was")
    audit.seal_events()
    left = {str(event.seal.position): payload_digest({"another": "payload"})}
    cause = audit.record(actor=Actor.person(operator), action=chain.ERASED, subject=operator, after={"payloads": left})
    row = f'[{{"id": {event.pk}, "actor_label": "x", "subject_label": "x", "before": {{}}, "after": {{}}, "reason": "x"}}]'
    assert apply_erasure(cause.pk, row) == 1
    audit.seal_events()
    assert "is not what was sealed" in audit.verify_chain().problem


def test_people_of_the_same_name_keep_theirs(
    platform_a: Organisation, platform_b: Organisation, erase: Callable[[User], PersonErasure]
) -> None:
    first = UserFactory(organisation=platform_a, name="Maria Garcia")
    second = UserFactory(organisation=platform_b, name="Maria Garcia")
    for person in (first, second):
        audit.record(actor=Actor.person(person), action="person.signed_in", subject=person)
    audit.seal_events()
    erase(first)
    event = AuditEvent.objects.get(user=second)
    assert (event.actor_label, event.subject_label) == (f"Maria Garcia, {platform_b}", "User Maria Garcia")
    assert audit.verify_chain().findings == []


def test_one_admin_alone_erases_nobody(
    moderator_a: User, operator: User, second_operator: User, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(PermissionDenied):
        services.ask_erasure(person=moderator_a, reason="R", actor=as_actor(officer))
    with pytest.raises(PermissionDenied):
        services.ask_erasure(person=operator, reason="R", actor=as_actor(operator))
    asked = services.ask_erasure(person=moderator_a, reason="R", actor=as_actor(operator))
    with pytest.raises(ValidationError, match="already waiting"):
        services.ask_erasure(person=moderator_a, reason="R", actor=as_actor(second_operator))
    with pytest.raises(PermissionDenied):
        services.confirm_erasure(asked=asked, actor=as_actor(operator))
    services.refuse_erasure(asked=asked, actor=as_actor(second_operator))
    with pytest.raises(ValidationError, match="closed or has expired"):
        services.confirm_erasure(asked=asked, actor=as_actor(second_operator))
    before = moderator_a.name
    moderator_a.refresh_from_db()
    assert (moderator_a.name, moderator_a.is_active) == (before, True)


def test_a_held_person_and_the_only_admin_are_not_erased(
    moderator_a: User, operator: User, second_operator: User, as_actor: Callable[[User], Actor]
) -> None:
    asked = services.ask_erasure(person=moderator_a, reason="R", actor=as_actor(operator))
    services.place_hold(label="portal.user", named=moderator_a.email, reason="Court", actor=as_actor(operator))
    with pytest.raises(ValidationError, match="A legal hold names this person"):
        services.confirm_erasure(asked=asked, actor=as_actor(second_operator))
    actor = as_actor(second_operator)
    User.objects.filter(pk=second_operator.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="only active person with this role"):
        services.ask_erasure(person=operator, reason="R", actor=actor)
    assert not PersonErasure.objects.filter(confirmed=True).exists()
    assert not User.objects.filter(name__startswith="Erased").exists()


def test_an_admin_has_to_say_that_they_know_it_cannot_be_undone(
    moderator_a: User, operator: User, second_operator: User, sign_in: Callable[[User], Client]
) -> None:
    page, act = f"/people/{moderator_a.pk}/sessions/", f"/people/{moderator_a.pk}/sign-in/"
    sign_in(operator).post(act, {"act": "ask_erasure", "reason": "They asked for it"})
    client = sign_in(second_operator)
    assert "Nobody can undo this" in client.get(page).content.decode()
    client.post(act, {"act": "confirm_erasure"})
    assert not PersonErasure.objects.filter(confirmed=True).exists()
    client.post(act, {"act": "confirm_erasure", "sure": "yes"})
    assert PersonErasure.objects.filter(confirmed=True).exists()
    assert "Name and address were erased" in client.get(page).content.decode()


def test_every_text_that_names_who_did_something_is_known() -> None:
    names: list[Any] = [f"{model._meta.label_lower}.{field}" for model, field in label_fields()]
    assert {"listings.decision.actor_label", "enforcement.escalation.acknowledged_by", "recalls.notice.acknowledged_by"} <= {*names}  # fmt: skip
    assert "enforcement.observation.actor_label" not in names, "it is part of a sealed capture"
