"""While migrations run: a change of one model makes the class of this model again, and not those of all its relations.

For each of some hundred steps Django renders the changed model with everything that is related to it, which in this
project is nearly everything: seventeen of twenty seconds of a first `migrate`. The statements of a step need none of it,
since relations are looked up by name. What runs Python on the rows gets all classes made again, as Django has it do
after every change that it calls delayed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState

_Key = tuple[str, str]


@contextmanager
def lean_states() -> Iterator[None]:
    """Until its end, steps of migrations render no more than they need."""
    usual = ProjectState._find_reload_model  # type: ignore[attr-defined]  # noqa: SLF001  there is no public place

    def lean(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[_Key]:
        key = (app_label, model_name)
        if not (delay or _only_grows(state, key)):
            found: set[_Key] = usual(state, app_label, model_name, delay)
            return found
        state.is_delayed = True
        return {key}

    ProjectState._find_reload_model = lean  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        yield
    finally:
        ProjectState._find_reload_model = usual  # type: ignore[attr-defined]  # noqa: SLF001


def _only_grows(state: Any, key: _Key) -> bool:
    """Whether the model has every field as before, besides new ones: a field that others refer to gives them its type."""
    app_label, model_name = key
    former = state.apps.all_models[app_label].get(model_name)
    fields = state.models[key].fields
    return former is None or all(
        field.name in fields and field.deconstruct()[1:] == fields[field.name].deconstruct()[1:]
        for field in (*former._meta.local_fields, *former._meta.local_many_to_many)
    )
