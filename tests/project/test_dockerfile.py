"""The container image: unprivileged, hash-locked, with its state on a volume."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.dockerfile import Instruction, instructions, stages

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BUILD, FINAL = stages(TEXT)


def arguments(stage: list[Instruction], keyword: str) -> list[str]:
    return [instruction.argument for instruction in stage if instruction.keyword == keyword]


def test_a_continued_line_and_a_comment_within_it_are_one_instruction() -> None:
    assert list(instructions("RUN a \\\n# why\n    && b\nuser 1")) == [("RUN", "a && b"), ("USER", "1")]


def test_hadolint_finds_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    linted = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (linted.returncode, linted.stdout) == (0, "")


def test_the_command_line_is_the_entrypoint() -> None:
    assert json.loads(arguments(FINAL, "ENTRYPOINT")[0]) == ["icp-sync"]


def test_it_runs_as_a_numbered_user_who_is_not_root() -> None:
    user, group = arguments(FINAL, "USER")[-1].split(":")
    assert int(user) >= 10_000
    assert int(group) >= 10_000


def test_the_state_is_a_volume_that_belongs_to_that_user() -> None:
    (volume,) = json.loads(arguments(FINAL, "VOLUME")[0])
    assert f"ICP_SYNC_STATE={volume}" in arguments(FINAL, "ENV")[0]
    assert f"--owner icp_sync --group icp_sync --mode 0700 {volume}" in arguments(FINAL, "RUN")[0]


def test_nothing_is_added_from_an_address() -> None:
    assert not [instruction for instruction in instructions(TEXT) if instruction.keyword == "ADD"]


def test_both_stages_stand_on_the_same_tagged_slim_image() -> None:
    first, last = (arguments(stage, "FROM")[0].split()[0] for stage in (BUILD, FINAL))
    assert first == last
    assert first.split(":")[1].split("-")[1] == "slim"


def test_every_package_is_installed_by_its_hash() -> None:
    installs = [step for run in arguments(BUILD, "RUN") for step in run.split(" && ") if " install " in step]
    assert installs
    assert all("--require-hashes" in step or "--no-deps dist/*.whl" in step for step in installs)


@pytest.mark.parametrize("source", [name for copy in arguments(BUILD, "COPY") for name in copy.split()[:-1]])
def test_what_is_copied_exists_and_reaches_the_build(source: str) -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert (ROOT / source).exists()
    assert f"!{Path(source).parts[0]}" in allowed


def test_nothing_else_of_the_tree_reaches_the_build() -> None:
    """Neither the service key in .env nor the profile can end in a layer."""
    first, *rest = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = {Path(name).parts[0] for copy in arguments(BUILD, "COPY") for name in copy.split()[:-1]}
    assert first == "*"
    assert {line.removeprefix("!") for line in rest if line.startswith("!")} == copied
