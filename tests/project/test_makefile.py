"""`make`: one command each, listed by `make` alone, and one clear sentence where it cannot work."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGETS = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def make(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A clone in which nothing was installed yet."""
    (tmp_path / "requirements").mkdir()
    for name in [
        "Makefile",
        "pyproject.toml",
        "requirements/dev.txt",
        "requirements/bench.txt",
        "requirements/ray.txt",
    ]:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_make_alone_explains_every_target() -> None:
    assert TARGETS is not None
    explained = re.findall(r"^  make ([\w-]+) +\S", make().stdout, re.MULTILINE)
    assert sorted(explained) == sorted(TARGETS[1].split())


@pytest.mark.parametrize(
    "target", ["demo", "test", "test-slow", "test-long", "test-all", "lint", "bench", "ray", "drill", "wheel"]
)
def test_a_target_installs_the_locked_packages_first(target: str, fresh: Path) -> None:
    steps = make("--dry-run", target, cwd=fresh).stdout
    assert steps.index("-m venv .venv") < steps.index("--require-hashes --requirement requirements/dev.txt")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            "exit 1",
            "icp_sync needs Python 3.11 or newer, ./python is older; name another: make PYTHON=python3.12",
        ),
        (
            "case $2 in *ensurepip*) exit 1;; esac",
            "./python cannot make virtual environments; install its venv package",
        ),
    ],
)
def test_an_interpreter_that_will_not_do_is_named_in_one_sentence(answer: str, sentence: str, fresh: Path) -> None:
    (fresh / "python").write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    (fresh / "python").chmod(0o755)
    refused = make("test", "PYTHON=./python", cwd=fresh)
    assert refused.returncode == 2
    assert refused.stderr.startswith(sentence)
    assert not (fresh / ".venv").exists()


def test_a_missing_interpreter_is_named_in_one_sentence(fresh: Path) -> None:
    assert make("test", "PYTHON=python3.99", cwd=fresh).stderr.startswith("python3.99 is not installed; ")
