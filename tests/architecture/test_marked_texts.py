"""What a page says of a refusal is marked for translation where it is written, and filled in only when it is shown."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CODE = ("portal", "recalls", "listings", "enforcement")
REFUSALS = {"ValidationError", "Refusal", "IllegalTransition", "LostRace", "Held", "Stale", "BadRequest"}
MARKS = {"gettext", "gettext_noop", "gettext_lazy", "ngettext", "ngettext_lazy", "format_html"}
ENGLISH_ONLY = ("/api.py", "/api/", "/serializers.py", "/management/", "portal/notifications/bounces.py")
"""Answers to programs and the output of commands."""


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _text_of(call: ast.Call) -> ast.expr | None:
    """The argument in which a call is given what a page shows."""
    name = _called(call)
    if name in REFUSALS:
        return call.args[0] if call.args else None
    of_messages = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "messages"
    return call.args[1] if len(call.args) > 1 and (name == "add_error" or of_messages) else None


def _unmarked(text: ast.expr, function: ast.AST) -> Iterator[int]:
    """The lines of sentences in an expression that no mark surrounds; names are looked up where the function sets them."""
    if isinstance(text, ast.JoinedStr):
        if any(isinstance(part, ast.Constant) and " " in str(part.value).strip() for part in text.values):
            yield text.lineno
    elif isinstance(text, ast.Constant):
        if isinstance(text.value, str) and " " in text.value.strip():
            yield text.lineno
    elif isinstance(text, ast.Name):
        for node in (each for each in ast.walk(function) if isinstance(each, ast.Assign)):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if text.id in names and not isinstance(node.value, ast.Name):
                yield from _unmarked(node.value, function)
    elif isinstance(text, ast.Dict | ast.List | ast.Tuple | ast.BinOp | ast.IfExp):
        aside = text.keys if isinstance(text, ast.Dict) else [text.test] if isinstance(text, ast.IfExp) else []
        for part in ast.iter_child_nodes(text):
            if isinstance(part, ast.expr) and part not in aside:
                yield from _unmarked(part, function)


def unmarked_texts(source: str) -> set[int]:
    """The lines of a program's refusals and messages that are not marked for translation."""
    found: set[int] = set()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and (text := _text_of(call)) is not None:
                    found.update(_unmarked(text, function))
    return found


def test_every_refusal_is_marked_for_translation() -> None:
    files = [path for app in CODE for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    assert len(files) > 300
    hits = []
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        if not any(part in f"/{name}" for part in ENGLISH_ONLY):
            hits += [f"{name}:{line}" for line in sorted(unmarked_texts(path.read_text()))]
    assert hits == [], "mark these with gettext_noop, and pass values as params"


@pytest.mark.parametrize(
    "line",
    [
        'raise IllegalTransition(f"Flag {flag} is decided.")',
        'raise ValidationError({"note": "Explain why."})',
        'raise ValidationError([gettext_noop("One reason."), "Another reason."])',
        'form.add_error("note", "Explain why.")',
        'messages.error(request, "Nothing was done.")',
        'detail = f"Flag {flag} is decided."; raise LostRace(detail)',
    ],
)
def test_an_unmarked_text_is_found(line: str) -> None:
    assert unmarked_texts(f"def view(request, form, flag):\n    {line}\n") == {2}


@pytest.mark.parametrize(
    "line",
    [
        'raise LostRace(gettext_noop("Flag %(flag)s is decided."), {"flag": flag})',
        'raise ValidationError({"note": gettext_noop("Explain why.")})',
        "raise ValidationError(problems)",
        'messages.success(request, detail % {"count": 1})',
    ],
)
def test_what_is_marked_or_holds_no_sentence_is_left_alone(line: str) -> None:
    assert unmarked_texts(f"def view(request, flag, problems, detail):\n    {line}\n") == set()
