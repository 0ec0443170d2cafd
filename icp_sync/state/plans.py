"""Plans kept in the state directory, such as one a guardrail held."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from icp_sync.state.directory import StateDirectory, said


def save(state: StateDirectory, run_id: str, lines: Iterable[bytes]) -> Path:
    """Write a plan to `STATE/plans/RUN_ID.jsonl`, readable by its owner only, and say where."""
    folder = state.path / "plans"
    with said(state.path):
        folder.mkdir(mode=0o700, exist_ok=True)
    return write_private(folder / f"{run_id}.jsonl", lines)


def write_private(path: Path, lines: Iterable[bytes]) -> Path:
    """Write lines to `path` whole or not at all, mode 0600. Raises StateUnusable."""
    beside = path.with_name(path.name + ".new")
    with said(path.parent):
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines(lines)
        beside.chmod(0o600)
        beside.replace(path)
    return path
