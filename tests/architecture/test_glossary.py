"""docs/glossary.md: each term once, explained, and the names that it gives are defined in the code."""

import ast
import re
from pathlib import Path

from django.conf import settings

from tests.architecture.test_structure import sources

TERMS = re.findall(
    r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \| (.+?) \|$",
    (Path(settings.BASE_DIR) / "docs" / "glossary.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def defined_names() -> set[str]:
    names = set()
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
    return names


def test_every_name_in_the_glossary_is_defined_in_the_code() -> None:
    named = {name for _, _, code, _ in TERMS for name in re.findall(r"`(\w+)`", code)}
    assert named - defined_names() == set()
    assert all(re.fullmatch(r"`\w+`(, `\w+`)*", code) for _, _, code, _ in TERMS)


def test_every_term_has_one_row_and_one_or_two_sentences() -> None:
    terms = [term.lower() for term, *_ in TERMS]
    assert len(terms) == len(set(terms))
    text = (Path(settings.BASE_DIR) / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert len(TERMS) == text.count("| **"), "a row that cannot be read"
    for term, meaning, _, _ in TERMS:
        sentences = re.findall(r"[.!?](?= [A-Z]|$)", meaning)
        assert 1 <= len(sentences) <= 2, term
        assert meaning.endswith("."), term


def test_no_term_is_a_word_that_another_term_replaces() -> None:
    """A word in parentheses, like "incident (for an outage)", is out of place in that meaning alone."""
    avoided = {word for *_, avoid in TERMS for word in avoid.lower().split(", ") if "(" not in word}
    shared = {term.lower() for term, *_ in TERMS} & avoided
    assert shared == set()
