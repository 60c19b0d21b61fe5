"""The user guide: docs/guide/*.md, one page a task, a paragraph under each second heading, which is its anchor.

Translations have the same names in a folder for each language (docs/guide/de). Each names the digest of the English page
that it translates: once that page is changed, readers get the English one until the translation is renewed, so that no
translation says what is no longer so. tests/portal/test_guide.py finds what lacks one, and stamps them.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import to_locale
from markdown_it import MarkdownIt

FOLDER = settings.BASE_DIR / "docs" / "guide"
ENGLISH = "en"
STAMP = "Translates: "
"""Begins the line of a translation that names the digest of its English page."""
EXCERPT = 240
"""Characters of an excerpt among search results."""
_LINK = re.compile(r"\]\(([a-z-]+)\.md(#[a-z0-9-]+)?\)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`anchor` is made of the heading: a heading that is renamed needs its new anchor in portal/guide_topics.py."""

    anchor: str
    title: str
    html: SafeString
    text: str


@dataclass(frozen=True, slots=True)
class GuidePage:
    """`roles` as User.role has them; empty for everyone. `language` is what the page is written in."""

    slug: str
    language: str
    title: str
    roles: frozenset[str]
    intro: SafeString
    paragraphs: tuple[Paragraph, ...]

    def is_for(self, role: str) -> bool:
        return not self.roles or role in self.roles

    def paragraph(self, anchor: str) -> Paragraph | None:
        return next((one for one in self.paragraphs if one.anchor == anchor), None)


@dataclass(frozen=True, slots=True)
class Hit:
    page: GuidePage
    paragraph: Paragraph
    excerpt: SafeString


@cache
def guide_pages(language: str = ENGLISH) -> dict[str, GuidePage]:
    """Slug → page, by title; in English where there is no translation of the page as it is. Read once a process and
    language: the files are part of the release."""
    pages = [_page_in(language, path) for path in FOLDER.glob("*.md")]
    return {page.slug: page for page in sorted(pages, key=lambda page: page.title)}


def stamp(source: str) -> str:
    """The line that a translation of this English page has."""
    return STAMP + sha256(source.encode()).hexdigest()[:16]


def _page_in(language: str, path: Path) -> GuidePage:
    source = path.read_text(encoding="utf-8")
    page, file = _page(path.stem, source), FOLDER / to_locale(language) / path.name
    if language == ENGLISH or not file.exists():
        return page
    text = file.read_text(encoding="utf-8")
    if stamp(source) not in text.splitlines():
        return page
    translated = _page(path.stem, text.replace(f"{stamp(source)}\n\n", ""), language)
    if len(translated.paragraphs) != len(page.paragraphs):
        return page  # an operator's own edit; ours are held to it by tests
    # Anchors are those of the English headings: links and "?" are the same in every language.
    paragraphs = [
        replace(one, anchor=english.anchor) for one, english in zip(translated.paragraphs, page.paragraphs, strict=True)
    ]
    return replace(translated, roles=page.roles, paragraphs=tuple(paragraphs))


def _page(slug: str, source: str, language: str = ENGLISH) -> GuidePage:
    head, *parts = re.split(r"^## ", source, flags=re.MULTILINE)
    first, audience, *intro = head.strip().split("\n\n")
    names = audience.removeprefix("For: ").split(", ")
    roles = frozenset() if names == ["everyone"] else frozenset(name.replace(" ", "_") for name in names)
    return GuidePage(
        slug,
        language,
        first.removeprefix("# "),
        roles,
        _rendered("\n\n".join(intro)),
        tuple(map(_paragraph, parts)),
    )


def _paragraph(source: str) -> Paragraph:
    title, _, body = source.partition("\n")
    html = _rendered(body)
    return Paragraph(slugify(title), title.strip(), html, " ".join(strip_tags(html).split()))


def _rendered(source: str) -> SafeString:
    """HTML in the source is shown as text, never taken as HTML."""
    linked = _LINK.sub(lambda link: f"](/guide/{link[1]}/{link[2] or ''})", source)
    return mark_safe(MarkdownIt("commonmark", {"html": False}).render(linked))  # noqa: S308  our own files, escaped


def search_guide(words: str, language: str = ENGLISH) -> list[Hit]:
    """The paragraphs that hold every word of `words`, in any case; those whose heading holds one come first. Words of the
    reader's language and English ones find alike."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    hits = []
    english = guide_pages()
    for page in guide_pages(language).values():
        for one, original in zip(page.paragraphs, english[page.slug].paragraphs, strict=True):
            told = (
                f"{page.title} {one.title} {one.text}",
                f"{english[page.slug].title} {original.title} {original.text}",
            )
            if any(all(word in text.casefold() for word in wanted) for text in told):
                named = sum(word in f"{one.title} {original.title}".casefold() for word in wanted)
                hits.append((-named, Hit(page, one, _excerpt(one.text, wanted))))
    return [hit for _, hit in sorted(hits, key=lambda hit: hit[0])]


def _excerpt(text: str, wanted: list[str]) -> SafeString:
    """The part of a text around the first of the words, with each of them marked."""
    pattern = re.compile("|".join(map(re.escape, sorted(wanted, key=len, reverse=True))), re.IGNORECASE)
    found = pattern.search(text)
    start = max(0, found.start() - EXCERPT // 3) if found else 0
    start = text.rfind(" ", 0, start) + 1
    cut = text[start : start + EXCERPT]
    marked, at = "", 0
    for match in pattern.finditer(cut):
        marked += f"{escape(cut[at : match.start()])}<mark>{escape(match[0])}</mark>"
        at = match.end()
    shown = f"{'… ' if start else ''}{marked}{escape(cut[at:])}{' …' if start + EXCERPT < len(text) else ''}"
    return mark_safe(shown)  # noqa: S308  escaped piece by piece above
