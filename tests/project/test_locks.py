"""The locks: every package by its hashes, from wherever the machine gets its packages."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.locks import Pin, pins

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
RUNTIME = PROJECT["project"]["dependencies"]
ALL_EXTRAS = [wanted for name in ("dev", "notify", "postgres", "sandbox") for wanted in EXTRAS[name]]
WANTED = {
    "audit": [(ROOT / "requirements" / "audit.in").read_text(encoding="utf-8").partition(" #")[0]],
    "build": PROJECT["build-system"]["requires"],
    "dev": [*RUNTIME, *ALL_EXTRAS, *PROJECT["build-system"]["requires"]],
    "image": [*RUNTIME, *EXTRAS["notify"], *EXTRAS["object-store"], *EXTRAS["postgres"]],
    "ray": [*RUNTIME, *EXTRAS["ray"]],
    "sandbox": [*RUNTIME, *EXTRAS["sandbox"]],
}
ADDRESS = re.compile(rb"pypi[.]org|pythonhosted[.]org|--(extra-)?index-url +[^ ]|--find-links +[^ ]")


def lock(name: str) -> dict[str, Pin]:
    return {pin.name: pin for pin in pins((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    "line",
    [
        "click==8.5.1",
        "click>=8",
        "--find-links /wheels",
        "-e .",
        "icp-sync @ file:.",
        "click==8.5.1 --hash=md5:ab",
    ],
)
def test_a_line_that_is_no_pin_with_hashes_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a pin with hashes"):
        pins(line)


def test_a_pin_is_a_name_a_version_and_its_hashes() -> None:
    digest = "--hash=sha256:" + "0" * 64
    assert pins(f"# by hand\nclick==8.5.1 \\\n    {digest}\n    # via us\n") == [
        Pin("click", "8.5.1", frozenset({digest}))
    ]


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_holds_what_the_project_asks_for(name: str) -> None:
    wanted = [Requirement(text) for text in WANTED[name]]
    locked = lock(name)
    missing = [
        str(requirement)
        for requirement in wanted
        if requirement.name != "icp-sync"
        and locked[canonicalize_name(requirement.name)].version not in requirement.specifier
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["build", "image", "sandbox"])
def test_what_is_shipped_is_what_was_tested(name: str) -> None:
    tested = lock("dev")
    assert {pin: tested.get(name) for name, pin in lock(name).items()} == {pin: pin for pin in lock(name).values()}


def test_ray_is_installed_beside_the_rest_and_changes_none_of_it() -> None:
    tested = lock("dev")
    beside = {name: pin for name, pin in lock("ray").items() if name in tested}
    assert "polars" in beside
    assert beside == {name: tested[name] for name in beside}


@pytest.mark.parametrize("package", ["httptools", "orjson", "polars-runtime-32", "pydantic-core", "rapidfuzz"])
def test_a_compiled_package_is_locked_for_every_platform(package: str) -> None:
    """Linux and macOS on x86-64 and arm64, and the source; a lock made for one machine holds one or two."""
    assert len(lock("sandbox")[package].hashes) >= 5


def test_no_tracked_file_names_a_registry() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607
    files = [ROOT / name for name in tracked.decode().split("\0") if name and name != "tests/project/test_locks.py"]
    assert [str(file) for file in files if file.is_file() and ADDRESS.search(file.read_bytes())] == []
