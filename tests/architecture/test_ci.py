"""Hosted CI, hooks and the Makefile run the same commands, so that none of them passes what another refuses."""

import re
import tomllib
from pathlib import Path

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
