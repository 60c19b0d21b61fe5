"""Pages of long lists go on only from where a page of the same list ended."""

from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from django.core.signing import Signer
from django.test import Client

from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.notifications.outbox import notify
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


def test_each_page_leads_to_the_next_and_back(sign_in: Enter, moderator_a: User) -> None:
    for number in range(120):
        notify(people=[moderator_a], key=f"k{number}", subject=f"Subject {number}", body="")
    client, address, seen = sign_in(moderator_a), "", []
    while True:
        page = client.get(f"/inbox/{address}").context["page"]
        seen += [row.subject for row in page.rows]
        if not page.next_url:
            break
        address = page.next_url
    assert seen == [f"Subject {number}" for number in reversed(range(120))]
    back = client.get(f"/inbox/{page.previous_url}").context["page"]
    assert [row.subject for row in back.rows] == seen[50:100]


def test_a_cursor_of_another_list_or_of_ones_own_making_is_refused_with_the_reason(
    sign_in: Enter, moderator_a: User
) -> None:
    for number in range(60):
        notify(people=[moderator_a], key=f"k{number}", subject=f"Subject {number}", body="")
    client = sign_in(moderator_a)
    given = parse_qs(client.get("/inbox/").context["page"].next_url[1:])["after"][0]
    assert client.get("/inbox/", {"after": given}).status_code == 200
    forged = (given[:-1], given.replace(given[0], "x", 1), Signer().sign_object([1]), f"{given}=", "", "[1]")
    for address, cursor in [("/takedowns/", given), ("/recalls/", given), *(("/inbox/", each) for each in forged)]:
        for side in ("after", "before"):
            answer = client.get(address, {side: cursor})
            assert (answer.status_code, "Open the list again" in answer.content.decode()) == (400, True), cursor


def test_programs_go_on_by_the_links_they_were_given(
    regulator: Organisation, platform_a: Organisation, manager_a: User
) -> None:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    flags = [FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a)).pk for _ in range(5)]
    _, secret = api_keys.create_key(
        organisation=platform_a, name="K", scopes=["flags"], days=1, actor=Actor.person(manager_a)
    )
    client, seen, address = Client(headers={"authorization": f"Bearer {secret}"}), [], "/api/v1/flags?page_size=2"
    while address:
        body = client.get(address).json()
        seen += [row["id"] for row in body["results"]]
        last, address = body, body["next"]
    assert seen == flags[::-1]
    assert [row["id"] for row in client.get(last["previous"]).json()["results"]] == seen[2:4]
    for forged in ("cD0x", "", "x", Signer().sign_object([0, False, "x"])):
        answer = client.get("/api/v1/flags", {"cursor": forged})
        assert (answer.status_code, "not issued by the API" in answer.json()["detail"]) == (404, True), forged
