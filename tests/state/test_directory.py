"""The state directory: private, held by one run at a time, its files whole or not there."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from icp_sync.errors import LockHeld, StateUnusable
from icp_sync.state.directory import StateDirectory

DIES_WITH_THE_LOCK = """
import os, pathlib, sys
from icp_sync.state.directory import StateDirectory
with StateDirectory.open(pathlib.Path(sys.argv[1])).lock():
    os._exit(9)
"""


# No file may grow beyond so many bytes, as on a full disk.
FILLS_UP = """
import pathlib, resource, sys
from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory
state = StateDirectory.open(pathlib.Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    state.replace("file", b"x" * 900)
except StateUnusable as full:
    sys.exit(full.message)
"""


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory.open(tmp_path / "deep" / "state")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_with_its_parents_and_opened_again(state: StateDirectory) -> None:
    assert state.path.is_dir()
    assert StateDirectory.open(state.path) == state


def test_only_its_owner_reads_it_and_what_lies_in_it(state: StateDirectory) -> None:
    state.replace("pointer.json", b"{}")
    with state.lock():
        names = ("pointer.json", "lock")
        assert [mode(state.path), *(mode(state.path / name) for name in names)] == [0o700, 0o600, 0o600]


def test_a_second_run_is_told_at_once(state: StateDirectory) -> None:
    with state.lock(), pytest.raises(LockHeld, match="another icp-sync run is at work on"), state.lock():
        pass


def test_the_next_run_gets_the_lock_even_after_a_failure(state: StateDirectory) -> None:
    with pytest.raises(ZeroDivisionError), state.lock():
        raise ZeroDivisionError
    with state.lock():
        assert (state.path / "lock").exists()


def test_a_run_that_died_holds_nothing(state: StateDirectory) -> None:
    died = subprocess.run([sys.executable, "-c", DIES_WITH_THE_LOCK, str(state.path)], check=False)
    assert died.returncode == 9
    with state.lock():
        assert (state.path / "lock").exists()


def test_a_file_that_is_not_there_is_none(state: StateDirectory) -> None:
    assert state.read("pointer.json") is None


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(state: StateDirectory) -> None:
    state.replace("pointer.json", b"a long first content")
    state.replace("pointer.json", b"short")
    assert state.read("pointer.json") == b"short"
    assert [path.name for path in state.path.iterdir()] == ["pointer.json"]


def test_a_replacement_that_fails_leaves_the_file_as_it_was(
    state: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.replace("pointer.json", b"before")

    def failing(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StateUnusable):
        state.replace("pointer.json", b"after")
    assert state.read("pointer.json") == b"before"
    assert [path.name for path in state.path.iterdir()] == ["pointer.json"]


def test_two_who_replace_a_file_at_a_time_leave_one_of_the_two_whole(state: StateDirectory) -> None:
    contents = [letter.encode() * 100_000 for letter in "abcd"]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(state.replace, ["file"] * 40, contents * 10))
    assert state.read("file") in contents
    assert [path.name for path in state.path.iterdir()] == ["file"]


def test_what_does_not_fit_on_the_disk_leaves_the_file_as_it_was_and_is_said(state: StateDirectory) -> None:
    before = b"first\n" * 30
    (state.path / "file").write_bytes(before)
    ended = subprocess.run([sys.executable, "-c", FILLS_UP, str(state.path)], capture_output=True, check=False)
    assert ended.returncode == 1
    assert b"cannot be used (File too large); free some space there, or name another with --state" in ended.stderr
    assert state.read("file") == before
    assert [path.name for path in state.path.iterdir()] == ["file"]


def test_a_link_somebody_laid_is_not_followed(state: StateDirectory, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"precious")
    (state.path / "pointer.json").symlink_to(theirs)
    state.replace("pointer.json", b"{}")
    assert theirs.read_bytes() == b"precious"
    assert state.read("pointer.json") == b"{}"


def test_a_file_where_the_directory_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateUnusable, match=r"file cannot be used \(.+\); make it writable .+--state"):
        StateDirectory.open(tmp_path / "file")
    with pytest.raises(StateUnusable):
        StateDirectory.open(tmp_path / "file" / "below")


def test_a_directory_that_vanished_is_said_whatever_is_asked_of_it(state: StateDirectory) -> None:
    state.path.rmdir()
    with pytest.raises(StateUnusable):
        state.replace("pointer.json", b"{}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_this_user_may_only_read_is_said(state: StateDirectory) -> None:
    state.path.chmod(0o500)
    with pytest.raises(StateUnusable, match="Permission denied"):
        state.replace("file", b"{}\n")
    with pytest.raises(StateUnusable, match="Permission denied"), state.lock():
        pass
