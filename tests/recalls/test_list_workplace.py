"""The list of recalls as a place of work: columns that a person chooses, sorting, saved views, exact hits first, bulk actions."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import Export, SavedView, User
from portal.services import run_exports_due
from recalls.columns import COLUMNS
from recalls.models import Product, Recall
from tests.factories import NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
RECALLS, CHOOSE, SAVE = reverse("recalls:list"), reverse("portal:list_columns"), reverse("portal:saved_view")
Enter = Callable[[User], Client]


def heads(client: Client, query: str = "") -> list[str]:
    return [head.column.name for head in client.get(f"{RECALLS}{query}").context["columns"].heads]


def choose(client: Client, *names: str, do: str = "save", page: str = "recalls:list") -> int:
    return client.post(CHOOSE, {"page": page, "column": names, "do": do, "kept": "status=draft"}).status_code


def test_a_person_chooses_columns_and_their_order_and_finds_them_again(
    officer: User, second_officer: User, sign_in: Enter
) -> None:
    client = sign_in(officer)
    usual = ["number", "title", "recalled", "state", "findability"]
    assert heads(client) == usual
    choose(client, "hazard", "title", "nonsense", "title")
    assert heads(sign_in(officer)) == ["number", "hazard", "title"]
    assert heads(sign_in(second_officer)) == usual
    choose(client, "hazard", "title", "state", do="up:state")
    assert heads(client) == ["number", "hazard", "state", "title"]
    choose(client, "hazard", "state", "title", do="down:hazard")
    assert heads(client) == ["number", "state", "hazard", "title"]
    choose(client, "title", do="usual")
    assert heads(client) == usual


def test_moving_a_column_keeps_the_filters_and_the_form_open(officer: User, sign_in: Enter) -> None:
    client = sign_in(officer)
    form = {"page": "recalls:list", "column": ["title", "state"], "do": "up:state", "kept": "status=draft"}
    page = client.post(CHOOSE, form, follow=True)
    assert page.request["QUERY_STRING"] == "status=draft&columns=open"
    assert page.context["columns"].is_open
    assert "columns=open" not in page.content.decode()


def test_a_platform_is_offered_no_column_of_what_only_the_regulator_sees(moderator_a: User, sign_in: Enter) -> None:
    NoticeFactory(platform=moderator_a.organisation)
    client = sign_in(moderator_a)
    choose(client, "hazard", "notices", "brands", "added")
    User.objects.filter(pk=moderator_a.pk).update(list_columns={"recalls:list": ["hazard", "notices", "brands"]})
    assert heads(client) == ["number", "title", "recalled", "state", "findability"]


@pytest.mark.parametrize("kept", [["x"], "title", [3, None], {"a": 1}, []])
def test_columns_that_are_no_longer_valid_are_the_usual_ones(kept: object, officer: User, sign_in: Enter) -> None:
    User.objects.filter(pk=officer.pk).update(list_columns={"recalls:list": kept})
    assert len(heads(sign_in(officer))) == 5


def test_nobody_chooses_columns_of_a_list_without_them(officer: User, sign_in: Enter) -> None:
    assert choose(sign_in(officer), "title", page="portal:audit") == 403
    assert User.objects.get(pk=officer.pk).list_columns == {}


def test_every_column_that_can_be_is_sorted_by_both_ways_over_pages(
    officer: User, sign_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [RecallFactory(regulator=officer.organisation) for _ in range(5)]
    for at, row in enumerate(rows):
        day = date(2026, 1, 5 - at) if at % 2 else None
        Recall.objects.filter(pk=row.pk).update(title=f"T{at % 3}", recalled_on=day, findability=at % 3 * 10)
    monkeypatch.setattr("portal.http.cursors.keyset_page.__kwdefaults__", {"size": 2, "exact": None}, raising=False)
    client = sign_in(officer)
    for column in [column for column in COLUMNS if column.order]:
        both = []
        for sort in (column.name, f"-{column.name}"):
            address, seen = f"{RECALLS}?sort={sort}", []
            while address:
                page = client.get(address).context["page"]
                seen += [row.pk for row in page.rows]
                address = page.next_url and f"{RECALLS}{page.next_url}"
            assert sorted(seen) == sorted(row.pk for row in rows), sort
            both.append(seen)
        assert both[0] == both[1][::-1], column.name
    by_title = client.get(f"{RECALLS}?sort=title").context["page"]
    assert [row.title for row in by_title.rows] == ["T0", "T0"]
    assert client.get(f"{RECALLS}?sort=nonsense").context["columns"].order == "-recalled"


def test_a_heading_says_how_it_is_sorted_and_turns_it_round(officer: User, sign_in: Enter) -> None:
    RecallFactory(regulator=officer.organisation)
    page = sign_in(officer).get(f"{RECALLS}?status=published&sort=title").content.decode()
    (title,) = re.findall(r"<th[^>]*aria-sort=\"ascending\"[^>]*>.*?</th>", page, re.DOTALL)
    assert "status=published" in title
    assert "sort=-title" in title
    assert '<input type="hidden" name="sort" value="title">' in page, "a filter keeps the order"


def test_a_view_keeps_filters_and_order(officer: User, second_officer: User, sign_in: Enter) -> None:
    client = sign_in(officer)
    form = {
        "page": "recalls:list",
        "name": "To finish",
        "kept": "status=draft&sort=-findability&after=x",
        "shared": "on",
    }
    assert client.post(SAVE, form)["Location"] == f"{RECALLS}?sort=-findability&status=draft"
    assert "To finish" in sign_in(second_officer).get(RECALLS).content.decode()
    assert SavedView.objects.get().page == "recalls:list"


@pytest.mark.parametrize("typed", ["036000291452", "0-36000-29145-2", "36000291452", "PWB1071", "pwb1071", "di-1"])
def test_a_gtin_a_model_or_a_number_comes_first_in_any_notation(typed: str, officer: User, sign_in: Enter) -> None:
    own = RecallFactory(regulator=officer.organisation, number="DI-1", recalled_on=date(1973, 5, 1))
    Product.objects.filter(version=own.current).update(gtins=["00036000291452"], model_numbers=["PWB1071"])
    Recall.objects.filter(pk=own.pk).update(search="di-1 di1 heater pwb1071 00036000291452")
    for number in range(3):
        other = RecallFactory(regulator=officer.organisation, recalled_on=date(2026, 1, 1))
        text = f"{typed.lower()}{number} heater 100036000291452{number}"
        Recall.objects.filter(pk=other.pk).update(search=text, number=f"{typed}{number}")
    assert sign_in(officer).get(RECALLS, {"q": typed}).context["page"].rows[0] == own


def test_the_selected_recalls_are_exported_and_no_others(officer: User, sign_in: Enter) -> None:
    rows = [RecallFactory(regulator=officer.organisation) for _ in range(3)]
    foreign = RecallFactory()
    client = sign_in(officer)
    query = "&".join(f"recall={row.pk}" for row in (*rows[:2], foreign))
    page = client.get(f"{reverse('recalls:export_selected')}?{query}")
    assert {row.pk for row in page.context["chosen"]} == {row.pk for row in rows[:2]}
    assert f"{reverse('portal:list_export', args=['recalls'])}?{query.replace('&', '&amp;')}" in page.content.decode()
    client.post(f"{reverse('portal:list_export', args=['recalls'])}?{query}", {"format": "csv"})
    run_exports_due()
    export = Export.objects.get()
    with export.file.open() as file:
        text = file.read().decode()
    assert [row.number in text for row in (*rows, foreign)] == [True, True, False, False]


def test_a_list_with_every_column_shows_what_they_say(officer: User, moderator_a: User, sign_in: Enter) -> None:
    notice = NoticeFactory(recall__regulator=officer.organisation, platform=moderator_a.organisation)
    Product.objects.filter(version=notice.recall.current).update(brand="Vortex")
    notice.recall.current.products.create(name="Second", brand="Vortex")
    client = sign_in(officer)
    choose(client, *(column.name for column in COLUMNS))
    (row,) = client.get(RECALLS).context["page"].rows
    assert (row.brands, row.active_notices, row.hazard) == ("Vortex", 1, notice.recall.current.hazard)


def test_a_search_says_what_it_hides_and_from_whom(
    officer: User, moderator_a: User, admin: User, sign_in: Enter
) -> None:
    said = dict.fromkeys((officer, admin), "Search covers your recalls.")
    said[moderator_a] = "Search covers your platform."
    for person, text in said.items():
        client = sign_in(person)
        for address in (RECALLS, reverse("listings:queue"), reverse("recalls:notices"), reverse("listings:search")):
            page = client.get(address, {"q": "heater"}).content.decode()
            assert text in page, address
            assert "Search covers" not in client.get(address).content.decode(), address


def test_the_asked_number_comes_first_among_notices_on_the_board_and_where_one_sends(
    officer: User, moderator_a: User, sign_in: Enter
) -> None:
    numbers = ["API-5", *(f"API-5{number}" for number in range(10, 40))]
    for number in numbers:
        recall = RecallFactory(regulator=officer.organisation, number=number)
        Recall.objects.filter(pk=recall.pk).update(search=number.lower())
        notice = NoticeFactory(recall=recall, platform=moderator_a.organisation)
    client = sign_in(officer)
    for address in (reverse("recalls:notices"), reverse("enforcement:board")):
        page = client.get(address, {"q": "API-5"}).context["page"]
        assert page.rows[0].recall.number == "API-5", address
        assert len(page.rows) == len(numbers)
        assert client.get(address, {"q": str(notice.pk)}).context["page"].rows[0] == notice
    assert client.get(reverse("enforcement:send"), {"find": "api-5"}).context["offered"][0].number == "API-5"
