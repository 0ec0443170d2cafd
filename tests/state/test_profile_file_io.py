"""A profile is saved over its file whole or not at all, and never over somebody else's edit."""

from __future__ import annotations

import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from icp_sync.errors import ProfileChanged, ProfileInvalid, StateUnusable
from icp_sync.state.profile_file_io import ProfileFile, overwrite_profile_file, read_profile_file

BEFORE, AFTER = b"\xef\xbb\xbfschema: 1\r\n", b"\xef\xbb\xbfschema: 1 # the first\r\n"
is_root = os.geteuid() == 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (path := tmp_path / "icp.yaml").write_bytes(BEFORE)
    return path


def test_what_is_saved_is_what_stands_there_and_nothing_else_is_left(path: Path) -> None:
    saved = overwrite_profile_file(read_profile_file(path), AFTER)
    assert (path.read_bytes(), saved, saved.is_current()) == (AFTER, ProfileFile(path, AFTER), True)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o600, 0o775])
def test_the_mode_stays(path: Path, mode: int) -> None:
    path.chmod(mode)
    overwrite_profile_file(read_profile_file(path), AFTER)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(not is_root, reason="only root may give a file away")
def test_the_owner_stays_also_when_root_saves(path: Path) -> None:
    os.chown(path, 1234, 4321)
    overwrite_profile_file(read_profile_file(path), AFTER)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


def test_a_link_stays_a_link_and_its_file_is_saved(path: Path) -> None:
    (link := path.parent / "profile.yaml").symlink_to("icp.yaml")
    overwrite_profile_file(read_profile_file(link), AFTER)
    assert (link.is_symlink(), path.read_bytes()) == (True, AFTER)


def test_an_edit_by_somebody_else_is_seen_and_not_written_over(path: Path) -> None:
    file = read_profile_file(path)
    path.write_bytes(b"schema: 1 # mine\n")
    assert not file.is_current()
    with pytest.raises(ProfileChanged, match="was changed since it was read; nothing was saved: load it again"):
        overwrite_profile_file(file, AFTER)
    assert path.read_bytes() == b"schema: 1 # mine\n"


def test_a_file_that_was_touched_only_is_the_same(path: Path) -> None:
    file = read_profile_file(path)
    os.utime(path, (1, 1))
    assert overwrite_profile_file(file, AFTER).is_current()


def test_a_file_that_is_gone_is_not_made_again(path: Path) -> None:
    file = read_profile_file(path)
    path.unlink()
    assert not file.is_current()
    with pytest.raises(ProfileChanged, match="is gone since it was read"):
        overwrite_profile_file(file, AFTER)
    assert not path.exists()


def _save(file: ProfileFile, content: bytes) -> str:
    try:
        overwrite_profile_file(file, content)
    except ProfileChanged:
        return "refused"
    return "saved"


def test_of_many_who_save_at_once_one_wins(path: Path) -> None:
    file = read_profile_file(path)
    contents = [b"schema: 1 # %d\n" % n for n in range(6)]
    with multiprocessing.get_context("fork").Pool(6) as pool:
        ends = pool.starmap(_save, [(file, content) for content in contents], chunksize=1)
    assert sorted(ends) == ["refused"] * 5 + ["saved"]
    assert path.read_bytes() == contents[ends.index("saved")]


@pytest.mark.skipif(is_root, reason="root may write everywhere")
def test_a_read_only_file_is_left_alone(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(StateUnusable, match=r"cannot be written \(the file is read-only\) and is as it was"):
        overwrite_profile_file(read_profile_file(path), AFTER)
    assert path.read_bytes() == BEFORE


SAVE_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from icp_sync.errors import StateUnusable
from icp_sync.state.profile_file_io import read_profile_file, overwrite_profile_file
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    overwrite_profile_file(read_profile_file(Path(sys.argv[1])), b"x" * 100)
except StateUnusable as error:
    print(error)
"""


def test_a_full_disk_leaves_the_file_as_it_was(path: Path) -> None:
    command = [sys.executable, "-c", SAVE_ON_A_FULL_DISK, str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "cannot be written (File too large) and is as it was" in printed
    assert (path.read_bytes(), list(path.parent.iterdir())) == (BEFORE, [path])


def test_a_file_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ProfileInvalid, match=r"cannot be read \(Is a directory\); name another with --profile"):
        read_profile_file(tmp_path)
