"""People keep the filters of a list under a name, for themselves or for their colleagues."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services as enforcement
from portal import services
from portal.database.acting import acting
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, SavedView, User
from portal.services.saved_views import MAX_COUNT, MAX_SHARED
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, UserFactory
from tests.reading import tight

pytestmark = pytest.mark.django_db
QUEUE, SAVE = reverse("listings:queue"), reverse("portal:saved_view")
AUDIT = reverse("portal:audit")


@pytest.fixture
def queue(platform_a: Organisation) -> None:
    """Two flags of the seller north, one of south."""
    notice = NoticeFactory(platform=platform_a)
    for seller in ("north", "north", "south"):
        listing = ListingFactory(platform=platform_a, seller=seller)
        enforcement.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=timezone.now()))


def post(client: Client, page: str = "listings:queue", **form: str) -> Any:
    return client.post(SAVE, {"page": page, **form})


def saved(person: User, name: str, page: str = "listings:queue", query: str = "seller=north", **more: Any) -> SavedView:
    return SavedView.objects.create(
        person=person, organisation=person.organisation, page=page, name=name, query=query, **more
    )


def test_a_view_is_saved_shown_with_its_count_and_removed(queue: None, moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    answer = post(client, name=" North  only ", kept="view=undecided&seller=north&after=xyz&flag=3&band=")
    assert answer["Location"] == f"{QUEUE}?seller=north&view=undecided"
    page = tight(client.get(QUEUE).content.decode())
    assert '<a href="?seller=north&amp;view=undecided">North only<b>2</b></a>' in page
    shown = tight(client.get(f"{QUEUE}?seller=north&view=undecided").content.decode())
    assert 'aria-current="true">North only' in shown
    post(client, view=str(SavedView.objects.get().pk), do="remove")
    assert "North only" not in client.get(QUEUE).content.decode().replace("View North only deleted.", "")


def test_a_view_of_the_same_name_is_replaced(queue: None, moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    for seller in ("north", "south"):
        post(client, name="Mine", kept=f"seller={seller}")
    assert list(SavedView.objects.values_list("name", "query")) == [("Mine", "seller=south")]


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({"name": "", "kept": "seller=north"}, "Enter a name"),
        ({"name": "x" * 41, "kept": "seller=north"}, "Enter a name"),
        ({"name": "All", "kept": "flag=3"}, "Filter the list first"),
        ({"name": "Long", "kept": f"seller={'x' * 1001}"}, "too long"),
    ],
)
def test_an_invalid_view_is_refused_with_the_reason(
    given: dict[str, str], detail: str, moderator_a: User, client: Client
) -> None:
    client.force_login(moderator_a)
    answer = client.post(SAVE, {"page": "listings:queue", **given}, follow=True)
    assert detail in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_person_saves_at_most_12_views_of_a_list(moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    for number in range(MAX_COUNT + 1):
        post(client, name=f"View {number}", kept=f"seller=s{number}")
    assert SavedView.objects.count() == MAX_COUNT
    post(client, name="View 0", kept="seller=other")
    assert SavedView.objects.get(name="View 0").query == "seller=other"


def test_a_view_is_its_owners_alone(queue: None, moderator_a: User, platform_a: Organisation, client: Client) -> None:
    view = saved(moderator_a, "Secret plan")
    client.force_login(UserFactory(organisation=platform_a))
    assert "Secret plan" not in client.get(QUEUE).content.decode()
    for act in ("remove", "change"):
        assert post(client, view=str(view.pk), do=act, name="Mine").status_code == 404
    assert SavedView.objects.get().name == "Secret plan"


def test_a_shared_view_is_opened_by_colleagues_and_changed_by_its_owner(
    queue: None, moderator_a: User, second_moderator_a: User, moderator_b: User, sign_in: Callable[[User], Client]
) -> None:
    owner, colleague, stranger = map(sign_in, (moderator_a, second_moderator_a, moderator_b))
    post(owner, name="Ours", kept="seller=north", shared="on")
    view = SavedView.objects.get()
    assert AuditEvent.objects.get(action="view.shared").after == {"name": "Ours", "query": "seller=north"}
    assert "Ours" in colleague.get(QUEUE).content.decode()
    assert "Ours" not in stranger.get(QUEUE).content.decode()
    for client, code in ((colleague, 403), (stranger, 404)):
        for act in ("change", "remove"):
            assert post(client, view=str(view.pk), do=act, name="Taken", shared="on").status_code == code
    assert SavedView.objects.get().name == "Ours"
    post(owner, view=str(view.pk), do="change", name="North")
    assert SavedView.objects.get().shared is False
    assert "North" not in colleague.get(QUEUE).content.decode()
    assert AuditEvent.objects.filter(action="view.unshared").count() == 1


def test_a_shared_view_of_somebody_who_left_is_the_readers_to_delete(
    moderator_a: User,
    second_moderator_a: User,
    platform_b: Organisation,
    operator: User,
    sign_in: Callable[[User], Client],
) -> None:
    view, own = saved(moderator_a, "Ours", shared=True), saved(moderator_a, "Mine")
    with acting(Actor.person(operator).principal):  # who does not see the views of a platform
        services.edit_person(person=moderator_a, actor=Actor.person(operator), organisation=platform_b)
    assert not SavedView.objects.filter(pk=own.pk).exists()
    assert "Ours" not in sign_in(moderator_a).get(QUEUE).content.decode()
    post(sign_in(second_moderator_a), view=str(view.pk), do="remove")
    assert not SavedView.objects.exists()


def test_an_organisation_shares_at_most_12_views_of_a_list(
    moderator_a: User, second_moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    for number in range(MAX_SHARED):
        saved(moderator_a, f"View {number}", shared=True)
    client = sign_in(second_moderator_a)
    assert "already shares 12" in client.post(
        SAVE, {"page": "listings:queue", "name": "One more", "kept": "seller=north", "shared": "on"}, follow=True
    ).content.decode().replace("&#x27;", "'")
    assert not SavedView.objects.filter(person=second_moderator_a).exists()


def test_a_renamed_view_keeps_its_filters_and_takes_no_name_twice(moderator_a: User, client: Client) -> None:
    one, _ = saved(moderator_a, "One"), saved(moderator_a, "Two")
    client.force_login(moderator_a)
    post(client, view=str(one.pk), do="change", name="Two")
    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["One", "Two"]
    post(client, view=str(one.pk), do="change", name="Three")
    assert SavedView.objects.get(pk=one.pk).query == "seller=north"
    assert SavedView.objects.get(pk=one.pk).name == "Three"


@pytest.mark.parametrize("page", ["portal:audit", "portal:people", "", "portal:saved_view"])
def test_nobody_saves_views_of_a_list_that_they_may_not_open(page: str, moderator_a: User, client: Client) -> None:
    client.force_login(moderator_a)
    assert post(client, page, name="All", kept="q=x").status_code == 403
    assert not SavedView.objects.exists()


def test_a_view_opens_by_its_number_with_what_else_the_address_says(
    admin: User, officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(admin)
    mine, foreign = (saved(person, "Mail", "portal:audit", "action=mail.retried") for person in (admin, moderator_a))
    opened = client.get(AUDIT, {"saved": mine.pk, "sealed_after": 4})
    assert opened["Location"] == f"{AUDIT}?action=mail.retried&sealed_after=4"
    assert client.get(AUDIT, {"saved": foreign.pk}).status_code == 404
    assert client.get(AUDIT, {"saved": "x"}).status_code == 400
