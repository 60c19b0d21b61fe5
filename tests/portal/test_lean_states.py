"""Migrations that render one model at a time say the same to the database as Django's own way."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from portal.database.lean_states import lean_states

pytestmark = pytest.mark.django_db
KEY = ("id", models.BigAutoField(primary_key=True))
SEEN: list[dict[str, list[str]]] = []


def look(apps: Any, _editor: object) -> None:
    """What a step in Python finds: the fields of every model, those of relations from others included."""
    SEEN.append({model._meta.label: sorted(f.name for f in model._meta.get_fields()) for model in apps.get_models()})


STEPS: list[Operation] = [
    migrations.CreateModel("Seller", [KEY, ("name", models.CharField(max_length=20))]),
    migrations.CreateModel("Tag", [("code", models.CharField(max_length=8, primary_key=True))]),
    migrations.CreateModel("Offer", [KEY, ("seller", models.ForeignKey("shop.Seller", models.CASCADE))]),
    migrations.AddField("Offer", "tags", models.ManyToManyField("shop.Tag")),
    migrations.AddField("Tag", "offer", models.ForeignKey("shop.Offer", models.CASCADE, null=True)),
    migrations.AddField("Offer", "like", models.ForeignKey("self", models.CASCADE, null=True)),
    migrations.AddField("Seller", "country", models.CharField(max_length=2, default="DE")),
    migrations.AddIndex("Seller", models.Index(fields=["country"], name="by_country")),
    migrations.AddConstraint("Seller", models.UniqueConstraint(fields=["country", "name"], name="one_name")),
    migrations.RunPython(look, migrations.RunPython.noop),
    migrations.AlterField("Tag", "code", models.CharField(max_length=16, primary_key=True)),
    migrations.RenameField("Seller", "name", "title"),
    migrations.RenameModel("Seller", "Shop"),
    migrations.AddField("Shop", "owner", models.ForeignKey("shop.Shop", models.CASCADE, null=True)),
    migrations.AlterField("Shop", "id", models.UUIDField(primary_key=True)),
    migrations.CreateModel("Best", [("rank", models.IntegerField())], bases=("shop.offer",)),
    migrations.AddField("Offer", "price", models.IntegerField(default=0)),
    migrations.AddField("Best", "until", models.DateField(null=True)),
    migrations.RemoveField("Offer", "like"),
    migrations.RunPython(look, migrations.RunPython.noop),
    migrations.DeleteModel("Tag"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_seen() -> Iterator[None]:
    SEEN.clear()
    yield
    SEEN.clear()


def said(*, lean: bool) -> tuple[list[str], list[dict[str, list[str]]], ProjectState]:
    """The statements of all steps, what the steps in Python saw, and the state at the end."""
    state, statements = ProjectState(), []
    state.apps  # noqa: B018  rendered from the beginning, as in a run
    SEEN.clear()
    with ExitStack() as stack:
        if lean:
            stack.enter_context(lean_states())
        for number, step in enumerate(STEPS):
            migration = type("Migration", (migrations.Migration,), {"operations": [step]})(f"{number:04}", "shop")
            with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                if isinstance(step, migrations.RunPython):
                    before = state.clone()
                    step.database_forwards("shop", editor, before, state)
                else:
                    state = migration.apply(state, editor, collect_sql=True)
            statements += editor.collected_sql
    return statements, list(SEEN), state


def test_every_step_says_the_same_and_python_sees_every_relation() -> None:
    usual, seen, state = said(lean=False)
    assert len(usual) > 2 * len(STEPS)
    assert any("uuid" in line for line in usual)
    assert "offer" in seen[0]["shop.Seller"]
    statements, seen_lean, state_lean = said(lean=True)
    assert statements == usual
    assert seen_lean == seen
    assert state_lean == state


def test_a_column_added_to_a_model_renders_this_model_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    render = ModelState.render

    def noting(model: ModelState, apps: Any) -> Any:
        rendered.append(model.name)
        return render(model, apps)

    monkeypatch.setattr(ModelState, "render", noting)
    state = ProjectState()
    for step in STEPS[:6]:
        step.state_forwards("shop", state)
    state.apps  # noqa: B018
    rendered.clear()
    with lean_states():
        STEPS[6].state_forwards("shop", state)
        assert rendered == ["Seller"]
    STEPS[7].state_forwards("shop", state)
    assert {"Seller", "Offer"} <= set(rendered[1:]), "outside of it, Django renders as ever"
