"""What lies in a state directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory, probe_disk_usage


def test_files_are_told_with_their_sizes_and_nothing_is_left_behind(tmp_path: Path) -> None:
    state = StateDirectory.open(tmp_path)
    state.replace("pointer.json", b"{}\n")
    (tmp_path / "plans").mkdir()
    assert probe_disk_usage(state).files == {"pointer.json": 3}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["plans", "pointer.json"]
    assert probe_disk_usage(state).free > 0


def test_a_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    state = StateDirectory.open(tmp_path / "state")
    (tmp_path / "state").rmdir()
    with pytest.raises(StateUnusable, match="make it writable"):
        probe_disk_usage(state)
