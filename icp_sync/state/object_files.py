"""Files of the state kept in an object store, so that a worker anywhere goes on where another ended.

They lie at `PREFIX/PORTAL_ID/PROFILE/`, as a user's own directories do.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from icp_sync.files import make_private_folder, open_replacement_file
from icp_sync.object_store.address import ObjectAddress
from icp_sync.object_store.opening import open_folder
from icp_sync.state.directory import PROBE_FILE, StateDirectory, translate_os_errors
from icp_sync.state.parquet import ABANDONED_AFTER_S, ParquetFile, is_intact, remove_old_parquet
from icp_sync.state.snapshot_pointer import pointer_name

if TYPE_CHECKING:
    from icp_sync.object_store.folder import ObjectFolder, ObjectVersion

_AT_ONCE: Final = 16
"""Downloads at a time: of ninety reports, each a few kilobytes and an answer away."""


@dataclass(frozen=True, slots=True)
class ObjectFiles:
    """The files in `folder`; `directory` is where they are opened and made, and may be empty.

    What is read is read from the store, so a directory that another worker has left behind is never mistaken for the
    state. Every method raises ObjectStoreUnusable, which is a StateUnusable.
    """

    directory: StateDirectory
    folder: ObjectFolder
    _seen: dict[str, ObjectVersion | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def path(self) -> Path:
        return self.directory.path

    def location_text(self, name: str) -> str:
        return str(self.folder.address / name)

    def require_writable(self) -> None:
        self.folder.write(PROBE_FILE, b"")
        self.folder.remove([PROBE_FILE])

    def probe_conditional_writes(self) -> bool:
        """Whether the store refuses a pointer that another writer has replaced, asked with a file of its own."""
        try:
            return self.folder.probe_conditional_writes(PROBE_FILE)
        finally:
            self.folder.remove([PROBE_FILE])

    def read(self, name: str) -> bytes | None:
        answer = self.folder.read(name)
        # The first reading counts: what a run does follows from it, also where it looks again before it saves.
        self._seen.setdefault(name, answer[1] if answer else None)
        return answer[0] if answer else None

    def replace(self, name: str, content: bytes) -> None:
        self.folder.write(name, content)

    def swap_pointer(self, name: str, content: bytes) -> bytes | None:
        standing = self.folder.read(name)
        version = standing[1] if standing else None
        # Looked at here too, since not every store heeds the condition of the write.
        if version != self._seen.get(name, version):
            raise self.folder.changed_error(name)
        self._seen[name] = self.folder.write_if_version(name, content, version)
        return standing[0] if standing else None

    def publish(self, names: Iterable[str]) -> None:
        for name in names:
            # A name holds its content's digest, and an object is there whole or not at all. What is nowhere was lost
            # before, and is not read again, as on a disk.
            if self.folder.version(name) is None and (self.path / name).exists():
                self.folder.write(name, self.path / name)

    def fetch(self, files: Iterable[ParquetFile]) -> None:
        for file in files:
            if not is_intact(self.path, file):
                self._download(file.file)

    def file_names(self, folder: str) -> Collection[str]:
        return [entry.name for entry in self.folder.entries() if entry.name.startswith(f"{folder}/")]

    def fetch_folder(self, folder: str) -> None:
        entries = [entry for entry in self.folder.entries() if entry.name.startswith(f"{folder}/")]
        with translate_os_errors(self.path):
            make_private_folder(self.path / folder)
            missing = {
                entry.name: entry.modified_at
                for entry in entries
                if not self._is_current(entry.name, entry.modified_at)
            }
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                for name, downloaded in zip(missing, pool.map(self._download, missing), strict=True):
                    if downloaded:
                        # Runs of one second sort by when they were saved.
                        os.utime(self.path / name, (missing[name].timestamp(),) * 2)

    def remove(self, names: Iterable[str]) -> None:
        removed = list(names)
        self.folder.remove(removed)
        self.directory.remove(removed)

    def remove_old(self, pointer: str, stem: str, replaced: Collection[str], kept: Collection[str]) -> None:
        entries = {entry.name: entry.modified_at for entry in self.folder.entries()}
        young = entries[pointer] - dt.timedelta(seconds=ABANDONED_AFTER_S) if pointer in entries else None
        ours = (name for name in entries if name.startswith(f"{stem}.") and name.endswith(".parquet"))
        old = [name for name in ours if name in replaced or (young and entries[name] < young)]
        self.folder.remove(name for name in old if name not in kept)
        with translate_os_errors(self.path):
            remove_old_parquet(self.path, stem, replaced, kept, time.time())

    def _is_current(self, name: str, modified_at: dt.datetime) -> bool:
        file = self.path / name
        return file.exists() and file.stat().st_mtime == modified_at.timestamp()

    def _download(self, name: str) -> bool:
        """Put a file into `path`, whole or not at all; False where the store has none."""
        with translate_os_errors(self.path):
            with open_replacement_file(self.path / name) as file:
                is_there = self.folder.download(name, file)
            if not is_there:
                (self.path / name).unlink()
            return is_there


def open_object_files(snapshots: ObjectAddress, directory: StateDirectory, portal_id: int, profile: str) -> ObjectFiles:
    """The files of one profile on one portal, opened and made in `directory`; asks the store nothing yet."""
    return ObjectFiles(directory, open_folder(snapshots / f"{portal_id}/{profile}"))


def portal_profiles_in_store(snapshots: ObjectAddress) -> Iterator[tuple[int, str]]:
    """Yields each portal and profile with a snapshot. Raises ObjectStoreUnusable."""
    root = open_folder(snapshots)
    for name in filter(str.isdecimal, root.subfolder_names()):
        portal = open_folder(snapshots / name)
        for profile in portal.subfolder_names():
            if portal.version(f"{profile}/{pointer_name(int(name), profile)}") is not None:
                yield int(name), profile
