"""No page says a sentence in English to somebody who reads another language."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from portal.models import User
from tests.tenancy.test_matrix import PAGES, address
from tests.world import CANARY, PopulatedSite

ENGLISH = frozenset(
    re.findall(
        r"\w+", "the of with that which from has have not this are for by and is you your its when where their can"
    )
)
"""Words that no German, Spanish or Chinese sentence has; two different ones make a sentence English."""
UNREAD = frozenset({"script", "style", "code", "pre", "textarea", "template"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
ENGLISH_PAGES = {
    "portal:guide": "the guide is written in English, and marked so",
    "portal:guide_page": "the guide is written in English, and marked so",
    "portal:api_errors": "documentation for programmers",
    "enforcement:takedown_redacted": "a preview of the document, which is English",
    "api:docs": "documentation for programmers",
}


DATA = re.compile(rf"{CANARY}|\([A-Z]{{2}}\)$|^This recall involves Hearthline|^The heater can overheat, posing")
"""Of the cast: what people and publishers wrote; countries, which a script names in the reader's language."""


class Texts(HTMLParser):
    """The texts of a page outside what programs read."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and (self._inside or tag in UNREAD):
            self._inside.append(tag)
        for name, value in attrs:
            if name in {"title", "aria-label", "placeholder", "alt"} and value and not self._inside:
                self.texts.append(" ".join(value.split()))

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and (text := " ".join(data.split())):
            self.texts.append(text)


def english_in(page: str) -> list[str]:
    parser = Texts()
    parser.feed(page)
    return [text for text in parser.texts if len(ENGLISH & set(re.findall(r"[a-z]+", text.lower()))) >= 2]


def test_a_sentence_is_english_where_no_other_language_has_its_words() -> None:
    page = "<p>The clock of this flag is late.</p><code>the path of it</code><p title='Which of the two?'>Das war in Berlin.</p>"
    assert english_in(page) == ["The clock of this flag is late.", "Which of the two?"]
    assert english_in("<p>Es war alles so, die Frist in Bonn</p><p>Lo que es de la autoridad</p><p>召回 of</p>") == []


@pytest.mark.takes(5)
@pytest.mark.parametrize(
    ("who", "language"),
    [("officer", "de"), ("moderator_a", "es"), ("manager_a", "zh-hans"), ("admin", "de"), ("operator", "es")],
)
@pytest.mark.django_db
def test_no_page_has_an_english_sentence(
    who: str, language: str, populated_site: PopulatedSite, request: pytest.FixtureRequest
) -> None:
    person: User = request.getfixturevalue(who)
    User.objects.filter(pk=person.pk).update(language=language)
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    found = {}
    for name in PAGES:
        if name in ENGLISH_PAGES or name == "portal:sign_out":
            continue
        answer = client.get(address(name, populated_site))
        body = answer.getvalue()
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            said = [text for text in english_in(body.decode()) if not DATA.search(text)]
            if said:
                found[name] = said
    assert found == {}
