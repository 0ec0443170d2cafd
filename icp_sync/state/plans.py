"""Plans saved in the state directory, such as one blocked by a guardrail, and other files private to the user."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory, open_private, translate_os_errors

MAX_PLANS: Final = 10


def save(state: StateDirectory, run_id: str, lines: Iterable[bytes]) -> Path:
    """Write a plan to `STATE/plans/RUN_ID.jsonl`, mode 0600, and return the path; the oldest plans are removed.

    Raises StateUnusable.
    """
    folder = state.path / "plans"
    with translate_os_errors(state.path):
        folder.mkdir(mode=0o700, exist_ok=True)
        _prune(folder)
    return write_private(folder / f"{run_id}.jsonl", lines)


def _prune(folder: Path) -> None:
    """Remove all but the newest plans and their tables: a job blocked every night saves one each time."""
    for plan in sorted(folder.glob("*.jsonl"))[: 1 - MAX_PLANS]:
        plan.unlink()
        plan.with_suffix(".csv").unlink(missing_ok=True)


def write_private(path: Path, lines: Iterable[bytes]) -> Path:
    """Write lines to `path` whole or not at all, mode 0600, and return it. Raises StateUnusable.

    An existing path that is no regular file (a pipe, `/dev/stdout`) is written to, not replaced.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                device.writelines(lines)
        else:
            _replace(path, lines)
    except OSError as error:
        raise StateUnusable(
            f"{path} cannot be written ({error.strerror or error}); name a file in a directory this user may write to"
        ) from error
    return path


def _replace(path: Path, lines: Iterable[bytes]) -> None:
    temporary = path.with_name(f"{path.name}.new")
    with open_private(temporary, os.O_TRUNC) as file:
        file.writelines(lines)
    temporary.replace(path)
