"""A profile's file as it was read, and saving over it: whole or not at all, and never over somebody else's edit."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from icp_sync.errors import ProfileChanged, ProfileInvalid, StateUnusable
from icp_sync.files import replace_file, write_public_file


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """A profile's file: its path as it was named (perhaps a link), and the bytes that were read."""

    path: Path
    content: bytes

    def is_current(self) -> bool:
        """Whether the file on disk still holds these bytes; False where it cannot be read any more."""
        try:
            return self.path.read_bytes() == self.content
        except OSError:
            return False


def read_profile_file(path: Path, option: str = "--profile") -> ProfileFile:
    """The file at `path`, which `option` of the command named. Raises ProfileInvalid where it cannot be read."""
    try:
        return ProfileFile(path, path.read_bytes())
    except OSError as error:
        raise ProfileInvalid(
            f"the profile {path} cannot be read ({error.strerror}); name another with {option}, "
            "or make one with icp-sync init"
        ) from error


def overwrite_profile_file(file: ProfileFile, content: bytes) -> ProfileFile:
    """Writes `content` over the file and returns it as it is now; owner, group and mode stay, a link stays a link.

    Raises ProfileChanged where the file is no longer what was read, StateUnusable where it cannot be written: then it
    is as it was.
    """
    try:
        target = file.path.resolve(strict=True)
        with _lock_file(target, file):
            before = target.stat()
            # A rename needs no right to the file itself, so a file made read-only would be replaced.
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, "the file is read-only")
            owner = (before.st_uid, before.st_gid)
            replace_file(target, [content], stat.S_IMODE(before.st_mode), owner)
    except FileNotFoundError as error:
        raise ProfileChanged(f"{file.path} is gone since it was read; nothing was saved") from error
    except OSError as error:
        raise StateUnusable(
            f"{file.path} cannot be written ({error.strerror or error}) and is as it was; "
            "make it and its directory writable for this user, or save under another name"
        ) from error
    return ProfileFile(file.path, content)


def write_new_profile(path: Path, content: bytes) -> None:
    """Writes a profile to a file that is not there yet, readable by all (0644), whole or not at all.

    Raises ProfileChanged where there is one by now, StateUnusable where it cannot be written.
    """
    if path.exists():
        raise ProfileChanged(f"{path} is there already, and is not written over; name another file")
    write_public_file(path, [content])


@contextmanager
def _lock_file(target: Path, file: ProfileFile) -> Iterator[None]:
    """Holds the file's lock while it is compared and replaced, so that of two who save at once one is refused.

    Each lock is on the file that stood there before: who waited for it finds another in its place.
    """
    with target.open("rb") as standing:
        try:
            fcntl.flock(standing, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ProfileChanged(f"{file.path} is being saved by another program; load it again") from error
        if target.read_bytes() != file.content:
            raise ProfileChanged(
                f"{file.path} was changed since it was read; nothing was saved: load it again, and keep your values"
            )
        yield
