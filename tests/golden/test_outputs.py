"""What people see does not change unseen: `python -m tests.golden.outputs` writes what a change means to change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.outputs import FOLDER, ROOT

DAILY = ["small", "s1-manufacturing"]


@pytest.mark.parametrize("profiles", [DAILY, pytest.param([], id="all", marks=pytest.mark.slow)])
def test_every_output_is_as_it_was(profiles: list[str], tmp_path: Path) -> None:
    # In a process of its own: click keeps what another test did to a command's options.
    command = [sys.executable, "-m", "tests.golden.outputs", str(tmp_path), *profiles]
    subprocess.run(command, cwd=ROOT, check=True)
    now, frozen = _texts(tmp_path), _texts(FOLDER)
    frozen = {name: text for name, text in frozen.items() if not profiles or name.split("/")[0] in {*profiles, "help"}}
    changed = [name for name in sorted(now.keys() | frozen) if now.get(name) != frozen.get(name)]

    assert {name: now.get(name) for name in changed} == {name: frozen.get(name) for name in changed}


def _texts(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.*")}
