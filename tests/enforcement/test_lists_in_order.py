"""What waits for somebody comes first in every list of cases: late and open takedowns, appeals, escalations, drafts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.models import Appeal, Escalation, Letter, PublicListing, Takedown
from portal.models import Organisation, User
from recalls.models import Notice
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
Enter = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator, number="26-771"), platform=platform_a)


def takedown(notice: Notice, status: str, days: float) -> Takedown:
    """A case of the notice in this state, with its deadline so many days from now."""
    row = services.start_clock(flag=FlagFactory(notice=notice, listing=ListingFactory(platform=notice.platform)))
    Takedown.objects.filter(pk=row.pk).update(status=status, due_at=NOW + timedelta(days=days))
    row.refresh_from_db()
    return row


def listed(client: Client, address: str) -> list[int]:
    return [row.pk for row in client.get(address).context["page"].rows]


@pytest.mark.parametrize("where", ["takedowns", "notice_board"])
def test_missed_deadlines_come_first_then_the_next_ones_then_the_latest_closed_cases(
    where: str, notice: Notice, officer: User, sign_in: Enter
) -> None:
    old_met, tomorrow, late = (takedown(notice, *case) for case in [("met", -90), ("running", 1), ("missed", -2)])
    cancelled, soon, later_than_late = (
        takedown(notice, *case) for case in [("cancelled", -1), ("running", 0.1), ("missed", -1)]
    )
    address = reverse(f"enforcement:{where}", args=[notice.pk] if where == "notice_board" else [])
    wanted = [late, later_than_late, soon, tomorrow, cancelled, old_met]
    assert listed(sign_in(officer), address) == [row.pk for row in wanted]


def test_one_pages_through_all_of_them_and_back_without_missing_any(
    notice: Notice, officer: User, sign_in: Enter
) -> None:
    cases = [("missed", -number / 100) for number in range(1, 53)]
    cases += [("running", number / 100) for number in range(1, 53)] + [("met", -number) for number in range(1, 53)]
    rows = [takedown(notice, *case) for case in cases]
    wanted = [row.pk for row in [*rows[51::-1], *rows[52:]]]
    client, query, pages = sign_in(officer), "", []
    while True:
        page = client.get(f"/takedowns/{query}").context["page"]
        pages.append(page)
        if not (query := page.next_url):
            break
    found = [[row.pk for row in page.rows] for page in pages]
    assert [key for page in found for key in page] == wanted
    assert [len(page) for page in found] == [50, 50, 50, 6]
    for before in (2, 1, 0):
        page = client.get(f"/takedowns/{page.previous_url}").context["page"]
        assert [row.pk for row in page.rows] == found[before]
    assert page.previous_url == ""


def test_an_address_that_another_list_gave_is_refused(notice: Notice, officer: User, sign_in: Enter) -> None:
    for number in range(51):
        takedown(notice, "missed", -number)
    client = sign_in(officer)
    given = client.get("/takedowns/").context["page"].next_url
    assert client.get(f"/takedowns/{given}").status_code == 200
    for address in ("/appeals/", "/escalations/", "/recalls/"):
        assert client.get(f"{address}{given}").status_code == 400, address


def test_appeals_that_await_an_answer_come_before_answered_ones(
    notice: Notice, officer: User, moderator_a: User, sign_in: Enter
) -> None:
    waiting, answered = (
        Appeal.objects.create(
            takedown=takedown(notice, "running", 1), side="platform", made_by=moderator_a.name, text="Other model.",
            status=status,
        )
        for status in ("open", "rejected")
    )  # fmt: skip
    assert listed(sign_in(officer), reverse("enforcement:appeals")) == [waiting.pk, answered.pk]


def test_escalations_letters_and_public_listings_that_wait_come_before_those_that_are_done(
    notice: Notice, officer: User, sign_in: Enter
) -> None:
    waiting, done = (
        Escalation.objects.create(
            takedown=takedown(notice, "missed", -1), platform=notice.platform, step=3, kind="letter",
            due_at=timezone.now(), acknowledged_at=at,
        )
        for at in (None, timezone.now())
    )  # fmt: skip
    draft, sent = (
        Letter.objects.create(
            escalation=each, platform=notice.platform, language="en", subject="Late", body="Remove it.", status=status
        )
        for each, status in [(waiting, "draft"), (done, "sent")]
    )
    proposed, published = (
        PublicListing.objects.create(escalation=each, platform=notice.platform, status=status)
        for each, status in [(waiting, "proposed"), (done, "withdrawn")]
    )
    closed = Escalation.objects.create(
        takedown=takedown(notice, "met", -1), platform=notice.platform, step=1, kind="reminder", due_at=timezone.now()
    )
    client = sign_in(officer)
    page = client.get(reverse("enforcement:escalations"))
    assert page.context["open_count"] == 1, "nobody needs to acknowledge a step of a closed case"
    assert tight(page.content.decode()).count("Acknowledge<span") == 1
    assert listed(client, reverse("enforcement:escalations")) == [waiting.pk, closed.pk, done.pk]
    assert listed(client, reverse("enforcement:letters")) == [draft.pk, sent.pk]
    assert listed(client, reverse("enforcement:public_listings")) == [proposed.pk, published.pk]
