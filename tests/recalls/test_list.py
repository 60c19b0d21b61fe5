"""The list of recalls: in the order of their days, what was searched for first, and with what is in work."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portal.identity.actors import Actor
from portal.models import User
from recalls.models import Recall
from recalls.services import revise_recall
from tests.factories import NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
SEARCH, RECALLS = reverse("listings:search"), reverse("recalls:list")


def test_a_recalls_own_number_comes_before_those_that_begin_with_it(
    officer: User, sign_in: Callable[[User], Client]
) -> None:
    def recalled(number: str, day: date | None) -> Recall:
        recall: Recall = RecallFactory(regulator=officer.organisation, number=number, recalled_on=day)
        Recall.objects.filter(pk=recall.pk).update(search=f"{number} heater".lower(), recalled_on=day)
        return recall

    own = recalled("DI-1", date(1973, 5, 1))
    others = [recalled(f"DI-1{number}", date(2026, 1, 1) + timedelta(days=number)) for number in range(55)]
    client = sign_in(officer)
    page = client.get(RECALLS, {"q": "DI-1"}).context["page"]
    assert [page.rows[0], page.rows[1]] == [own, others[-1]]
    assert client.get(SEARCH, {"q": "DI-1"}).context["recalls"][0] == own
    assert client.get(f"{RECALLS}{page.next_url}").context["page"].rows == others[4::-1]


def test_recalls_are_listed_by_their_day_and_not_by_when_they_were_imported(
    officer: User, sign_in: Callable[[User], Client]
) -> None:
    days = [date(2026, 3, 1), None, date(2026, 9, 1), date(1973, 5, 1)]
    rows = [RecallFactory(regulator=officer.organisation) for _ in days]
    for row, day in zip(rows, days, strict=True):
        Recall.objects.filter(pk=row.pk).update(recalled_on=day)
    shown = sign_in(officer).get(RECALLS).context["page"].rows
    assert shown == [rows[1], rows[2], rows[0], rows[3]], "one without a day is as new as its draft"


def test_a_version_in_work_is_said_in_the_list_to_the_regulator_alone(
    officer: User, moderator_a: User, as_actor: Callable[[User], Actor], sign_in: Callable[[User], Client]
) -> None:
    notice = NoticeFactory(recall__regulator=officer.organisation, platform=moderator_a.organisation)
    said = "Version 2 is a draft"
    assert said not in sign_in(officer).get(RECALLS).content.decode()
    revise_recall(recall=notice.recall, actor=as_actor(officer))
    assert said in sign_in(officer).get(RECALLS).content.decode()
    seen = sign_in(moderator_a).get(RECALLS)
    assert [row.pk for row in seen.context["page"].rows] == [notice.recall_id]
    assert said not in seen.content.decode()
