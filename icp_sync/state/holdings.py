"""What a state directory holds, and whether there is room for more."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Final

from icp_sync.state.directory import StateDirectory, said

PROBE: Final = "probe"


@dataclass(frozen=True, slots=True)
class Holdings:
    """`free`: bytes left on its disk; `files`: name → size in bytes of what lies in it, folders left out."""

    free: int
    files: dict[str, int]


def holdings(state: StateDirectory) -> Holdings:
    """What lies in the directory, once a file could be written into it. Raises StateUnusable."""
    state.replace(PROBE, b"")
    with said(state.path):
        (state.path / PROBE).unlink()
        files = {file.name: file.stat().st_size for file in sorted(state.path.iterdir()) if file.is_file()}
        return Holdings(shutil.disk_usage(state.path).free, files)
