"""An outside authority stamps the audit chain: what is kept, what is refused, and what a stamp proves afterwards."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from portal import audit
from portal.audit import timestamps
from portal.identity.actors import Actor
from portal.models import AuditSeal, AuditStamp, Organisation, Pulse, User
from tests.authority import Authority, serve
from tests.owner import force, rebuild_chain
from tests.reading import tight

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def authority(settings: Any, tmp_path: Path) -> Iterator[Authority]:
    own = Authority()
    with serve(own) as url, time_machine.travel(own.moment) as clock:
        settings.FETCH_ALLOWED_PRIVATE = [url.removeprefix("http://").rstrip("/")]
        settings.TIME_STAMP_URL, settings.TIME_STAMP_MINUTES = url, 60
        settings.TIME_STAMP_ROOTS = str(own.write_roots(tmp_path / "roots.pem"))
        own.clock = clock
        yield own


def happens(organisation: Organisation, reason: str = "") -> None:
    audit.record(actor=Actor.system("the test"), action="organisation.changed", subject=organisation, reason=reason)


def an_hour_later(authority: Authority) -> AuditStamp | None:
    authority.clock.shift(timedelta(hours=1, seconds=1))
    return timestamps.stamp_due()


def test_the_newest_seal_is_stamped_with_the_authoritys_moment(authority: Authority, regulator: Organisation) -> None:
    happens(regulator)
    row = timestamps.stamp_due()
    head = AuditSeal.objects.order_by("-position").first()
    assert row
    assert head
    assert (row.position, row.hash, row.at) == (head.position, head.hash, authority.moment)
    assert timestamps.check_stamps() == (1, "")


def test_it_is_asked_as_often_as_set_and_not_where_nothing_is_new(
    authority: Authority, regulator: Organisation
) -> None:
    happens(regulator)
    assert timestamps.stamp_due()
    happens(regulator)
    assert timestamps.stamp_due() is None
    assert authority.asked == 1
    assert an_hour_later(authority)
    assert an_hour_later(authority) is None
    assert authority.asked == 2


def test_without_an_authority_nothing_is_asked(authority: Authority, regulator: Organisation, settings: Any) -> None:
    settings.TIME_STAMP_URL = ""
    happens(regulator)
    assert timestamps.stamp_due() is None
    assert authority.asked == 0


@pytest.mark.parametrize(
    ("mood", "detail"),
    [
        ("down", "status 503"),
        ("noise", "cannot be read"),
        ("endless", "longer than"),
        ("refuses", "cannot be read|does not hold"),
        ("other", "does not hold: Mismatch"),
    ],
)
def test_an_answer_that_is_none_is_not_kept_and_said_on_the_health_page(
    authority: Authority, regulator: Organisation, operator: User, client: Client, mood: str, detail: str
) -> None:
    authority.mood = mood
    happens(regulator)
    assert timestamps.stamp_due() is None
    assert not AuditStamp.objects.exists()
    assert re.search(detail, Pulse.objects.get(name=timestamps.PULSE).detail)
    client.force_login(operator)
    page = tight(client.get("/health/").content.decode())
    assert re.search(r'Time stamps</th><td[^>]*><span class="wb-tag is-late">', page)
    authority.mood = "good"
    assert an_hour_later(authority)
    assert "was stamped on 02 Mar 2026, 15:00:00 UTC" in client.get("/health/").content.decode()


def test_an_old_answer_played_again_is_refused(authority: Authority, regulator: Organisation) -> None:
    happens(regulator)
    assert timestamps.stamp_due()
    authority.mood = "replay"
    happens(regulator)
    assert an_hour_later(authority) is None
    assert AuditStamp.objects.count() == 1


def test_an_answer_of_another_authority_is_refused(
    authority: Authority, regulator: Organisation, settings: Any, tmp_path: Path
) -> None:
    settings.TIME_STAMP_ROOTS = str(Authority("Elsewhere").write_roots(tmp_path / "elsewhere.pem"))
    happens(regulator)
    assert timestamps.stamp_due() is None
    assert "does not hold" in Pulse.objects.get(name=timestamps.PULSE).detail
    assert not AuditStamp.objects.exists()


@committed
def test_a_chain_made_again_fits_in_itself_but_not_its_stamp(
    authority: Authority, regulator: Organisation, operator: User, client: Client
) -> None:
    happens(regulator, "as it was")
    assert timestamps.stamp_due()
    rebuild_chain(reason="as somebody would like it")
    assert not audit.verify_chain().problem
    position = AuditStamp.objects.get().position
    held, problem = timestamps.check_stamps()
    assert (held, f"time stamp of position {position} does not fit" in problem) == (0, True)
    with pytest.raises(CommandError, match=f"position {position} does not fit the chain"):
        call_command("verify_audit")
    client.force_login(operator)
    page = client.post("/audit/verify/", follow=True).content.decode()
    assert "The chain is broken" in page


@committed
def test_a_chain_cut_before_its_stamp_is_found(authority: Authority, regulator: Organisation) -> None:
    happens(regulator)
    assert timestamps.stamp_due()
    force("DELETE FROM portal_auditseal WHERE position = (SELECT max(position) FROM portal_auditseal)")
    assert "is gone" in timestamps.check_stamps()[1]


@pytest.mark.parametrize(
    "change", ["UPDATE portal_auditstamp SET hash = 'x'", "DELETE FROM portal_auditstamp", "TRUNCATE portal_auditstamp"]
)
def test_the_database_refuses_to_change_a_stamp(authority: Authority, regulator: Organisation, change: str) -> None:
    happens(regulator)
    assert timestamps.stamp_due()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert timestamps.check_stamps() == (1, "")
