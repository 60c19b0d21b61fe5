"""Every action that the code can write into the audit log has words, so that no history shows a bare name."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal.audit.kinds import KINDS
from portal.audit.words import WORDS, event_words
from portal.models import AuditEvent, User
from portal.models.jobs import job_transitions
from tests.reading import tight

APPS = ("portal", "recalls", "listings", "enforcement")
RECORDERS = {"record", "event_for", "AuditEvent"}
RECORD_WHAT_THEY_ARE_GIVEN = {"portal/audit/__init__.py", "portal/services/fetching.py"}
FETCHED = ("imported", "refused", "failed", "fetch_asked")  # what portal/services/fetching.py records of each kind
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Unknown(Exception):
    """What is recorded cannot be read from the code."""


@dataclass(frozen=True)
class Module:
    """One file of the code, and which values a name in it can have."""

    tree: ast.Module

    def calls_of(self, *names: str) -> Iterator[tuple[ast.Call, Function | None]]:
        """The calls of functions of these names, each with the innermost function it stands in."""

        def walk(node: ast.AST, inside: Function | None) -> Iterator[tuple[ast.Call, Function | None]]:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.Call) and name_of(child.func) in names:
                    yield child, inside
                yield from walk(child, child if isinstance(child, Function) else inside)

        return walk(self.tree, None)

    def texts(self, value: ast.expr, inside: Function | None) -> set[str]:
        """Every text that `value` can be, followed through conditions, variables, constants and parameters."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return {value.value}
        if isinstance(value, ast.IfExp):
            return self.texts(value.body, inside) | self.texts(value.orelse, inside)
        if isinstance(value, ast.Name):
            if inside is not None and (given := assigned(value.id, inside)):
                return set().union(*(self.texts(each, inside) for each in given))
            if inside is not None and value.id in parameters(inside):
                return self.texts_given(inside, value.id)
            if given := assigned(value.id, self.tree):
                return set().union(*(self.texts(each, None) for each in given))
        raise Unknown(ast.unparse(value))

    def texts_given(self, function: Function, parameter: str) -> set[str]:
        """What the calls of a function in this module pass for one of its parameters."""
        found = set()
        for call, inside in self.calls_of(function.name):
            found |= self.texts(argument(call, parameter, parameters(function).index(parameter)), inside)
        if not found:
            raise Unknown(f"{function.name}({parameter})")
        return found


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def parameters(function: Function) -> list[str]:
    given = function.args
    return [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def assigned(name: str, scope: ast.AST) -> list[ast.expr]:
    """What is assigned to a name in a scope: in a function all through it, in a module at its top."""
    nodes = ast.walk(scope) if isinstance(scope, Function) else ast.iter_child_nodes(scope)
    found = []
    for node in nodes:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            found += [value for to, value in pairs if isinstance(to, ast.Name) and to.id == name]
    return found


def argument(call: ast.Call, name: str, place: int) -> ast.expr:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if len(call.args) > place:
        return call.args[place]
    raise Unknown(f"{ast.unparse(call.func)} without {name}")


def actions_in(source: str) -> set[str]:
    """The actions that a file's code can record itself, and those that its tables of transitions name."""
    module = Module(ast.parse(source))
    found = set()
    for call, inside in module.calls_of(*RECORDERS):
        if not any(keyword.arg == "action" for keyword in call.keywords):
            continue  # something else of that name
        action = argument(call, "action", 1)
        if isinstance(action, ast.Attribute) and action.attr == "event":
            continue  # of a transition: it stands in a table
        found |= module.texts(action, inside)
    for call, inside in module.calls_of("Transition"):
        if inside is None or inside.name != job_transitions.__name__:
            found |= module.texts(argument(call, "event", 3), inside)
    for kind in module.tree.body:
        if isinstance(kind, ast.ClassDef) and any(ast.unparse(base).startswith("Fetching[") for base in kind.bases):
            (noun,) = (ast.literal_eval(given) for given in assigned("action", kind))
            found |= {f"{noun}.{what}" for what in FETCHED}
    for call, inside in module.calls_of(job_transitions.__name__):
        for noun in module.texts(argument(call, "noun", 1), inside):
            found |= {move.event for move in job_transitions("nobody.may", noun)}
    return found


def recorded() -> dict[str, str]:
    """Every action of the project's code, with a file that records it."""
    root = Path(settings.BASE_DIR)
    found: dict[str, str] = {}
    for path in (path for app in APPS for path in (root / app).rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if place in RECORD_WHAT_THEY_ARE_GIVEN or "migrations" in path.parts:
            continue
        try:
            found |= dict.fromkeys(actions_in(path.read_text()), place)
        except Unknown as unknown:
            pytest.fail(f"{place}: say in words of this file what is recorded, not as {unknown}")
    return found


def test_every_action_that_the_code_records_has_words() -> None:
    found = recorded()
    for known in (
        "flag.opened",
        "flag.dismissed",
        "flag.decision_undone",
        "recall_import.failed",
        "recall.priority_set",
    ):
        assert known in found, "the search finds what is there"
    for chosen in ("exclusion.added", "exclusion.remembered", "recall.publication_failed"):
        assert chosen in found, "followed through a condition, a variable, a constant"
    assert len(found) > 100
    wordless = {action: place for action, place in sorted(found.items()) if action not in WORDS}
    assert wordless == {}, "give them words in portal/audit/words.py, and translate these"


@pytest.mark.parametrize(
    ("source", "actions"),
    [
        ('audit.record(action="a.b")', {"a.b"}),
        ('audit.event_for(actor=x, action="a.b" if x else "a.c", subject=y)', {"a.b", "a.c"}),
        ('HAPPENED = "a.b"\ndef f():\n    audit.record(action=HAPPENED)', {"a.b"}),
        ('def f(what):\n    audit.record(action=what)\ndef g():\n    f("a.b")\n    f(what="a.c")', {"a.b", "a.c"}),
        ('T = TransitionTable(Transition(A, B, "a.may", "a.b"), Transition(B, A, "a.may", event="a.c"))', {"a.b", "a.c"}),
        ('jobs = job_transitions("a.may", "a")', {f"a.{end}" for end in ("started", "done", "failed", "retried", "cancelled")}),
        ("sound.record(seconds=3)", set()),
    ],
)  # fmt: skip
def test_an_action_is_found_however_it_is_said(source: str, actions: set[str]) -> None:
    assert actions_in(source) == actions


@pytest.mark.parametrize("said", ['f"a.{x}"', "x.action", '"a." + x', "elsewhere"])
def test_an_action_that_cannot_be_read_from_the_code_is_not_passed_over(said: str) -> None:
    with pytest.raises(Unknown):
        actions_in(f"def f(x):\n    audit.record(action={said})")


def test_words_are_of_the_action_and_of_the_language() -> None:
    assert len(set(WORDS.values())) == len(WORDS), "two actions with the same words could not be told apart"
    for action, words in WORDS.items():
        assert event_words(action) == words
        with translation.override("de"):
            assert event_words(action) != words


def test_every_kind_of_action_has_a_name_in_the_filter() -> None:
    assert {action.partition(".")[0] for action in WORDS} == KINDS.keys()


@pytest.mark.django_db
def test_the_audit_lists_its_actions_by_kind_and_shows_exactly_the_one_chosen(admin: User, client: Client) -> None:
    for action in ("webhook.disabled", "webhook.disabled_after_failures"):
        AuditEvent.objects.create(
            actor_kind="system",
            actor_label="x",
            action=action,
            subject_type="portal.user",
            subject_id=str(admin.pk),
            subject_label="",
        )
    client.force_login(admin)
    page = client.get(reverse("portal:audit"), {"action": "webhook.disabled"})
    assert [event.action for event in page.context["events"]] == ["webhook.disabled"]
    text = tight(page.content.decode())
    assert '<optgroup label="Flags">' in text
    assert '<option value="webhook.disabled" selected>Webhook endpoint disabled' in text
    typed = client.get(reverse("portal:audit"), {"action": "webhook dis"})
    assert len(typed.context["events"]) == 2, "a link of before still finds an action's beginning"
