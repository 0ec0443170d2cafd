"""Plans kept as private files, whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from icp_sync.errors import StateUnusable
from icp_sync.files import write_private_file
from icp_sync.state.directory import StateDirectory
from icp_sync.state.plans import PlanStore


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_plan_is_saved_under_its_run_for_its_owner_only(tmp_path: Path) -> None:
    path = PlanStore(StateDirectory.open(tmp_path)).save("run-1", [b"one\n", b"two\n"])
    assert path == tmp_path / "plans" / "run-1.jsonl"
    assert path.read_bytes() == b"one\ntwo\n"
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_a_file_others_could_read_becomes_private_when_replaced(tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonl"
    path.write_bytes(b"old and longer")
    path.chmod(0o644)
    assert write_private_file(path, [b"new"]).read_bytes() == b"new"
    assert mode(path) == 0o600


def test_a_plan_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    path = tmp_path / "plan.jsonl"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        write_private_file(path, breaking())
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["plan.jsonl"]


def test_what_is_no_ordinary_file_is_written_to_and_stays(tmp_path: Path) -> None:
    """`--out /dev/stdout` as root must not put a file in place of the device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_private_file(pipe, [b"plan"])
    assert os.read(reader, 10) == b"plan"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["no/such/folder/plan.jsonl", "file/plan.jsonl", "."])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateUnusable, match="cannot be written") as refusal:
        write_private_file(tmp_path / name, [b"x"])
    assert str(tmp_path / name) in refusal.value.message


def test_a_folder_for_plans_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "plans").touch()
    with pytest.raises(StateUnusable):
        PlanStore(StateDirectory(tmp_path)).save("run-1", [b"x"])
