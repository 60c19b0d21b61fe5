"""What the log calls objects, and what failed jobs call sweeps, are shown in the reader's language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal import audit
from portal.http import stored_texts
from portal.http.object_names import OBJECTS, noun_of, object_name
from portal.identity.actors import Actor
from portal.models import AuditEvent, LegalHold, User
from tests.factories import NoticeFactory, RecallFactory
from tests.world import PopulatedSite

APPS = ("portal", "recalls", "listings", "enforcement")


def event(kind: str, label: str) -> AuditEvent:
    return AuditEvent(subject_type=kind, subject_id="1", subject_label=label)


def test_the_noun_of_a_name_is_in_the_readers_language_and_the_rest_is_as_it_was_written() -> None:
    with translation.override("de"):
        assert object_name(event("recalls.recall", "Recall <26-1>")) == "Rückruf <bdi>&lt;26-1&gt;</bdi>"
    assert object_name(event("recalls.notice", "Notice 26-1 to Bazaarly")) == "Notice 26-1 to Bazaarly"
    checked = object_name(event("enforcement.observation", "Observation live at 2026-11-30 13:28:43 UTC"))
    assert checked == "Removal check live at 30 Nov 2026, 13:28 UTC"
    assert object_name(event("portal.apikey", "Api key Nightly")) == "API key <bdi>Nightly</bdi>"


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("recalls.recall", "Hallo"),
        ("recalls.recall", "Recall"),
        ("x.y", "Recall 26-1"),
        ("listings.seller", "Harbor Goods"),
        ("listings.knowninnocent", "Known innocent seller: A-1"),
    ],
)
def test_a_name_that_is_none_of_todays_stays_and_is_marked_as_english(kind: str, label: str) -> None:
    with translation.override("de"):
        assert object_name(event(kind, label)) == f'<bdi lang="en">{label}</bdi>'


def test_every_kind_is_one_of_today_and_its_noun_is_translated() -> None:
    for kind, (noun, *_texts) in OBJECTS.items():
        assert apps.get_model(kind)._meta.label_lower == kind
        with translation.override("en"):
            assert noun_of(kind) == noun
    assert noun_of("x.y") == "x.y", "a table that no longer exists"


@pytest.mark.django_db
def test_every_object_that_the_log_names_on_a_site_at_work_has_a_noun(populated_site: PopulatedSite) -> None:
    named = {row.subject_type: row for row in AuditEvent.objects.all()}
    assert len(named) > 8
    assert [row.subject_label for row in named.values() if 'lang="en"' in object_name(row)] == []


@pytest.mark.django_db
def test_the_audit_its_event_and_the_activity_name_a_recall_in_german(admin: User, client: Client) -> None:
    User.objects.filter(pk=admin.pk).update(language="de")
    recall = RecallFactory(regulator=admin.organisation, number="26-1")
    audit.record(actor=Actor.person(admin), action="recall.published", subject=recall)
    row = AuditEvent.objects.get(action="recall.published")
    client.force_login(admin)
    for address in (
        reverse("portal:audit"),
        reverse("portal:audit_event", args=[row.pk]),
        reverse("enforcement:history", args=["recalls.recall", recall.pk]),
    ):
        page = client.get(address).content.decode()
        assert "Rückruf <bdi>26-1</bdi>" in page
        assert "Recall 26-1" not in page
    assert "<title>" in page
    assert "<bdi>" not in page[page.index("<title>") : page.index("</title>")]


@pytest.mark.django_db
def test_a_legal_hold_names_what_is_held_in_german(admin: User, client: Client) -> None:
    User.objects.filter(pk=admin.pk).update(language="de")
    notice = NoticeFactory(recall__regulator=admin.organisation, recall__number="26-1")
    LegalHold.objects.create(
        subject_type="recalls.recall", subject_id=notice.recall_id, subject_label="Recall 26-1", reason="Court",
        placed_by=admin,
    )  # fmt: skip
    client.force_login(admin)
    assert "Rückruf <bdi>26-1</bdi>" in client.get(reverse("portal:legal_holds")).content.decode()


def _parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def sweeps_in(path: Path) -> Iterator[str]:
    """The names that a module gives to sweeps: what `sweep=` is, at the place or through a constant of the module."""
    tree = ast.parse(path.read_text())
    constants: dict[str, ast.expr] = {}
    for assigned in (each for each in ast.walk(tree) if isinstance(each, ast.Assign)):
        names, values = _parts(assigned.targets[0]), _parts(assigned.value)
        constants.update({name.id: value for name, value in zip(names, values) if isinstance(name, ast.Name)})  # noqa: B905
    given = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "sweep"]
    given += [value for name, value in constants.items() if name == "sweep"]
    for node in given:
        value = constants.get(node.id, node) if isinstance(node, ast.Name) else node
        if isinstance(value, ast.Constant):
            yield str(value.value)
        elif isinstance(value, ast.JoinedStr):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in value.values)


def test_every_sweep_by_which_a_failed_job_is_named_can_be_shown_in_other_languages() -> None:
    found = {name for app in APPS for path in (Path(settings.BASE_DIR) / app).rglob("*.py") for name in sweeps_in(path)}
    for known in ("steps of the ladder", "recall feeds", "turn of matching shard 7", "exports", "embargoes"):
        assert known in found, "the search finds what is there"
    found.add("retention of mails")
    assert sorted(name for name in found if not stored_texts.is_known(name)) == []
