"""Imports, claims and decisions, also when two do them at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from enforcement import services as enforcement
from listings import services
from listings.matching import Match
from listings.models import CatalogueImport, Decision, Flag, Listing
from portal.database.acting import SYSTEM, begin
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from portal.transitions import IllegalTransition, LostRace
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
FEED = b'{"id": "1", "title": "Lamp", "price": "5"}\n{"id": "2", "title": "Chair"}\n'


@pytest.fixture
def flag(platform_a: Organisation) -> Flag:
    row = FlagFactory(
        notice=NoticeFactory(platform=platform_a), listing=ListingFactory(platform=platform_a), opened_at=timezone.now()
    )
    enforcement.start_clock(flag=row)
    return row


def run(platform: Organisation, content: bytes, kind: str = "full") -> CatalogueImport:
    job = services.start_import(
        platform=platform, file=ContentFile(content, "f"), filename="f", kind=kind, actor=Actor.system("test")
    )
    return services.run_import(job)


def test_the_same_feed_twice_is_the_same_as_once(platform_a: Organisation) -> None:
    first, second = run(platform_a, FEED), run(platform_a, FEED)
    assert (first.added, first.status) == (2, "done")
    assert (second.added, second.changed, second.unchanged) == (0, 0, 2)
    assert Listing.objects.count() == 2


def test_a_change_keeps_what_it_was_and_is_matched_again_unless_only_the_price_moved(platform_a: Organisation) -> None:
    run(platform_a, FEED)
    Listing.objects.update(match_due=False)
    run(platform_a, b'{"id": "1", "title": "Lamp", "price": "6"}\n{"id": "2", "title": "Armchair"}\n')
    lamp, chair = Listing.objects.order_by("external_id")
    assert (lamp.match_due, lamp.changes.get().before) == (False, {"price": "5.00"})
    assert (chair.match_due, chair.changes.get().before) == (True, {"title": "Chair"})


def test_only_a_full_feed_says_what_is_gone(platform_a: Organisation) -> None:
    six = [f'{{"id": "{number}", "title": "Lamp {number}"}}'.encode() for number in range(6)]
    run(platform_a, b"\n".join(six))
    assert run(platform_a, six[0], "delta").absent == 0
    assert Listing.objects.filter(present=True).count() == 6
    assert run(platform_a, b"\n".join(six[:5])).absent == 1
    assert list(Listing.objects.filter(present=False).values_list("external_id", flat=True)) == ["5"]
    Listing.objects.update(match_due=False)
    run(platform_a, b"\n".join(six))
    assert list(Listing.objects.filter(match_due=True).values_list("external_id", flat=True)) == ["5"], (
        "what comes back is matched again"
    )


def test_an_id_twice_in_a_file_takes_the_later_row_and_says_so(platform_a: Organisation) -> None:
    job = run(platform_a, b'{"id": "1", "title": "Lamp"}\n{"id": "1", "title": "Lantern"}\n')
    assert Listing.objects.get().title == "Lantern"
    assert "the later row was used" in job.rejects.get().reason


def test_nobody_imports_into_another_platforms_catalogue(
    platform_b: Organisation, manager_a: User, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(PermissionDenied):
        services.start_import(
            platform=platform_b, file=ContentFile(FEED, "f"), filename="f", kind="full", actor=as_actor(manager_a)
        )
    assert not CatalogueImport.objects.exists()


def test_a_job_whose_worker_died_is_taken_up_and_doubles_nothing(platform_a: Organisation) -> None:
    job = services.start_import(
        platform=platform_a, file=ContentFile(FEED, "f"), filename="f", kind="full", actor=Actor.system("test")
    )
    CatalogueImport.objects.filter(pk=job.pk).update(status="running", attempts=1)
    run(platform_a, FEED.splitlines()[0], "delta")
    job = services.run_import(job)
    assert (job.status, job.attempts, Listing.objects.count()) == ("done", 2, 2)


def test_a_cancelled_import_marks_nothing_absent(platform_a: Organisation) -> None:
    run(platform_a, FEED)
    job = services.start_import(
        platform=platform_a,
        file=ContentFile(FEED.splitlines()[0], "f"),
        filename="f",
        kind="full",
        actor=Actor.system("test"),
    )
    CatalogueImport.objects.filter(pk=job.pk).update(status="running")

    def cancel(_done: int, _total: int) -> None:
        services.cancel_import(job=CatalogueImport.objects.get(pk=job.pk), actor=Actor.system("test"))

    with pytest.raises(LostRace):
        services.run_import(job, on_progress=cancel)
    assert Listing.objects.filter(present=False).count() == 0


def test_bulk_answers_item_by_item_in_order(
    platform_a: Organisation, manager_a: User, as_actor: Callable[[User], Actor]
) -> None:
    items: list[Any] = [{"id": "1", "title": "Lamp"}, {"id": "2"}, 7, {"id": "1", "title": "Lamp"}]
    results = services.upsert_listings(platform=platform_a, items=items, actor=as_actor(manager_a))
    assert [row["result"] for row in results] == ["created", "rejected", "rejected", "created"]
    again = services.upsert_listings(platform=platform_a, items=items[:1], actor=as_actor(manager_a))
    assert again[0]["result"] == "unchanged"
    with pytest.raises(ValueError, match="at most 10,000"):
        services.upsert_listings(platform=platform_a, items=[{}] * 10_001, actor=as_actor(manager_a))


def test_a_claim_holds_for_a_quarter_of_an_hour_and_renews(
    flag: Flag, moderator_a: User, second_moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    services.claim_flag(flag=flag, actor=as_actor(moderator_a))
    with pytest.raises(services.Held, match="Nia Adeyemi has claimed flag"):
        services.claim_flag(flag=flag, actor=as_actor(second_moderator_a))
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        services.claim_flag(flag=Flag.objects.get(), actor=as_actor(second_moderator_a))
    assert Flag.objects.get().claimed_by == second_moderator_a


def test_what_somebody_else_holds_cannot_be_decided(
    flag: Flag, moderator_a: User, second_moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    services.claim_flag(flag=flag, actor=as_actor(moderator_a))
    with pytest.raises(services.Held):
        services.decide(flag=flag, kind="removed", seen="open:0", actor=as_actor(second_moderator_a))
    assert Flag.objects.get().status == "open"
    assert not Decision.objects.exists()


def test_a_stale_page_is_told_who_decided_what(
    flag: Flag, moderator_a: User, second_moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    services.decide(flag=flag, kind="ask_seller", note="which lot?", seen="open:0", actor=as_actor(moderator_a))
    with pytest.raises(services.Stale, match=r"Nia Adeyemi, Bazaarly decided flag .* ask the seller"):
        services.decide(flag=flag, kind="removed", seen="open:0", actor=as_actor(second_moderator_a))
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "not_the_product"}, "reason"), ({"kind": "not_the_product", "reason": "other"}, "note"),
        ({"kind": "escalate"}, "note"), ({"kind": "overrule"}, "kind"), ({"kind": ""}, "kind"),
    ],
)  # fmt: skip
def test_a_decision_without_what_it_needs_is_refused(
    given: dict[str, str], field: str, flag: Flag, moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(ValidationError) as refused:
        services.decide(flag=flag, seen="open:0", actor=as_actor(moderator_a), **given)
    assert field in refused.value.message_dict
    assert Flag.objects.get().status == "open"


def test_an_escalated_flag_comes_back_with_the_regulators_answer(
    flag: Flag, moderator_a: User, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    services.decide(
        flag=flag, kind="escalate", note="is the 2019 model meant?", seen="open:0", actor=as_actor(moderator_a)
    )
    services.answer_referral(flag=flag, note="Yes, all years.", actor=as_actor(officer))
    flag.refresh_from_db()
    assert flag.status == "open"
    assert AuditEvent.objects.get(action="flag.answered").reason == "Yes, all years."


def test_only_an_admin_overrules_and_only_a_dismissal(
    flag: Flag, moderator_a: User, officer: User, admin: User, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(IllegalTransition):
        services.overrule(flag=flag, note="x", actor=as_actor(admin))
    services.decide(flag=flag, kind="not_the_product", reason="accessory", seen="open:0", actor=as_actor(moderator_a))
    with pytest.raises(PermissionDenied):
        services.overrule(flag=flag, note="x", actor=as_actor(officer))
    services.overrule(flag=flag, note="It is the whole heater.", actor=as_actor(admin))
    first, second = Decision.objects.order_by("pk")
    assert second.overrides == first


def test_the_page_of_a_stale_decision_keeps_what_was_entered(
    flag: Flag,
    moderator_a: User,
    second_moderator_a: User,
    as_actor: Callable[[User], Actor],
    sign_in: Callable[[User], Client],
) -> None:
    services.decide(flag=flag, kind="ask_seller", seen="open:0", actor=as_actor(moderator_a))
    data = {"kind": "removed", "note": "my careful note", "seen": "open:0"}
    response = sign_in(second_moderator_a).post(f"/flags/{flag.pk}/decide/", data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Nia Adeyemi" in page
    assert "my careful note" in page


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_the_next_flag_at_once_get_two_different_ones(
    platform_a: Organisation, moderator_a: User, second_moderator_a: User
) -> None:
    notice = NoticeFactory(platform=platform_a)
    for _ in range(10):
        enforcement.start_clock(
            flag=FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=timezone.now())
        )
    people = [moderator_a, second_moderator_a]

    def ask(number: int) -> int | None:
        try:
            taken = services.claim_next(
                actor=Actor.person(User.objects.select_related("organisation").get(pk=people[number % 2].pk))
            )
            return taken.pk if taken else None
        finally:
            connection.close()

    with ThreadPoolExecutor(5, initializer=begin, initargs=(SYSTEM,)) as pool:
        taken = list(pool.map(ask, range(10)))
    assert len(set(taken)) == 10


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_make_one_decision(
    platform_a: Organisation, moderator_a: User, second_moderator_a: User
) -> None:
    flag = FlagFactory(
        notice=NoticeFactory(platform=platform_a), listing=ListingFactory(platform=platform_a), opened_at=timezone.now()
    )
    enforcement.start_clock(flag=flag)

    def decide(person: User) -> str:
        try:
            services.decide(
                flag=Flag.objects.get(pk=flag.pk), kind="removed", seen="open:0", actor=Actor.person(person)
            )
        except LostRace as error:
            return type(error).__name__
        else:
            return "decided"
        finally:
            connection.close()

    with ThreadPoolExecutor(2, initializer=begin, initargs=(SYSTEM,)) as pool:
        results = sorted(pool.map(decide, [moderator_a, second_moderator_a]))
    assert results == ["Stale", "decided"]
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_end_as_one(platform_a: Organisation) -> None:
    jobs = [
        services.start_import(
            platform=platform_a, file=ContentFile(FEED, "f"), filename="f", kind="full", actor=Actor.system("test")
        )
        for _ in range(2)
    ]

    def work(job: CatalogueImport) -> None:
        try:
            while not job.is_over:
                job = services.run_import(job)
        finally:
            connection.close()

    with ThreadPoolExecutor(2, initializer=begin, initargs=(SYSTEM,)) as pool:
        list(pool.map(work, jobs))
    assert Listing.objects.count() == 2
    assert sorted(CatalogueImport.objects.values_list("added", flat=True)) == [0, 2]


def test_a_flag_and_its_takedown_belong_to_the_regulator_of_the_recall(platform_a: Organisation, system: Actor) -> None:
    recall = RecallFactory(regulator__name="Elsewhere Authority")
    notice = NoticeFactory(recall=recall, platform=platform_a)
    listing = ListingFactory(platform=platform_a)
    match = Match(recall.number, listing.external_id, 0, 0.95, "flag", ())
    flag = services.open_flag(notice=notice, listing=listing, match=match, actor=system)
    assert flag.regulator == flag.takedown.regulator == recall.regulator
