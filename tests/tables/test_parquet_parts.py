"""A folder of parts is seen to be unfinished until its manifest is written, whoever died on the way."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from icp_sync.tables.parquet_parts import MANIFEST, commit_parts, prepare_part_folder

ROWS = pl.DataFrame({"0": [1]})


def begin(folder: Path, count: int) -> None:
    parts = prepare_part_folder(folder, ["id"])
    for number in range(count):
        parts.store(number, parts.encode(ROWS))


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_parts_that_are_begun_have_no_manifest_yet(tmp_path: Path) -> None:
    folder = tmp_path / "scored"
    begin(folder, 1)
    assert entries(folder) == ["part-00000.parquet"]
    commit_parts(folder, {"rows": 1})
    assert entries(folder) == [MANIFEST, "part-00000.parquet"]


def test_the_manifest_of_a_former_result_goes_before_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "scored"
    begin(folder, 3)
    commit_parts(folder, {"rows": 3})
    removed: list[str] = []
    unlink = os.unlink

    def recorded(path: Path) -> None:
        removed.append(path.name)
        unlink(path)

    monkeypatch.setattr(os, "unlink", recorded)
    begin(folder, 0)
    assert removed[0] == MANIFEST
    assert len(removed) == 4


def test_what_a_try_that_died_left_half_written_goes_before_the_manifest_says_all_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "scored"
    begin(folder, 1)
    (folder / "part-00001.parquet.0123abcd.new").touch()
    commit_parts(folder, {"rows": 1})
    assert entries(folder) == [MANIFEST, "part-00000.parquet"]
