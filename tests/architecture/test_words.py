"""One vocabulary: words that docs/glossary.md has replaced do not come back in what people read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CODE = ("portal", "recalls", "listings", "enforcement", "offshelf_client")
INSTEAD = {
    r"innocen(?:t|ts|ce)": "exclusion",
    r"rungs?": "step",
    r"dead letters?": "failed jobs",
    r"given up": "failed",
    r"first steps": "getting started",
    r"glances?": "quick read",
    r"watchdog": "deadline monitor",
    r"(?:a|the|each|every|this|next|last|latest|two|no|of|these) looks?(?! (?:like|closer|for))": "check",
    r"looks (?:agree|apart)": "checks",
    r"due moment": "deadline",
    r"clocks? (?:stands?|stood)": "is paused",
    r"stands? already": "is already paused",
    r"let out": "finalized",
    r"takes? care of": "handles, is assigned to",
    r"anew": "again",
    r"mend(?:s|ed|ing)?": "fix",
    r"comes? to nothing": "has no effect",
    r"nobody is to be": "no … are pending",
    r"is no (?:picture|file|address|number|date)\b": "is not a …",
    r"no picture that": "not a readable image",
    r"(?:the|a) wall(?!,)": "wallboard",
    r"whereof|thereof|hereby|thereby": "plain words",
    r"(?:[6-9]\d|\d{3,}) seconds": "minutes or hours",
}
"""What must not be read any more → what is written instead. Whole words, upper or lower case."""
WORDS = [(re.compile(rf"\b(?:{old})\b", re.IGNORECASE), new) for old, new in INSTEAD.items()]
NOT_OURS = (
    "listings/matching/lexicon/",
    "enforcement/rules/verdict/lexicon",
    "portal/demo/data/",
    "portal/static/uswds/",
)
"""Words of shops and sellers, which are read and not written here."""


def hits(text: str) -> list[str]:
    """What a text says that the vocabulary has replaced, each with the word to use."""
    prose = re.sub(r"`[^`]*`", " ", text)
    return [f"{match[0]!r} (use: {new})" for word, new in WORDS for match in word.finditer(prose)]


def texts_of_code(source: str) -> Iterator[tuple[int, str]]:
    """The sentences and labels in a program: strings that begin with a capital and have more than one word, no docstrings."""
    tree = ast.parse(source)
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            text = node.value
            if (
                re.match(r"[A-Z%{]", text)
                and " " in text
                and not re.match(r"(?:SELECT|INSERT|UPDATE|DELETE|ALTER|CREATE)\b", text)
            ):
                yield node.lineno, text


def texts_of_template(source: str) -> Iterator[tuple[int, str]]:
    """What a page shows: its text, and what its tags translate; no comments, no addresses and no names of variables."""
    for number, line in enumerate(re.sub(r"\{#.*?#\}", "", source).splitlines(), 1):
        said = re.findall(r"(?:translate|_\() ?[\"']([^\"']+)[\"']", line)
        shown = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|<[^>]*$", " ", line)
        yield number, " ".join([*said, shown])


def texts_of_page(source: str) -> Iterator[tuple[int, str]]:
    """The prose of a document; names of code, addresses and blocks of code are not prose."""
    inside = False
    for number, line in enumerate(source.splitlines(), 1):
        inside ^= line.startswith("```")
        if not inside:
            yield number, re.sub(r"`[^`]*`|\]\([^)]*\)", " ", line)


def found_in(files: Iterator[Path], texts: object) -> list[str]:
    found = []
    for path in files:
        name = str(path.relative_to(ROOT))
        if not name.startswith(NOT_OURS):
            for line, text in texts(path.read_text(encoding="utf-8")):  # type: ignore[operator]
                found += [f"{name}:{line}: {hit}" for hit in hits(text)]
    return found


def test_programs_use_the_words_of_the_glossary() -> None:
    files = (path for app in CODE for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)
    assert found_in(files, texts_of_code) == []


def test_pages_use_the_words_of_the_glossary() -> None:
    assert found_in(iter(sorted((ROOT / "templates").rglob("*.html"))), texts_of_template) == []


def test_documents_use_the_words_of_the_glossary() -> None:
    files = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
    assert found_in((path for path in files if path.name != "glossary.md"), texts_of_page) == []


@pytest.mark.parametrize(
    ("texts", "source"),
    [
        (texts_of_code, 'raise ValidationError("The clock stands already.")'),
        (texts_of_template, '<p>{% translate "Held innocent" %}</p>'),
        (texts_of_template, "<p>Read it anew</p>"),
        (texts_of_page, "Removal counts when two looks agree, 3600 seconds apart."),
    ],
)
def test_a_word_that_was_replaced_is_found(texts: object, source: str) -> None:
    assert [hit for _, text in texts(source) for hit in hits(text)]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("texts", "source"),
    [
        (texts_of_code, '"""Look at it anew."""\nname = "rung"'),
        (texts_of_template, "{# the rung #}<a href=\"{% url 'enforcement:wall' %}\">{{ rung }}</a>"),
        (texts_of_page, "See `rungs` in [the code](../rung.py)."),
    ],
)
def test_names_of_code_are_no_words(texts: object, source: str) -> None:
    assert not [hit for _, text in texts(source) for hit in hits(text)]  # type: ignore[operator]
