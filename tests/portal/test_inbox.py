"""The inbox: found by state and words, read one by one or all at once, and nobody else's."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import Notification, User
from portal.notifications.outbox import notify
from tests.reading import tight

pytestmark = pytest.mark.django_db
INBOX, READ = reverse("portal:notifications"), reverse("portal:notifications_read")


@pytest.fixture
def notes(moderator_a: User, second_moderator_a: User) -> list[Notification]:
    """Three messages to Nia and her colleague; each has read the one about the kettle."""
    for number, subject in enumerate(
        ("Recall 26-101 of a kettle", "Recall 26-102 of a lamp", "Flags handed to you: 3")
    ):
        notify(
            people=[moderator_a, second_moderator_a], key=f"note:{number}", subject=subject, body="Open it", link="/x/"
        )
    Notification.objects.filter(subject__contains="kettle").update(read_at="2026-03-05T09:00Z")
    return list(Notification.objects.filter(person=moderator_a).order_by("pk"))


def listed(client: Client, query: str = "") -> list[str]:
    return [row.subject for row in client.get(f"{INBOX}{query}").context["page"].rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Flags handed to you: 3", "Recall 26-102 of a lamp", "Recall 26-101 of a kettle"]),
        ("?state=new", ["Flags handed to you: 3", "Recall 26-102 of a lamp"]),
        ("?state=read", ["Recall 26-101 of a kettle"]),
        ("?words=26-102", ["Recall 26-102 of a lamp"]),
        ("?words=RECALL&state=new", ["Recall 26-102 of a lamp"]),
        ("?words=toaster", []),
    ],
)
def test_messages_are_found_by_state_and_words(
    query: str, found: list[str], notes: list[Notification], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    assert listed(sign_in(moderator_a), query) == found


def test_a_filter_that_finds_nothing_says_so_and_goes_with_one_press(
    notes: list[Notification], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    page = tight(sign_in(moderator_a).get(f"{INBOX}?words=toaster").content.decode())
    assert "No message matches the filters that are set." in page
    assert f'<a href="{INBOX}">Clear filters</a>' in page
    assert "No messages yet" not in page


def test_one_message_is_marked_as_read_and_the_filter_stays(
    notes: list[Notification], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(moderator_a)
    answer = client.post(READ, {"note": notes[1].pk, "kept": "state=new"})
    assert answer["Location"] == f"{INBOX}?state=new"
    assert listed(client, "?state=new") == ["Flags handed to you: 3"]


def test_opening_a_message_leads_to_its_case_and_marks_it_as_read(
    notes: list[Notification], moderator_a: User, second_moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client, opened = sign_in(moderator_a), reverse("portal:notification", args=[notes[1].pk])
    assert f'href="{opened}"' in client.get(INBOX).content.decode()
    assert client.get(opened, HTTP_SEC_PURPOSE="prefetch")["Location"] == "/x/"
    assert listed(client, "?state=new") == ["Flags handed to you: 3", "Recall 26-102 of a lamp"], "only fetched ahead"
    assert client.get(opened)["Location"] == "/x/"
    assert listed(client, "?state=new") == ["Flags handed to you: 3"]
    first = Notification.objects.get(pk=notes[1].pk).read_at
    client.get(opened)
    assert Notification.objects.get(pk=notes[1].pk).read_at == first, "when it was first read"
    assert Notification.objects.filter(person=second_moderator_a, read_at=None).count() == 2


def test_nobody_opens_a_message_of_another_person(
    notes: list[Notification], second_moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(second_moderator_a)
    assert client.get(reverse("portal:notification", args=[notes[1].pk])).status_code == 404
    assert Notification.objects.filter(read_at=None).count() == 4


def test_nobody_marks_a_message_of_another_person(
    notes: list[Notification], second_moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(second_moderator_a)
    for note in (notes[1].pk, 10**30, "x", ""):
        assert client.post(READ, {"note": note}).status_code == 302
    assert Notification.objects.filter(read_at=None).count() == 4


def test_all_are_marked_as_read_at_once(
    notes: list[Notification], moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(moderator_a)
    client.post(READ)
    assert listed(client, "?state=new") == []
    assert Notification.objects.filter(read_at=None).count() == 2, "the colleague's"
    assert "Mark all as read" not in client.get(INBOX).content.decode()
