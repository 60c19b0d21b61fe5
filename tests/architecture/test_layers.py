"""What lint-imports cannot ask: each module of a package that is no layer as a whole has a layer of its own."""

import tomllib
from pathlib import Path

import grimp
from django.conf import settings


def test_each_module_of_portal_has_a_layer() -> None:
    stored = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (each for each in stored["tool"]["importlinter"]["contracts"] if each["name"] == "Inside portal")
    named = {f"portal.{module.strip()}" for layer in contract["layers"] for module in layer.split("|")}
    in_parts = set(contract["exhaustive_ignores"]) - {"migrations"}
    graph = grimp.build_graph("portal", cache_dir=None)
    assert {module for package in in_parts for module in graph.find_children(f"portal.{package}")} <= named
