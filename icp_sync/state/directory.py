"""The state directory: made private, opened once, with every fault said in one sentence."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import filelock

from icp_sync.errors import LockHeld, StateUnusable

PROBE: Final = "probe"


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """`free`: bytes left on its disk; `files`: name → size in bytes of what lies in it, folders left out."""

    free: int
    files: dict[str, int]


def disk_usage(state: StateDirectory) -> DiskUsage:
    """What lies in the directory, once a file could be written into it. Raises StateUnusable."""
    state.replace(PROBE, b"")
    with translate_os_errors(state.path):
        (state.path / PROBE).unlink()
        files = {file.name: file.stat().st_size for file in sorted(state.path.iterdir()) if file.is_file()}
        return DiskUsage(shutil.disk_usage(state.path).free, files)


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """A directory only its owner reads (it holds company ids)."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> StateDirectory:
        """The directory at `path`, made when missing. Raises StateUnusable."""
        with translate_os_errors(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory for one run; a second run gets LockHeld at once instead of waiting.

        The lock is the operating system's, so a run that died holds nothing.
        """
        lock = filelock.FileLock(self.path / "lock", mode=0o600, fallback_to_soft=False)
        with translate_os_errors(self.path):
            try:
                lock.acquire(blocking=False)
            except filelock.Timeout as error:  # an OSError too, but no fault of the directory
                raise LockHeld(f"another icp-sync run is at work on {self.path}; wait for it to end") from error
        try:
            yield
        finally:
            lock.release()

    def append(self, name: str, line: bytes) -> None:
        """Add one line to a file and see it on disk before returning; a line cut short before it stays alone.

        What could not be added whole, as on a full disk, is taken back. Raises StateUnusable.
        """
        path = self.path / name
        with translate_os_errors(self.path):
            is_new = not path.exists()
            with open_private(path, os.O_APPEND) as file:
                _add_whole(file.fileno(), line if _ends_in_newline(path) else b"\n" + line)
            if is_new:
                _entries_to_disk(self.path)

    def replace(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all: beside it first, then renamed over it. Raises StateUnusable."""
        beside = self.path / f"{name}.{secrets.token_hex(4)}.new"
        with translate_os_errors(self.path):
            try:
                with open_private(beside, os.O_TRUNC) as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError:
                # On a full disk what got written of it would be in everybody's way.
                if beside.is_file() and not beside.is_symlink():
                    beside.unlink()
                raise
            beside.replace(self.path / name)
            _entries_to_disk(self.path)

    def read(self, name: str) -> bytes | None:
        """A file's content, None when there is none."""
        with translate_os_errors(self.path):
            file = self.path / name
            return file.read_bytes() if file.exists() else None


@contextmanager
def translate_os_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals into one sentence naming the directory."""
    try:
        yield
    except OSError as error:
        remedy = "free some space there" if error.errno in _FULL else "make it writable for this user"
        raise StateUnusable(
            f"the state directory {path} cannot be used ({error.strerror or error}); "
            f"{remedy}, or name another with --state"
        ) from error


def open_private(path: Path, how: int) -> IO[bytes]:
    """Open for writing (`how`: `os.O_APPEND` or `os.O_TRUNC`), readable by the owner only from the first moment."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | how, 0o600), "wb")


def _add_whole(file: int, content: bytes) -> None:
    """All of `content` at the end of an open file and on disk, or nothing of it."""
    size, rest = os.fstat(file).st_size, memoryview(content)
    try:
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise


def _entries_to_disk(directory: Path) -> None:
    """A file's content being on disk is of no use while the directory's entry for it is not."""
    entries = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)


def _ends_in_newline(path: Path) -> bool:
    """Whether the last line is whole; an empty file has none that is not."""
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
