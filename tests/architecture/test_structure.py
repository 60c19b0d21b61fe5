"""Rules of the house that no reviewer has to remember."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings

from portal import celery
from portal.background import queues
from portal.transition_tables import TransitionTable

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "recalls", "listings", "enforcement", "offshelf_client")
MAY_SET_STATUS = {
    "portal/transitions.py",  # the one place
    "portal/notifications/deliveries.py",  # a delivery is not a case: queued, sent, failed, queued again
    "portal/notifications/bounces.py",  # nor is a mail that came back
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def test_imports_run_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own tool
    assert done.returncode == 0, done.stdout[-2000:]


def cycle_of(imports: dict[str, set[str]]) -> list[str]:
    """A circle of modules that import each other, if there is one."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("app", APPS)
def test_no_module_imports_what_imports_it(app: str) -> None:
    graph = grimp.build_graph(app, exclude_type_checking_imports=True)
    assert not cycle_of({module: graph.find_modules_directly_imported_by(module) for module in graph.modules})


def test_a_circle_of_imports_is_found() -> None:
    assert set(cycle_of({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


def test_nobody_writes_a_status_past_move() -> None:
    found = []
    for name, tree in sources():
        if name in MAY_SET_STATUS:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found += [
                    f"{name}:{node.lineno}"
                    for target in targets
                    if isinstance(target, ast.Attribute) and target.attr == "status"
                ]
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"update", "bulk_update"}
            ):
                found += [f"{name}:{node.lineno}" for keyword in node.keywords if keyword.arg == "status"]
    found = [place for place in found if not place.startswith("portal/demo/")]  # an HTTP status
    assert found == []


def test_no_clock_rides_on_a_brokers_timer() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and {keyword.arg for keyword in node.keywords} & {"eta", "countdown"}
    ]
    assert found == []


def test_every_scheduled_task_exists() -> None:
    celery.app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in queues.SCHEDULE.values()}
    assert scheduled <= set(celery.app.tasks)


def _tables() -> list[tuple[str, TransitionTable, set[str]]]:
    models = [model for model in apps.get_models() if hasattr(model, "transitions")]
    return [
        (model.__name__, model.transitions, {choice for choice, _ in model._meta.get_field("status").choices})
        for model in models
    ]


def test_every_status_is_in_its_table_and_can_be_reached() -> None:
    with_status = {
        model.__name__
        for model in apps.get_models()
        if any(field.name == "status" and field.choices for field in model._meta.fields)
    }
    assert with_status - {name for name, _, _ in _tables()} == {"Mail", "Hook"}, "deliveries are no cases"
    for name, table, statuses in _tables():
        moves = list(table)
        assert {move.source for move in moves} | {move.target for move in moves} == statuses, name
        first = (
            apps.get_model(next(model._meta.label for model in apps.get_models() if model.__name__ == name))
            ._meta.get_field("status")
            .default
        )
        reached, fresh = {first}, {first}
        while fresh:
            fresh = {move.target for move in moves if move.source in fresh} - reached
            reached |= fresh
        assert reached == statuses, f"{name} never gets to {statuses - reached}"


TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "pack"
)  # a pack's summary is read without us, so it is no page and brings its own style


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_carry_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"<style|javascript:|\son[a-z]+=|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_template_lines_can_be_read_and_reviewed() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} has {len(line)} characters"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert found == []


def test_templates_extend_the_base_or_are_pieces() -> None:
    for path in TEMPLATES:
        if path.parent.name == "components" or path.name.startswith("_") or path.name == "base.html":
            continue
        assert '{% extends "base.html" %}' in path.read_text(encoding="utf-8"), path


def test_files_can_be_read_in_one_sitting() -> None:
    long = {
        name: len(ast.unparse(tree).splitlines())
        for name, tree in sources()
        if len(ast.unparse(tree).splitlines()) > 420
    }
    assert long == {}


def test_nothing_names_a_path_of_this_machine() -> None:
    for folder in (*APPS, "templates", "docs", "deploy", "scripts"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".md", ".css", ".js", ".toml", ".sh"}:
                text = path.read_text(encoding="utf-8")
                assert "/work/" not in text, path
