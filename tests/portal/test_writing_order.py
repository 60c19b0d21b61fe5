"""A seller's title turns no sentence of ours around, on pages, in mail and in letters."""

from collections.abc import Callable

import pytest
from django.test import Client

from enforcement import services
from enforcement.letters.services import draft_what_steps_ask_for
from enforcement.models import Escalation
from listings.models import Flag
from portal.models import Mail, Organisation, User
from portal.notifications.outbox import notify
from portal.texts import in_written_order
from tests.factories import FlagFactory, ListingFactory, NoticeFactory

pytestmark = pytest.mark.django_db
OVERRIDE = "\u202e"
TITLE = f"{OVERRIDE}retaeh\u2066 heater"


@pytest.fixture
def flag(regulator: Organisation, platform_a: Organisation) -> Flag:
    notice = NoticeFactory(platform=platform_a, recall__regulator=regulator)
    return FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a, title=TITLE))


def test_a_page_has_the_title_without_the_override(
    flag: Flag, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(moderator_a).get(f"/flags/{flag.pk}/").content.decode()
    assert "heater" in page
    assert OVERRIDE not in page
    assert "\u2066" not in page
    flag.listing.refresh_from_db()
    assert flag.listing.title == TITLE, "what is kept stays as it came"


def test_a_mail_has_it_neither_in_its_subject_nor_in_its_text(moderator_a: User) -> None:
    notify(people=[], key="k", subject=f"Late: {TITLE}", body=f"Listing {TITLE} was due.", mail_to=[moderator_a.email])
    mail = Mail.objects.get()
    assert mail.subject == "Late: retaeh heater"
    assert mail.body == "Listing retaeh heater was due.\n"


def test_a_letter_has_it_not(flag: Flag) -> None:
    takedown = services.start_clock(flag=flag)
    row = Escalation.objects.create(
        takedown=takedown, platform=takedown.platform, step=4, kind="letter", due_at=takedown.due_at
    )
    draft_what_steps_ask_for([row])
    row.letter.refresh_from_db()
    assert "heater" in row.letter.subject + row.letter.body
    assert OVERRIDE not in row.letter.subject + row.letter.body


def test_marks_that_turn_nothing_around_stay() -> None:
    assert in_written_order("مدفأة \u200fA") == "مدفأة \u200fA"
