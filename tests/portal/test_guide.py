"""The user guide: each page opens its paragraph, no paragraph is out of reach, and nothing in it or in a search is taken as HTML."""

import re
from collections.abc import Callable
from itertools import chain

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal import guide
from portal.guide import guide_pages, search_guide
from portal.guide_topics import READ_ALONG, TOPICS
from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS
from portal.models import User

PARAGRAPHS = {f"{page.slug}#{one.anchor}" for page in guide_pages().values() for one in page.paragraphs}


def test_every_address_for_people_has_one_paragraph_and_no_other_has() -> None:
    named = list(chain.from_iterable(TOPICS.values()))
    addresses = {name for name, rule in ACCESS.items() if rule != PUBLIC and not name.startswith("api:")}
    assert len(named) == len(set(named))
    assert set(named) - addresses <= {"portal:sign_out"}
    assert addresses - set(named) == set()


def test_every_topic_is_in_the_files_and_no_paragraph_is_orphaned() -> None:
    assert TOPICS.keys() | READ_ALONG == PARAGRAPHS
    assert not TOPICS.keys() & READ_ALONG


def test_every_page_names_roles_that_exist_and_has_anchors_of_its_own() -> None:
    for page in guide_pages().values():
        assert page.roles <= ROLE_PERMISSIONS.keys(), page.slug
        anchors = [one.anchor for one in page.paragraphs]
        assert len(anchors) == len(set(anchors)) > 0, page.slug
        assert all(one.text for one in page.paragraphs), page.slug


def test_the_image_has_the_guide() -> None:
    assert "!docs/guide" in (settings.BASE_DIR / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_html_in_a_page_or_in_a_search_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "# One\n\nFor: everyone\n\n## Two\nA <script>alert(1)</script> b [c](javascript:alert(1)) & d [e](decide.md#undo)\n"
    page = guide._page("one", source)
    assert "<script" not in page.paragraphs[0].html
    assert 'href="javascript' not in page.paragraphs[0].html
    assert 'href="/guide/decide/#undo"' in page.paragraphs[0].html
    assert guide._excerpt("a <b> & c", ["<b>", "&"]) == "a <mark>&lt;b&gt;</mark> <mark>&amp;</mark> c"


def test_a_search_finds_paragraphs_with_every_word_and_marks_them() -> None:
    hits = search_guide("Pause clock")
    assert hits[0].paragraph.anchor == "pause-or-extend-a-clock"
    assert "<mark>Pause</mark>" in hits[0].excerpt
    assert search_guide("pause zebra") == []
    assert search_guide("  ") == []


@pytest.mark.django_db
def test_someone_reads_the_tasks_of_the_own_role_first(client: Client, moderator_a: User) -> None:
    client.force_login(moderator_a)
    text = client.get(reverse("portal:guide")).content.decode()
    own, others = text.split("Tasks of other roles")
    assert "Clear the queue" in own
    assert "Set a policy" in others
    assert "Set a policy" not in own


@pytest.mark.django_db
def test_a_search_that_finds_nothing_says_so_and_shows_its_words_as_text(client: Client, moderator_a: User) -> None:
    client.force_login(moderator_a)
    text = client.get(reverse("portal:guide"), {"q": "<script>zebra"}).content.decode()
    assert "No paragraph has all these words" in text
    assert "<script>zebra" not in text


@pytest.mark.django_db
def test_the_question_mark_of_the_queue_opens_its_paragraph(client: Client, moderator_a: User) -> None:
    client.force_login(moderator_a)
    text = client.get(reverse("listings:queue"), follow=True).content.decode()
    (address,) = re.findall(r'class="wb-help" href="([^"]+)"', text)
    page, _, anchor = address.partition("#")
    whole = client.get(page).content.decode()
    assert f'id="{anchor}"' in whole
    alone = client.get(page, {"paragraph": anchor}).content.decode()
    assert alone.startswith("<h2")
    assert "<html" not in alone


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/guide/nothing/", "/guide/decide/?paragraph=nothing", "/guide/..%2Fsecurity/"])
def test_what_the_guide_does_not_have_is_not_found(client: Client, moderator_a: User, address: str) -> None:
    client.force_login(moderator_a)
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_refusal_leads_to_the_paragraph_of_its_task(client: Client, moderator_a: User) -> None:
    client.force_login(moderator_a)
    answer = client.get(reverse("enforcement:policy_add"))
    assert answer.status_code == 403
    assert "/guide/set-a-policy/#create-or-edit-a-policy" in answer.content.decode()


@pytest.mark.django_db
def test_someone_who_is_not_signed_in_reads_no_guide(client: Client) -> None:
    assert client.get(reverse("portal:guide")).status_code == 302


@pytest.mark.parametrize("address", ["/guide/", "/guide/clear-the-queue/"])
def test_who_reads_another_language_is_told_in_it_that_the_guide_is_in_english(
    address: str, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    note = '<p class="wb-muted" lang="{}">'
    client = sign_in(moderator_a)
    assert note.format("en") not in client.get(address).content.decode()
    User.objects.filter(pk=moderator_a.pk).update(language="de")
    page = client.get(address).content.decode()
    assert note.format("de") in page[page.index('id="main"') :]
    assert '<div lang="en" dir="ltr">' in page or '<ul lang="en" dir="ltr">' in page
