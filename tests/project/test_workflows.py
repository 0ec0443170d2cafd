"""Our own workflows: every piece of .ci/run on every Python we name, and a release that says where it comes from."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml"))}
WORKFLOWS: dict[str, dict[str, Any]] = {name: YAML(typ="safe", pure=True).load(text) for name, text in TEXTS.items()}
CI, RELEASE = WORKFLOWS["ci"], WORKFLOWS["release"]
TO_COPY = sorted((ROOT / "jobs" / "schedules").glob("github-*.yaml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MATRIX = CI["jobs"]["tests"]["strategy"]["matrix"]
EACH = pytest.mark.parametrize("name", WORKFLOWS)


def named(prefix: str) -> list[str]:
    """What follows the prefix in the classifiers of the project."""
    return [text.removeprefix(prefix) for text in PROJECT["classifiers"] if text.startswith(prefix)]


def step(job: str, action: str) -> dict[str, Any]:
    """The settings of the one step of a release's job that uses the action."""
    (match,) = [row for row in RELEASE["jobs"][job]["steps"] if row.get("uses", "").startswith(f"{action}@")]
    return dict(match.get("with", {}))


def test_the_linters_find_nothing_to_say() -> None:
    """GitHub's schema, and zizmor's audits of rights, pins and injections; those users copy too."""
    files = [*sorted(FOLDER.glob("*.yml")), *TO_COPY]
    tools = Path(sys.executable).parent
    for command in (["check-jsonschema", "--builtin-schema", "vendor.github-workflows"], ["zizmor", "--offline"]):
        done = subprocess.run([tools / command[0], *command[1:], *files], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_a_workflow_that_nobody_could_run_is_found(tmp_path: Path) -> None:
    """The linters speak where something is wrong; else the test above proves nothing."""
    broken = tmp_path / "broken.yml"
    broken.write_text(
        "on: push\njobs: {a: {steps: [{uses: actions/checkout@v5}, {run: 'echo ${{ github.head_ref }}'}]}}",
        encoding="utf-8",
    )
    tools = Path(sys.executable).parent
    for command in (["check-jsonschema", "--builtin-schema", "vendor.github-workflows"], ["zizmor", "--offline"]):
        done = subprocess.run([tools / command[0], *command[1:], broken], capture_output=True, check=False)
        assert done.returncode != 0


def test_the_tests_run_on_every_python_and_system_the_project_names() -> None:
    assert MATRIX["python"] == [text for text in named("Programming Language :: Python :: ") if text[0].isdigit()]
    systems = {"ubuntu": "POSIX :: Linux", "macos": "MacOS"}
    assert sorted(systems[name.split("-")[0]] for name in MATRIX["system"]) == sorted(named("Operating System :: "))
    assert PROJECT["requires-python"] == f">={MATRIX['python'][0]}"


def test_ci_runs_every_piece_of_what_a_submission_has_to_pass() -> None:
    pieces = re.search(r"^pieces=\((.+)\)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert pieces is not None
    unnamed = {"long", "ray"}  # what takes long or much room runs by its name alone
    beside = [piece for piece in CI["jobs"]["pieces"]["strategy"]["matrix"]["piece"] if piece not in unnamed]
    assert ["tests", *beside] == pieces[1].split()
    commands = [row["run"] for job in CI["jobs"].values() for row in job["steps"] if "run" in row]
    assert commands == [".ci/run tests", ".ci/run ${{ matrix.piece }}"]


def test_a_piece_that_is_none_is_refused() -> None:
    refused = subprocess.run([ROOT / ".ci" / "run", "tets"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr.split(";")[0]) == (2, "no piece 'tets'")


def test_every_target_of_make_that_is_named_exists() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    texts = [*TEXTS.values(), *((ROOT / name).read_text(encoding="utf-8") for name in (".ci/run", "CONTRIBUTING.md"))]
    code = "\n".join(row for text in texts for row in text.splitlines() if not row.lstrip().startswith("#"))
    targets = set(re.findall(r"(?:^\s*|`|= |: )make ([a-z][a-z-]*)", code, re.MULTILINE))
    assert {"test", "test-slow", "clients", "lint", "wheel"} <= targets
    assert targets - set(phony[1].split()) == set()


@EACH
def test_every_action_is_pinned_to_a_commit_and_says_of_which_version(name: str) -> None:
    used = re.findall(r"uses: (.+)", TEXTS[name])
    pinned = re.compile(r"[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [text for text in used if not pinned.fullmatch(text) and not text.startswith("./")] == []


def test_one_action_has_one_pin() -> None:
    texts = [*TEXTS.values(), *(path.read_text(encoding="utf-8") for path in TO_COPY)]
    pins = {tuple(pin) for text in texts for pin in re.findall(r"uses: ([\w/-]+)@([0-9a-f]{40}.*)", text)}
    assert len({action for action, _ in pins}) == len(pins)


@EACH
def test_a_workflow_may_read_the_repository_and_a_job_what_it_needs_beside(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}
    more = {job: rights for job, row in WORKFLOWS[name]["jobs"].items() if (rights := row.get("permissions"))}
    wanted = {"pypi": {"id-token": "write"}, "image": {"contents": "read", "packages": "write"}}
    assert more == (wanted if name == "release" else {})


def test_a_release_passes_all_of_ci_and_carries_the_version_of_its_tag() -> None:
    assert RELEASE["on"] == {"push": {"tags": ["v*"]}}
    assert "workflow_call" in CI["on"]
    assert RELEASE["jobs"]["checks"] == {"uses": "./.github/workflows/ci.yml"}
    assert all(RELEASE["jobs"][job]["needs"] == ["checks", "wheel"] for job in ("pypi", "image"))
    assert 'if [ "$GITHUB_REF_NAME" != "v$version" ]' in TEXTS["release"]


def test_the_wheel_is_published_by_trust_and_not_by_a_key() -> None:
    assert RELEASE["jobs"]["pypi"]["environment"] == "pypi"
    assert step("pypi", "pypa/gh-action-pypi-publish") == {}
    assert re.findall(r"secrets\.(\w+)", TEXTS["release"]) == ["GITHUB_TOKEN"]


def test_the_image_tells_what_is_in_it_and_who_made_it() -> None:
    built = step("image", "docker/build-push-action")
    assert (built["push"], built["sbom"], built["provenance"]) == (True, True, "mode=max")
    assert built["tags"].endswith(":${{ needs.wheel.outputs.version }}")
