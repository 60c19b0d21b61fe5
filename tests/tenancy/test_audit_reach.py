"""The newest events of the log are found quickly, also by who sees few of them or asks for a week of long ago."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from enforcement.row_rules import _SUBJECTS
from portal.audit import reach, record
from portal.audit.reach import newest_first
from portal.audit_filter import AuditFilter
from portal.database.acting import acting
from portal.identity.actors import Actor
from portal.models import AuditEvent, User
from portal.services import edit_person, start_export
from tests.factories import UserFactory
from tests.owner import owner
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
Way = Callable[[pytest.MonkeyPatch], None]
EVENTS = 30_000
WEEK = {"since": "2024-02-05", "until": "2024-02-11"}
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
FLOOD = """INSERT INTO portal_auditevent (at, actor_kind, actor_label, action, subject_type, subject_id, subject_label, before, after, reason)
SELECT %s::timestamptz + n * interval '30 minutes', 'system', 'test', 'recall.edited', 'recalls.recall', %s, 'Recall', '{}', '{}', ''
FROM generate_series(1, %s) AS n"""


@pytest.fixture
def flooded(populated_site: PopulatedSite) -> Iterator[None]:
    """The log of a regulator with many events, of nearly two years, and what PostgreSQL knows of such tables.

    How it finds a page depends on its statistics. Servers gather them by themselves, but not within a transaction, and the
    application's role may not: without a right lent by the owner, ANALYZE skips every table with no more than a warning.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [role] = cursor.fetchone()
        with owner() as own:
            own.execute(f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(FLOOD, [BEGAN, str(populated_site.recall.pk), EVENTS])
        cursor.execute("ANALYZE")
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'portal_auditevent'")
        assert cursor.fetchone()[0] > EVENTS
    yield
    with owner() as own:
        own.execute(f"REVOKE MAINTAIN ON ALL TABLES IN SCHEMA public FROM {role}")


def walks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is walked, whoever asks."""
    monkeypatch.setattr(reach, "MAX_OBJECTS", 0)


def looks_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events are looked up, whoever asks."""
    monkeypatch.setattr(reach, "MAX_OBJECTS", 5_000)
    monkeypatch.setattr(reach, "WALKED", 0)


def page(person: User, asked: dict[str, str]) -> QuerySet[AuditEvent]:
    actor = Actor.person(person)
    found = AuditFilter(asked, AuditEvent.objects.visible_to(actor))
    rows, ordering = newest_first(found.qs, actor, dated=bool(asked))
    return rows.order_by(*ordering)[:51]


def blocks(rows: QuerySet[AuditEvent]) -> int:
    """How many blocks of the database a query reads, from memory or disk."""
    [plan] = json.loads(rows.explain(analyze=True, buffers=True, format="json"))
    return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])


@pytest.mark.usefixtures("flooded")
def test_a_regulator_with_few_events_does_not_walk_through_those_of_another(
    other_admin: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_person(person=other_admin, actor=Actor.person(other_admin), name="Marta Novakova")
    with acting(Actor.person(other_admin).principal):
        found, few = list(page(other_admin, {})), blocks(page(other_admin, {}))
        walks(monkeypatch)
        walked, many = list(page(other_admin, {})), blocks(page(other_admin, {}))
    assert [event.pk for event in found] == [event.pk for event in walked] != []
    assert many > EVENTS, "each event was asked about"
    assert few < 500
    with acting(Actor.person(admin).principal):
        assert len(page(admin, {})) == 51
        assert blocks(page(admin, {})) < 2_000, "who sees most of them is walked for as before"


@pytest.mark.usefixtures("flooded")
@pytest.mark.parametrize("way", [walks, looks_up])
def test_a_week_of_long_ago_is_begun_where_it_ends(admin: User, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    way(monkeypatch)
    with acting(Actor.person(admin).principal):
        rows = list(page(admin, WEEK))
        used = blocks(page(admin, WEEK))
        newest = AuditEvent.objects.order_by("-pk").filter(at__lt=datetime(2024, 2, 12, tzinfo=UTC))[:51]
        assert [row.pk for row in rows] == [row.pk for row in newest]
    assert {row.at.date() for row in rows} == {date(2024, 2, day) for day in (10, 11)}
    if way is walks:
        assert used < 2_000, "walked from the newest event, it was more than thirty thousand"


def test_what_is_looked_up_is_all_that_a_regulator_sees(
    populated_site: PopulatedSite, admin: User, other_admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_person(person=other_admin, actor=Actor.person(other_admin), name="Marta Novakova")
    colleague = Actor.person(UserFactory(role="admin", organisation=admin.organisation))
    start_export(kind="audit", arguments={"query": ""}, stem="audit", actor=colleague)
    assert [*_SUBJECTS] == reach._MODELS
    about = 0
    for name in _SUBJECTS:
        for row in apps.get_model(name).objects.order_by("pk")[:3]:
            record(actor=Actor.system("test"), action="recall.edited", subject=row)
            about += 1
    assert about > 20
    for person, at_least in ((admin, about), (other_admin, 1)):
        actor = Actor.person(person)
        found: list[list[int]] = []
        for way in (looks_up, walks):
            way(monkeypatch)
            with acting(actor.principal):
                rows, ordering = newest_first(AuditEvent.objects.visible_to(actor), actor, dated=False)
                assert (ordering == ["-pk"]) is (way is walks)
                found.append([row.pk for row in rows.order_by(*ordering)])
        assert found[0] == found[1]
        assert len(found[0]) >= at_least


@pytest.mark.usefixtures("flooded")
@pytest.mark.parametrize("way", [walks, looks_up])
def test_pages_of_a_week_follow_one_another_without_a_gap(
    admin: User, sign_in: Callable[[User], Client], way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(monkeypatch)
    client, query, seen = sign_in(admin), f"?since={WEEK['since']}&until={WEEK['since']}", []
    while query:
        answer = client.get(f"{reverse('portal:audit')}{query}")
        seen += [row.pk for row in answer.context["page"].rows]
        query = answer.context["page"].next_url
        assert len(seen) <= 48
    day = datetime(2024, 2, 5, tzinfo=admin.zone)
    whole = AuditEvent.objects.filter(at__gte=day, at__lt=day + timedelta(days=1)).order_by("-at")
    assert seen == [row.pk for row in whole]
    assert len(seen) == 48
