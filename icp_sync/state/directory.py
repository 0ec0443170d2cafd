"""The state directory: locked for one run, private to its user, written atomically and durably."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import filelock
import platformdirs

from icp_sync.errors import LockHeld, StateUnusable
from icp_sync.files import make_private_folder, replace_file
from icp_sync.state.parquet import ParquetFile, remove_old_parquet

PROBE_FILE: Final = "probe"


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """`free`: bytes left on its disk; `files`: name → size in bytes of the files in it, without subfolders."""

    free: int
    files: dict[str, int]


def probe_disk_usage(state: StateDirectory) -> DiskUsage:
    """Return the sizes of the directory's files, after writing and removing a probe file. Raises StateUnusable."""
    state.require_writable()
    with translate_os_errors(state.path):
        files = {file.name: file.stat().st_size for file in sorted(state.path.iterdir()) if file.is_file()}
        return DiskUsage(shutil.disk_usage(state.path).free, files)


_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """A directory readable by its owner only, as it contains company ids and values."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> StateDirectory:
        """Open the directory at `path`, created when missing. Raises StateUnusable."""
        with translate_os_errors(path):
            make_private_folder(path)
        return cls(path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Lock the directory for one run; a second run gets LockHeld at once instead of waiting.

        The lock is the operating system's, so it ends with the process.
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

    def replace(self, name: str, content: bytes) -> None:
        """Replace a file atomically and durably. Raises StateUnusable."""
        with translate_os_errors(self.path):
            replace_file(self.path / name, [content])

    def read(self, name: str) -> bytes | None:
        """Return a file's content, None when there is no such file. Raises StateUnusable."""
        with translate_os_errors(self.path):
            try:
                return (self.path / name).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def location_text(self, name: str) -> str:
        """The path of a file, for messages."""
        return str(self.path / name)

    def require_writable(self) -> None:
        """Write and remove a file. Raises StateUnusable."""
        self.replace(PROBE_FILE, b"")
        self.remove([PROBE_FILE])

    def swap_pointer(self, name: str, content: bytes) -> bytes | None:
        """Replace a file and return what stood there; the lock keeps other writers away. Raises StateUnusable."""
        former = self.read(name)
        self.replace(name, content)
        return former

    def publish(self, names: Iterable[str]) -> None:
        """Does nothing: a file made here is kept here."""

    def fetch(self, files: Iterable[ParquetFile]) -> None:
        """Does nothing: a file kept here is here."""

    def file_names(self, folder: str) -> Collection[str]:
        """The names of the files in a folder of it, the folder before each. Raises StateUnusable."""
        with translate_os_errors(self.path):
            return [f"{folder}/{file.name}" for file in (self.path / folder).glob("*") if file.is_file()]

    def fetch_folder(self, folder: str) -> None:
        """Does nothing: what is kept here is here."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; one that is missing is no fault. Raises StateUnusable."""
        with translate_os_errors(self.path):
            for name in names:
                (self.path / name).unlink(missing_ok=True)

    def remove_old(self, pointer: str, stem: str, replaced: Collection[str], kept: Collection[str]) -> None:
        """Remove Parquet files as `remove_old_parquet` does, ages counted to the pointer's. Raises StateUnusable."""
        with translate_os_errors(self.path):
            now = (self.path / pointer).stat().st_mtime
            remove_old_parquet(self.path, stem, replaced, kept, now)


@contextmanager
def translate_os_errors(path: Path, setting: str = "--state", name: str = "the state directory") -> Iterator[None]:
    """Turn OSError inside the block into StateUnusable, which names the directory and the remedy.

    `setting`: what names another directory instead.
    """
    try:
        yield
    except OSError as error:
        remedy = "free some space there" if error.errno in _DISK_FULL else "make it writable for this user"
        raise StateUnusable(
            f"{name} {path} cannot be used ({error.strerror or error}); {remedy}, or name another with {setting}"
        ) from error


def user_state_directory() -> Path:
    """Where this user's state lies, unless it is named. Raises StateUnusable without a home directory."""
    try:
        return platformdirs.user_state_path("icp_sync")
    except RuntimeError as error:  # no HOME, and a user id the machine does not know: usual on OpenShift
        raise StateUnusable(
            "this user has no home directory to keep the state in; name a directory with --state or ICP_SYNC_STATE"
        ) from error
