"""What docs/enforcement.md draws is what the code does."""

import importlib.util
from pathlib import Path

from django.conf import settings


def test_the_state_machines_in_the_docs_are_drawn_from_the_tables() -> None:
    path = Path(settings.BASE_DIR) / "scripts" / "draw_states.py"
    spec = importlib.util.spec_from_file_location("draw_states", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    text = script.PAGE.read_text(encoding="utf-8")
    assert text.count("stateDiagram-v2") == len(script.TABLES)
    assert script.with_drawings(text) == text, "run scripts/draw_states.py"
