"""The user guide: each page opens its paragraph, no paragraph is out of reach, and nothing in it or in a search is taken as HTML."""

import os
import re
from collections.abc import Callable, Iterator
from html import unescape
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override, to_locale

from portal import guide
from portal.guide import guide_pages, search_guide
from portal.guide_topics import READ_ALONG, TOPICS
from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS
from portal.models import User

LINKS, BOLD = re.compile(r'href="([^"]+)"'), re.compile(r"<strong>(.*?)</strong>")
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
    assert alone.strip().startswith('<div lang="en"'), "without the page around it"
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


@pytest.fixture
def guide_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A guide of two pages: the first is translated into German, the translation of the second is of an earlier page."""
    folder = tmp_path / "guide"
    (folder / "de").mkdir(parents=True)
    for slug, title, now, then in (("one", "Beds", "Tilt.", "Tilt."), ("two", "Lamps", "Glow.", "Glowed.")):
        english = f"# {title}\n\nFor: everyone\n\n## Do it\n{{}}\n"
        (folder / f"{slug}.md").write_text(english.format(now), encoding="utf-8")
        german = f"# Deutsch {slug}\n\nFor: everyone\n\n{guide.stamp(english.format(then))}\n\n## Tun\nKippen.\n"
        (folder / "de" / f"{slug}.md").write_text(german, encoding="utf-8")
    monkeypatch.setattr(guide, "FOLDER", folder)
    guide_pages.cache_clear()
    yield folder
    guide_pages.cache_clear()


def test_a_translation_is_shown_only_while_it_is_of_the_page_as_it_is(
    guide_folder: Path, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=moderator_a.pk).update(language="de")
    client = sign_in(moderator_a)
    index = client.get("/guide/").content.decode()
    main = index[index.index('id="main"') :]
    assert main.index("Deutsch one") > 0
    assert "Deutsch two" not in main
    assert '<p class="wb-muted" lang="de">' in main, "it says that some are in English"
    one, two = (client.get(f"/guide/{slug}/").content.decode() for slug in ("one", "two"))
    assert all(part in one for part in ('<div lang="de" dir="ltr">', '<h2 id="do-it">Tun</h2>', "Kippen."))
    assert '<p class="wb-muted" lang="de">' not in one
    assert all(part in two for part in ('<div lang="en" dir="ltr">', "Glow.", '<p class="wb-muted" lang="de">'))
    for slug, said in (("one", "Kippen."), ("two", "Glow.")):
        assert said in client.get(f"/guide/{slug}/", {"paragraph": "do-it"}).content.decode()
    User.objects.filter(pk=moderator_a.pk).update(language="en")
    english = sign_in(moderator_a).get("/guide/one/").content.decode()
    assert "Tilt." in english
    assert '<p class="wb-muted" lang="en">' not in english


def test_a_translation_with_a_paragraph_too_few_is_not_shown(guide_folder: Path) -> None:
    file = guide_folder / "de" / "one.md"
    file.write_text(file.read_text(encoding="utf-8").partition("## ")[0] + "Kippen.\n", encoding="utf-8")
    assert guide_pages("de")["one"].language == "en"


def test_words_of_the_reader_and_english_words_find_a_translated_paragraph(guide_folder: Path) -> None:
    for words in ("kippen", "tilt beds"):
        (hit,) = search_guide(words, "de")
        assert (hit.page.slug, hit.paragraph.title, hit.paragraph.anchor) == ("one", "Tun", "do-it"), words
    assert search_guide("kippen") == [], "English readers are not shown German"


@pytest.mark.parametrize("english", sorted(guide.FOLDER.glob("*.md")), ids=lambda path: path.stem)
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES if code != guide.ENGLISH])
def test_every_page_is_translated_as_it_is_and_names_the_buttons_of_the_product(language: str, english: Path) -> None:
    """GUIDE=stamp says of every translation that it is one of its page as it is: for who has read them beside each other."""
    file = guide.FOLDER / to_locale(language) / english.name
    if os.environ.get("GUIDE") == "stamp":
        stamped(file, guide.stamp(english.read_text(encoding="utf-8")))
    page, translated = guide_pages()[english.stem], guide_pages(language)[english.stem]
    assert translated.language == language, f"{file.name} is no translation of {english.name} as it is today"
    assert [one.anchor for one in translated.paragraphs] == [one.anchor for one in page.paragraphs]
    for one, other in zip(parts_of(page), parts_of(translated), strict=True):
        assert LINKS.findall(other) == LINKS.findall(one)
        assert (other.count("<li>"), other.count("<p>")) == (one.count("<li>"), one.count("<p>")), other
        named, called = BOLD.findall(one), BOLD.findall(other)
        assert len(named) == len(called), (named, called)
        with override(language):
            shown = [gettext(unescape(name)) for name in named]
        assert [
            (unescape(call), want) for call, want, name in zip(called, shown, named, strict=True)
            if want != unescape(name) and unescape(call) != want
        ] == []  # fmt: skip


def parts_of(page: guide.GuidePage) -> list[str]:
    return [page.intro, *(one.html for one in page.paragraphs)]


def stamped(file: Path, stamp: str) -> None:
    title, _, audience, *rest = [
        line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(guide.STAMP)
    ]
    body = "\n".join(rest).lstrip("\n")
    file.write_text(f"{title}\n\n{audience}\n\n{stamp}\n\n{body}\n", encoding="utf-8")
    guide_pages.cache_clear()
