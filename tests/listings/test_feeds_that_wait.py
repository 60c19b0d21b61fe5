"""A full feed that is cut off, shrinks or is mostly rejected waits for a person, stores its good rows and marks nothing absent."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import OperationalError, connection, connections
from django.test import Client

from listings import services
from listings.models import CatalogueImport, FeedRule, Listing
from listings.services import imports, storing
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from portal.transitions import IllegalTransition
from tests.factories import ListingFactory

pytestmark = pytest.mark.django_db
HEADER = "id,title,description,price\n"
ROWS = [f'{number},"Lamp {number}, big","text ""{number}""",{number}.50\n' for number in range(1, 41)]


def run(platform: Organisation, content: str | bytes, kind: str = "full") -> CatalogueImport:
    body = content.encode() if isinstance(content, str) else content
    job = services.start_import(
        platform=platform, file=ContentFile(body, "f"), filename="f.csv", kind=kind, actor=Actor.system("test")
    )
    return services.run_import(job)


def absent() -> int:
    return Listing.objects.filter(present=False).count()


@pytest.fixture
def whole(platform_a: Organisation) -> CatalogueImport:
    return run(platform_a, HEADER + "".join(ROWS))


def test_an_unclosed_quote_costs_its_own_row(whole: CatalogueImport, platform_a: Organisation) -> None:
    broken = [*ROWS]
    broken[1] = '2,"Lamp 2, big,text,2.50\n'
    job = run(platform_a, HEADER + "".join(broken))
    assert (job.status, job.unchanged, job.rejected, job.absent) == ("done", 39, 1, 1)
    (reject,) = job.rejects.all()
    assert (reject.line, reject.cause) == (3, "unclosed quote")
    assert "the quote opened in line 3 is not closed" in reject.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEADER + ROWS[0], "1 listings, 2% of the 40"),
        (HEADER + "".join(ROWS[:31]), "31 listings, 78% of the 40"),
        (gzip.compress((HEADER + "".join(ROWS)).encode(), 0)[:-900], "damaged or cut off"),
        ((HEADER + "".join(ROWS))[:-30], "cut off in line 41"),
        ((HEADER + "".join(ROWS))[:-33], "cut off in line 41"),
        (HEADER + "".join(ROWS[:33]) + ",no id,,\n" * 10, "10 of 43 rows were rejected, 23%"),
        (HEADER + "".join(row.replace(",", "x,", 1) for row in ROWS), "has 0 of the 40 listings"),
    ],
    ids=[
        "one row",
        "below four fifths",
        "packed file cut off",
        "cut off in a row",
        "cut off in a text",
        "many rejects",
        "other ids",
    ],
)
def test_a_doubtful_full_feed_waits_and_marks_nothing_absent(
    content: str | bytes, reason: str, whole: CatalogueImport, platform_a: Organisation
) -> None:
    job = run(platform_a, content)
    assert (job.status, job.absent, absent()) == ("waiting", 0, 0)
    assert reason in " ".join(job.report["held"])
    assert job.stored > 0, "its good rows are stored"
    assert AuditEvent.objects.get(action="catalogue_import.held").reason


CUT = {
    "gzip without its checksum": gzip.compress((HEADER + "".join(ROWS)).encode())[:-8],
    "second gzip member": gzip.compress((HEADER + "".join(ROWS[:35])).encode())
    + gzip.compress("".join(ROWS[35:]).encode())[:-9],
    "bzip2": bz2.compress((HEADER + "".join(ROWS)).encode())[:-9],
    "xz": lzma.compress((HEADER + "".join(ROWS)).encode())[:-30],
    "json": json.dumps([{"id": str(number), "title": f"Lamp {number}"} for number in range(1, 41)]).encode()[:-20],
    "xml": ("<items>" + "".join(f"<item><id>{n}</id><title>Lamp {n}</title></item>" for n in range(1, 41))).encode(),
}


@pytest.mark.parametrize("content", CUT.values(), ids=CUT)
def test_a_feed_that_breaks_off_in_any_packing_or_format_marks_nothing_absent(
    content: bytes, whole: CatalogueImport, platform_a: Organisation
) -> None:
    job = run(platform_a, content)
    assert (job.status in {"waiting", "failed"}, absent()) == (True, 0)


def test_rows_of_one_id_or_repeated_ones_do_not_make_up_for_missing_listings(
    whole: CatalogueImport, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listings.services.chunks.MAX_ROWS", 5)  # repetitions in other chunks are stored again
    for rows in (ROWS[:1] * 60, ROWS[:8] * 8):
        job = run(platform_a, HEADER + "".join(rows))
        assert (job.status, job.absent, absent()) == ("waiting", 0, 0)


def test_a_listing_whose_row_is_refused_is_in_the_feed_and_stays_on_sale(
    whole: CatalogueImport, platform_a: Organisation, manager_a: User, as_actor: Callable[[User], Actor]
) -> None:
    emptied = [*ROWS[:35], *(f"{number},,,\n" for number in range(36, 40))]
    job = run(platform_a, HEADER + "".join(emptied))
    assert (job.status, job.rejected, job.absent) == ("done", 4, 1)
    assert list(Listing.objects.filter(present=False).values_list("external_id", flat=True)) == ["40"]
    held = run(platform_a, HEADER + "".join(emptied[20:]))
    assert held.status == "waiting"
    services.confirm_import(job=held, reason="Half was sold.", actor=as_actor(manager_a))
    services.run_imports_due()
    assert set(Listing.objects.filter(present=True).values_list("external_id", flat=True)) == set(
        map(str, range(21, 40))
    )


def test_a_feed_of_four_fifths_does_not_wait(whole: CatalogueImport, platform_a: Organisation) -> None:
    job = run(platform_a, HEADER + "".join(ROWS[:32]))
    assert (job.status, job.absent, absent()) == ("done", 8, 8)


def test_a_delta_never_waits(whole: CatalogueImport, platform_a: Organisation) -> None:
    assert (run(platform_a, HEADER + ROWS[0], "delta").status, absent()) == ("done", 0)


def written() -> tuple[int, int]:
    """How many rows of listings have been added lately, and how many have been changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n_tup_ins, n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'listings_listing'")
        added, changed = cursor.fetchone()
    return added, changed


def test_a_row_that_a_delta_adds_is_written_once_and_one_that_is_known_is_marked_as_seen(
    platform_a: Organisation,
) -> None:
    added, changed = written()
    run(platform_a, HEADER + "".join(ROWS[:30]), "delta")
    assert written() == (added + 30, changed)
    later = run(platform_a, HEADER + "".join(ROWS[20:]), "delta")
    assert written() == (added + 40, changed + 10)
    assert Listing.objects.filter(seen_in=later).count() == 20


def test_a_confirmed_feed_marks_absent_what_no_later_import_has(
    whole: CatalogueImport, platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    job = run(platform_a, HEADER + "".join(ROWS[:20]))
    run(platform_a, HEADER + ROWS[30], "delta")
    client = sign_in(manager_a)
    page = client.get(f"/catalogue/imports/{job.pk}/").content.decode()
    assert "20 listings, 50% of the 40" in page
    assert client.post(f"/catalogue/imports/{job.pk}/confirm/", {"reason": ""}).status_code == 422
    assert client.post(f"/catalogue/imports/{job.pk}/confirm/", {"reason": "Half was sold."}).status_code == 302
    services.run_imports_due()
    job.refresh_from_db()
    assert (job.status, job.absent, absent()) == ("done", 19, 19)
    assert AuditEvent.objects.get(action="catalogue_import.confirmed").reason == "Half was sold."
    assert run(platform_a, HEADER + "".join(ROWS[:20])).status == "done", "what a person confirmed is the new measure"


def test_a_refused_feed_leaves_everything_on_sale(
    whole: CatalogueImport, platform_a: Organisation, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    job = run(platform_a, HEADER + ROWS[0])
    assert (
        sign_in(manager_a).post(f"/catalogue/imports/{job.pk}/refuse/", {"reason": "Broken export."}).status_code == 302
    )
    services.run_imports_due()
    job.refresh_from_db()
    assert (job.status, absent()) == ("refused", 0)


def test_an_old_feed_cannot_be_confirmed_after_a_newer_one(
    whole: CatalogueImport, platform_a: Organisation, manager_a: User, as_actor: Callable[[User], Actor]
) -> None:
    job = run(platform_a, HEADER + ROWS[0])
    run(platform_a, HEADER + "".join(ROWS))
    with pytest.raises(IllegalTransition, match="newer full feed"):
        services.confirm_import(job=job, reason="Sure.", actor=as_actor(manager_a))
    assert (CatalogueImport.objects.get(pk=job.pk).status, absent()) == ("waiting", 0)


def test_only_the_manager_of_the_platform_confirms(
    whole: CatalogueImport, platform_a: Organisation, moderator_a: User, admin: User, as_actor: Callable[[User], Actor]
) -> None:
    job = run(platform_a, HEADER + ROWS[0])
    for person in (moderator_a, admin):
        with pytest.raises(PermissionDenied):
            services.confirm_import(job=job, reason="Sure.", actor=as_actor(person))
    assert CatalogueImport.objects.get(pk=job.pk).status == "waiting"


def test_the_platform_sets_its_own_limits(
    whole: CatalogueImport,
    platform_a: Organisation,
    platform_b: Organisation,
    manager_a: User,
    sign_in: Callable[[User], Client],
    as_actor: Callable[[User], Actor],
) -> None:
    given = {"min_share": 50, "max_rejects": 10, "reason": "Seasonal goods."}
    assert sign_in(manager_a).post("/catalogue/imports/limits/", {**given, "min_share": 0}).status_code == 422
    assert not FeedRule.objects.exists()
    assert sign_in(manager_a).post("/catalogue/imports/limits/", given).status_code == 302
    assert run(platform_a, HEADER + "".join(ROWS[:20])).status == "done"
    event = AuditEvent.objects.get(action="feed_rule.changed")
    assert (event.before["min_share"], event.after["min_share"]) == (80, 50)
    with pytest.raises(PermissionDenied):
        services.set_feed_rule(platform=platform_b, **given, actor=as_actor(manager_a))


def test_an_import_without_a_usable_row_fails_and_says_why(platform_a: Organisation) -> None:
    job = run(platform_a, '{"id": "", "title": "x"}\n{"title": "y"}\n', "delta")
    assert job.status == "failed"
    assert "None of the 2 rows could be used. Most common reason, in 2 rows: the id is missing" in job.error
    assert [cause["count"] for cause in job.report["causes"]] == [2]


def test_only_the_row_that_the_database_rejects_is_left_out(
    platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = storing.store

    def refusing(platform_id: int, rows: list, **given: object) -> storing.Stored:
        if any(row.title == "Lamp 7, big" for row in rows):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return real(platform_id, rows, **given)

    monkeypatch.setattr(storing, "store", refusing)
    job = run(platform_a, HEADER + "".join(ROWS))
    assert (job.status, job.added, job.rejected) == ("done", 39, 1)
    assert job.rejects.get().external_id == "7"


def test_a_lost_connection_is_not_taken_for_a_bad_row(
    platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_args: object, **_given: object) -> storing.Stored:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(storing, "store", lost)
    with pytest.raises(OperationalError):
        run(platform_a, HEADER + "".join(ROWS))
    assert not Listing.objects.exists()


def test_a_failing_import_stops_no_other(
    platform_a: Organisation, platform_b: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [
        services.start_import(
            platform=platform, file=ContentFile((HEADER + ROWS[0]).encode(), "f"), filename="f", kind="full", actor=Actor.system("t")
        )
        for platform in (platform_a, platform_b)
    ]  # fmt: skip
    real = imports.prepare_seen
    calls = []

    def breaking() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise MemoryError
        real()

    monkeypatch.setattr(imports, "prepare_seen", breaking)
    services.run_imports_due()
    assert [CatalogueImport.objects.get(pk=job.pk).status for job in jobs] == ["running", "done"]


@pytest.mark.django_db(transaction=True)
def test_imports_take_no_more_workers_than_they_may(platform_a: Organisation) -> None:
    services.start_import(
        platform=platform_a, file=ContentFile((HEADER + ROWS[0]).encode(), "f"), filename="f", kind="full", actor=Actor.system("t")
    )  # fmt: skip
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [imports.TURN_LOCK])
            services.run_imports_due()
            assert CatalogueImport.objects.get().status == "queued"
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [imports.TURN_LOCK])
    finally:
        other.close()
    services.run_imports_due()
    assert CatalogueImport.objects.get().status == "done"


def test_a_listing_with_a_bad_link_stays_and_says_so(platform_a: Organisation) -> None:
    bad = (
        "http://[x",
        "http://a]b/",
        "http://shop℀.example/",
        "https://xn--n3h.example/",
        f"https://{'a' * 70}.example/",
        "http://x:99999/",
    )
    feed = "id,title,link\n" + "".join(f"{number},Lamp,{link}\n" for number, link in enumerate(bad))
    job = run(platform_a, feed)
    assert (job.status, job.added, job.rejected) == ("done", len(bad), 0)
    assert set(Listing.objects.values_list("link", flat=True)) == {""}
    assert job.report["causes"][0] | {"count": len(bad), "whole_row": False} == job.report["causes"][0]


def test_listings_that_the_api_brought_are_not_lost_by_a_small_first_feed(platform_a: Organisation) -> None:
    for _ in range(10):
        ListingFactory(platform=platform_a)
    job = run(platform_a, HEADER + "".join(ROWS))
    assert (job.status, absent()) == ("waiting", 0)
    assert "has 0 of the 10 listings" in job.report["held"][0]


def test_a_broken_feed_uploaded_again_is_not_measured_by_its_own_rows(
    whole: CatalogueImport, platform_a: Organisation
) -> None:
    others = HEADER + "".join(f'new-{number},"Rug {number}",text,1.50\n' for number in range(400))
    for _ in range(3):
        job = run(platform_a, others)
        assert (job.status, job.absent) == ("waiting", 0)
    assert "has 0 of the 40 listings" in job.report["held"][0]
    assert absent() == 0
