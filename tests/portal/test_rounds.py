"""Programs that copy lists round by round: each change comes once, whoever writes meanwhile and however long it takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from enforcement.models import Appeal, PublicListing
from listings.models import CatalogueImport, Flag, Listing
from portal.audit.sealing import seal_events
from portal.database.complete_until import OVERLAP, complete_until
from portal.identity import api_keys
from portal.identity.access import REGULATOR_SCOPES
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from recalls import services as recalls
from recalls.models import Notice, Recall, RecallImport, Sending
from recalls.services.content import content_of
from tests.at_once import elsewhere
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory, UserFactory
from tests.owner import owner
from tests.portal.test_api_calls import problem

pytestmark = pytest.mark.django_db(transaction=True)
EVER = "1970-01-01T00:00:00Z"
Get = Callable[[str], Any]


def key_of(person: User, *scopes: str) -> Get:
    """`get("flags?status=open")` with a key that the person made."""
    _, secret = api_keys.create_key(
        organisation=person.organisation, name="Copy", scopes=list(scopes), days=1, actor=Actor.person(person)
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})
    return lambda path: client.get(f"/api/v1/{path}")


@pytest.fixture
def get(manager_a: User) -> Get:
    return key_of(manager_a, "flags", "notices", "catalogue")


@pytest.fixture
def regulators(officer: User) -> Get:
    return key_of(officer, *sorted(REGULATOR_SCOPES.keys() - {"audit:read"}))


@pytest.fixture
def flags(regulator: Organisation, platform_a: Organisation) -> list[Flag]:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    return [FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a)) for _ in range(3)]


def round_of(get: Get, path: str, since: str, *, size: int = 100) -> tuple[list[dict[str, Any]], str]:
    """All rows of a round, and from when the next one asks."""
    rows, said = [], set()
    link = f"{path}?updated_since={quote(since)}&page_size={size}"
    while link:
        page = get(link)
        assert page.status_code == 200, page.content
        rows += page.json()["results"]
        said.add(page.json()["next_updated_since"])
        link = (page.json()["next"] or "").rpartition("/api/v1/")[2]
    (next_since,) = said
    return rows, next_since


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


@contextmanager
def held(write: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Somebody has written and does not commit before `commit()`."""
    written, may_end = Event(), Event()

    def act() -> None:
        with transaction.atomic():
            write()
            written.set()
            assert may_end.wait(30)

    with elsewhere() as do:
        future = do(act)
        assert written.wait(30)

        def commit() -> None:
            may_end.set()
            future.result(30)

        try:
            yield commit
        finally:
            may_end.set()


def test_a_change_that_is_committed_late_is_in_the_next_round_and_in_no_other(get: Get, flags: list[Flag]) -> None:
    _, since = round_of(get, "flags", EVER)
    with held(lambda: Flag.objects.filter(pk=flags[0].pk).update(score=0.1)) as commit:
        Flag.objects.filter(pk=flags[1].pk).update(score=0.2)  # later, and committed earlier
        rows, meanwhile = round_of(get, "flags", since)
        assert rows == [], "what bears a later moment waits, too: the order would be lost"
        commit()
    rows, after = round_of(get, "flags", meanwhile)
    assert ids(rows) == [flags[0].pk, flags[1].pk], "in the order of the changes"
    assert [row["score"] for row in rows] == [0.1, 0.2]
    assert round_of(get, "flags", after)[0] == []


def test_a_row_that_is_inserted_by_a_transaction_that_ends_late_is_not_lost(get: Get, flags: list[Flag]) -> None:
    _, since = round_of(get, "notices", EVER)
    with held(lambda: NoticeFactory(recall=RecallFactory(), platform=flags[0].platform)) as commit:
        Notice.objects.filter(pk=flags[0].notice_id).update(held_back=3)
        _, meanwhile = round_of(get, "notices", since)
        commit()
    rows, _ = round_of(get, "notices", meanwhile)
    assert len(rows) == 2
    assert flags[0].notice_id in ids(rows)


def test_nobody_waits_for_who_only_reads_or_writes_elsewhere(get: Get, flags: list[Flag]) -> None:
    _, since = round_of(get, "flags", EVER)
    with (
        held(lambda: list(Flag.objects.all())),
        held(lambda: list(Flag.objects.select_for_update().filter(pk=flags[0].pk))),
        held(lambda: Recall.objects.update(is_sample=True)),
    ):
        Flag.objects.filter(pk=flags[1].pk).update(score=0.2)
        assert complete_until(Listing) > timezone.now() - timedelta(seconds=5)
        before = complete_until(Recall)
        rows, _ = round_of(get, "flags", since)
        assert complete_until(Recall) == before, "it stands still at the beginning of who writes"
    assert ids(rows) == [flags[1].pk]


def test_a_writer_of_whom_nobody_says_when_it_began_is_given_ten_minutes(flags: list[Flag]) -> None:
    with owner() as own:
        own.execute("UPDATE listings_flag SET score = 0.3 WHERE id = %s", [flags[0].pk])
        until = complete_until(Flag)
        behind = datetime.now(UTC) - until
        own.rollback()
    assert OVERLAP <= behind < OVERLAP + timedelta(minutes=1)
    assert datetime.now(UTC) - complete_until(Flag) < timedelta(minutes=1)


def test_a_moment_before_which_a_writer_began_that_waited_brings_nothing_twice(get: Get, flags: list[Flag]) -> None:
    """The writer began before the last round, and wrote after it."""
    may_write, wrote, may_end = Event(), Event(), Event()

    def act() -> None:
        with transaction.atomic():
            User.objects.first()  # it has begun
            assert may_write.wait(30)
            Flag.objects.filter(pk=flags[2].pk).update(score=0.4)
            wrote.set()
            assert may_end.wait(30)

    with elsewhere() as do:
        future = do(act)
        Flag.objects.filter(pk=flags[1].pk).update(score=0.2)
        rows, since = round_of(get, "flags", EVER)
        assert len(rows) == 3
        may_write.set()
        assert wrote.wait(30)
        rows, again = round_of(get, "flags", since)
        assert (rows, again) == ([], since)
        may_end.set()
        future.result(30)
    assert ids(round_of(get, "flags", again)[0]) == [flags[2].pk]


def test_a_row_that_changes_while_pages_are_read_comes_once_in_each_state(get: Get, flags: list[Flag]) -> None:
    for flag in flags:
        Flag.objects.filter(pk=flag.pk).update(score=0.5)
    first = get(f"flags?updated_since={EVER}&page_size=1").json()
    assert ids(first["results"]) == [flags[0].pk]
    Flag.objects.filter(pk=flags[1].pk).update(score=0.6)  # not read yet
    Flag.objects.filter(pk=flags[0].pk).update(score=0.7)  # read already
    second = get(first["next"].rpartition("/api/v1/")[2]).json()
    assert (ids(second["results"]), second["next"]) == ([flags[2].pk], None), "the other one is for the next round"
    rows, _ = round_of(get, "flags", second["next_updated_since"])
    assert [(row["id"], row["score"]) for row in rows] == [(flags[1].pk, 0.6), (flags[0].pk, 0.7)]


def test_rows_of_the_same_moment_are_all_read_however_small_the_pages(get: Get, platform_a: Organisation) -> None:
    recall = RecallFactory()
    notice = NoticeFactory(recall=recall, platform=platform_a)
    made = [FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a)) for _ in range(7)]
    with owner() as own:
        own.execute("SET session_replication_role = replica")
        own.execute("UPDATE listings_flag SET updated_at = '2026-03-02T09:00:00.123456Z'")
    rows, _ = round_of(get, "flags", "2026-03-02T09:00:00.123456Z", size=2)
    assert sorted(ids(rows)) == [flag.pk for flag in made]
    page = get(f"flags?updated_since={EVER}&page_size=2").json()
    page = get(page["next"].rpartition("/api/v1/")[2]).json()
    back = get(page["previous"].rpartition("/api/v1/")[2]).json()
    assert ids(back["results"]) == [made[0].pk, made[1].pk]
    assert back["previous"] is None
    assert back["next"] is not None


def test_a_first_copy_by_number_is_continued_by_what_changed_meanwhile(get: Get, flags: list[Flag]) -> None:
    first = get("flags?page_size=2").json()
    assert ids(first["results"]) == [flags[2].pk, flags[1].pk]
    Flag.objects.filter(pk=flags[2].pk).update(score=0.6)
    last = get(first["next"].rpartition("/api/v1/")[2]).json()
    assert last["next_updated_since"] == first["next_updated_since"], "from before the first page"
    assert ids(round_of(get, "flags", last["next_updated_since"])[0]) == [flags[2].pk]


def test_a_list_whose_changes_services_note_asks_again_for_ten_minutes(get: Get, platform_a: Organisation) -> None:
    listing = ListingFactory(platform=platform_a, changed_at=timezone.now())
    rows, since = round_of(get, "listings", EVER)
    assert [row["id"] for row in rows] == [listing.external_id]
    assert timedelta() <= datetime.now(UTC) - OVERLAP - datetime.fromisoformat(since) < timedelta(minutes=1)
    assert len(round_of(get, "listings", since)[0]) == 1, "it is skipped by its changed_at"


def test_a_cursor_of_one_order_is_none_of_another(get: Get, flags: list[Flag]) -> None:
    cursor = get("flags?page_size=1").json()["next"].partition("cursor=")[2].partition("&")[0]
    assert problem(get(f"flags?updated_since={EVER}&cursor={cursor}")) == (404, "not_found")
    assert problem(get(f"notices?cursor={cursor}")) == (404, "not_found")


def test_a_recall_is_changed_by_its_versions_and_notices(
    regulators: Get, get: Get, regulator: Organisation, platform_a: Organisation, second_officer: User
) -> None:
    recall, other = RecallFactory(regulator=regulator), RecallFactory(regulator=regulator)
    actor = Actor.person(second_officer)
    _, since = round_of(regulators, "recalls", EVER)
    version = recalls.revise_recall(recall=recall, actor=actor)
    rows, since = round_of(regulators, "recalls", since)
    assert ids(rows) == [recall.pk]
    assert regulators(f"recalls/{recall.pk}").json()["updated_at"] == rows[0]["updated_at"]
    same = content_of(version)
    picture = recalls.RecallContent(
        title=same.title, products=same.products, pictures=(("https://psa.example/1.png", ""),)
    )
    recalls.edit_version(version=version, content=picture, actor=actor)
    rows, since = round_of(regulators, "recalls", since)
    assert ids(rows) == [recall.pk], "a picture stands in no column of the version"

    _, seen = round_of(get, "recalls", EVER)
    notice = NoticeFactory(recall=other, platform=platform_a)
    rows, seen = round_of(get, "recalls", seen)
    assert ids(rows) == [other.pk], "it is as old as before, and new to this platform"
    Notice.objects.filter(pk=notice.pk).update(acknowledged_at=timezone.now())
    assert round_of(get, "recalls", seen)[0] == [], "an answer to a notice changes no recall"


def test_what_the_regulator_and_a_platform_do_is_copied_as_well(
    regulators: Get, get: Get, flags: list[Flag], officer: User, manager_a: User
) -> None:
    platform, regulator = manager_a.organisation, officer.organisation
    made: dict[str, tuple[Get, Any]] = {
        "sendings": (regulators, Sending.objects.create(regulator=regulator, policy="Hours")),
        "recall-imports": (
            regulators,
            RecallImport.objects.create(regulator=regulator, filename="a.csv", file="a.csv"),
        ),
        "imports": (
            get,
            CatalogueImport.objects.create(platform=platform, kind="delta", filename="b.csv", file="b.csv"),
        ),
    }
    for path, (ask, row) in made.items():
        rows, since = round_of(ask, path, EVER)
        assert ids(rows) == [row.pk], path
        assert round_of(ask, path, since)[0] == [], path
        type(row).objects.filter(pk=row.pk).update(**{"policy" if path == "sendings" else "error": "Changed"})
        assert ids(round_of(ask, path, since)[0]) == [row.pk], path


def test_appeals_and_public_listings_note_each_change() -> None:
    for model in (Appeal, PublicListing, Sending, RecallImport, CatalogueImport, Recall):
        triggers = {trigger.name for trigger in model._meta.triggers}
        assert any(name.endswith("_updated") for name in triggers), model


def test_audit_events_come_in_the_order_of_their_seals_and_only_sealed(admin: User, officer: User) -> None:
    get = key_of(admin, "audit:read")
    seal_events()
    _, since = round_of(get, "audit", EVER)
    recall = RecallFactory(regulator=admin.organisation)
    with held(lambda: recalls.set_priority(recall=recall, priority="urgent", actor=Actor.person(officer))) as commit:
        api_keys.create_key(
            organisation=officer.organisation,
            name="Later",
            scopes=["recalls:read"],
            days=1,
            actor=Actor.person(officer),
        )
        seal_events()
        rows, since = round_of(get, "audit", since)
        assert [row["action"] for row in rows] == ["key.created"]
        commit()
    assert round_of(get, "audit", since)[0] == [], "not sealed yet"
    seal_events()
    rows, since = round_of(get, "audit", since)
    (row,) = rows
    assert row["id"] < AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0], (
        "an older number, committed later"
    )
    assert row["hash"]
    assert row["sealed_at"]
    assert round_of(get, "audit", since)[0] == []


def test_another_platform_learns_nothing_from_a_round(get: Get, flags: list[Flag], platform_b: Organisation) -> None:
    theirs = key_of(UserFactory(role="platform_manager", organisation=platform_b), "flags", "notices")
    for path in ("flags", "notices", "takedowns", "recalls"):
        assert round_of(theirs, path, EVER)[0] == []
    assert connection.in_atomic_block is False
