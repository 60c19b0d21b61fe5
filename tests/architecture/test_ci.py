"""Hosted CI, hooks and the Makefile run the same commands, so that none of them passes what another refuses."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CHECKS = {
    line.strip().replace("$(V)", ".venv/bin")
    for line in (ROOT / "Makefile")
    .read_text(encoding="utf-8")
    .partition("\ncheck:")[2]
    .partition("\n\n")[0]
    .splitlines()[1:]
}


def test_hosted_ci_runs_the_one_script_and_builds_the_image() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run", ".ci/run coverage", ".ci/image"]
    page = (ROOT / "docs" / "operations" / "install.md").read_text(encoding="utf-8")
    image = (ROOT / ".ci" / "image").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^for name in .*\n.*\ndone$", image)[0] in page, "the secrets are made as the page says"
    assert workflow["permissions"] == {"contents": "read"}
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line.strip() for line in script if line.strip().startswith("make ")] == [
        "make coverage",
        "make check",
        "make test",
    ]


def test_hooks_are_commands_of_make_check_and_download_nothing() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]
    for hook in hooks["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        command = hook["entry"].removesuffix(" --force-exclude")
        assert {command, f"{command} ."} & CHECKS, command


def test_strict_types_hold_for_modules_that_are_there() -> None:
    """A module that moves takes its strictness along: mypy itself overlooks a name that matches nothing."""
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["overrides"]
    strict = [name for override in overrides if override.get("warn_return_any") for name in override["module"]]
    assert strict
    for name in strict:
        path = ROOT / name.removesuffix(".*").replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").exists(), name


@pytest.mark.parametrize(
    ("own_is_optimized", "system_is_suitable", "system_is_taken"),
    [(True, True, False), (False, True, True), (False, False, False), (True, False, False)],
)
def test_the_environment_is_made_with_the_quicker_python(
    own_is_optimized: bool, system_is_suitable: bool, system_is_taken: bool, tmp_path: Path
) -> None:
    """The first `python3` on the path, unless it was compiled without its optimizations and the system's own will do."""
    for name, serves in (("python3", own_is_optimized), ("system", system_is_suitable)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {0 if serves else 1}\n")
        (tmp_path / name).chmod(0o755)
    of_the_run = {"PYTHON", "MAKEFLAGS", "MAKEOVERRIDES"}  # by which `make test` itself was called
    environment = {name: value for name, value in os.environ.items() if name not in of_the_run}
    words = ["make", "--silent", f"SYSTEM_PYTHON={tmp_path}/system", "--eval", "chosen: ; @echo $(PYTHON)", "chosen"]
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    chosen = [
        subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
        for env in (environment | {"PATH": path}, environment | {"PATH": path, "PYTHON": "python3.11"})
    ]
    assert chosen == [f"{tmp_path}/system" if system_is_taken else "python3", "python3.11"]
