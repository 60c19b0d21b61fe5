"""The audit log cannot be changed, and a change that someone forced is named."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from portal import audit
from portal.audit import chain
from portal.database.acting import SYSTEM, begin
from portal.identity.actors import Actor
from portal.models import AuditEvent, AuditSeal, Organisation
from tests.owner import force

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)  # what the owner forces on a connection of its own


def write(subject: Organisation, count: int) -> None:
    for number in range(count):
        audit.record(
            actor=Actor.system("test"), action="organisation.changed", subject=subject, after={"round": number}
        )


def test_sealing_twice_seals_each_event_once(platform_a: Organisation) -> None:
    write(platform_a, 3)
    assert audit.seal_events() == 3
    assert audit.seal_events() == 0
    assert list(AuditSeal.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_an_untouched_chain_is_found_in_order(platform_a: Organisation) -> None:
    write(platform_a, 5)
    audit.seal_events()
    report = audit.verify_chain()
    assert (report.events, report.problem, report.unsealed) == (5, "", 0)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE portal_auditevent SET reason = 'x'", "DELETE FROM portal_auditevent", "TRUNCATE portal_auditevent CASCADE",
     "UPDATE portal_auditseal SET hash = 'x'", "DELETE FROM portal_auditseal", "TRUNCATE portal_auditseal"],
)  # fmt: skip
def test_the_database_refuses_to_change_the_log(platform_a: Organisation, statement: str) -> None:
    write(platform_a, 2)
    audit.seal_events()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for them otherwise
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            cursor.execute(statement)
    assert audit.verify_chain().events == 2
    assert audit.verify_chain().problem == ""


@committed
def test_a_tampered_event_is_named(platform_a: Organisation) -> None:
    write(platform_a, 5)
    audit.seal_events()
    third = AuditEvent.objects.order_by("id")[2]
    force("UPDATE portal_auditevent SET actor_label = 'nobody' WHERE id = %s", [third.pk])
    report = audit.verify_chain()
    assert report.event_id == third.pk
    assert "is not what was sealed" in report.problem


@committed
@pytest.mark.parametrize("column", ["digest", "nonce", "hash"])
def test_a_tampered_seal_is_named(platform_a: Organisation, column: str) -> None:
    write(platform_a, 3)
    audit.seal_events()
    force(f"UPDATE portal_auditseal SET {column} = repeat('0', 32) WHERE position = %s", [2])  # noqa: S608  names of columns
    report = audit.verify_chain()
    assert report.event_id == AuditSeal.objects.get(position=2).event_id
    assert "is not what was sealed" in report.problem


@committed
def test_seals_from_before_there_were_digests_still_hold_and_the_chain_goes_on(platform_a: Organisation) -> None:
    write(platform_a, 1)
    event = AuditEvent.objects.get()
    old = chain.link_in_one_step(1, chain.GENESIS, audit.content_of(event))
    AuditSeal.objects.create(position=1, event=event, previous_hash=chain.GENESIS, hash=old)
    write(platform_a, 2)
    audit.seal_events()
    report = audit.verify_chain()
    assert (report.events, report.problem) == (3, "")
    force("UPDATE portal_auditevent SET reason = 'x' WHERE id = %s", [event.pk])
    assert audit.verify_chain().event_id == event.pk


def test_an_event_that_is_not_shown_cannot_be_guessed_from_its_seal(platform_a: Organisation) -> None:
    write(platform_a, 1)
    audit.seal_events()
    seal = AuditSeal.objects.select_related("event").get()
    content = audit.content_of(seal.event)
    assert seal.digest == chain.digest_of(content, seal.nonce)
    assert seal.digest != chain.digest_of(content, "")
    assert len(seal.nonce) == 32


@committed
def test_a_removed_tail_is_noticed_by_its_anchor(platform_a: Organisation) -> None:
    write(platform_a, 3)
    audit.seal_events()
    head = audit.verify_chain().head
    force("DELETE FROM portal_auditseal WHERE position = %s", [3])
    assert "written down as an anchor" in audit.verify_chain({3: head}).problem


def test_two_sealers_leave_no_gap(platform_a: Organisation) -> None:
    write(platform_a, 2)
    audit.seal_events()
    write(platform_a, 2)
    audit.seal_events()
    report = audit.verify_chain()
    assert (report.events, report.problem) == (4, "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", [1, 2])
def test_sealers_at_the_same_moment_build_one_chain(platform_a: Organisation, round_number: int) -> None:
    """Eight connections write and seal at once; twice, which also shows that the tables are emptied in between."""

    def work() -> None:
        try:
            for _ in range(5):
                write(platform_a, 1)
                audit.seal_events()
        finally:
            connection.close()

    with ThreadPoolExecutor(8, initializer=begin, initargs=(SYSTEM,)) as pool:
        for future in [pool.submit(work) for _ in range(8)]:
            future.result()
    report = audit.verify_chain()
    assert (report.events, report.problem, report.unsealed) == (40, "", 0)
