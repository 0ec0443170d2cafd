"""Folders that parts are written to: one of this machine, or a prefix in an object store."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from icp_sync.errors import StateUnusable, TableUnusable
from icp_sync.files import make_private_folder, open_user_file_to_write
from icp_sync.object_store.opening import open_folder
from icp_sync.tables.locations import Location

if TYPE_CHECKING:
    from icp_sync.object_store.folder import ObjectFolder


class PartFolder(Protocol):
    """A folder in which each file is written whole or not at all."""

    def entry_names(self) -> Collection[str]:
        """What lies in it, files and folders. Raises StateUnusable, and TableUnusable where it is no folder."""

    def remove_files(self, names: Collection[str]) -> None:
        """Remove files, in that order, and make the folder where it is missing. Raises StateUnusable."""

    def open_for_writing(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A file to write, there once the block ends; nothing where it raises. Raises StateUnusable."""


class LocalPartFolder:
    """A folder of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def entry_names(self) -> Collection[str]:
        if self._path.exists() and not self._path.is_dir():
            raise TableUnusable(
                f"{self._path} is a file that does not end in .csv, .tsv or .parquet; name another with --out"
            )
        # What is no file is named so that it counts as foreign.
        entries = self._path.iterdir() if self._path.is_dir() else []
        return [entry.name if entry.is_file() else f"{entry.name}/" for entry in entries]

    def remove_files(self, names: Collection[str]) -> None:
        try:
            make_private_folder(self._path)
            for name in names:
                (self._path / name).unlink(missing_ok=True)
        except OSError as error:
            raise StateUnusable(
                f"{self._path} cannot be written ({error.strerror or error}); name another folder"
            ) from error

    def open_for_writing(self, name: str) -> AbstractContextManager[IO[bytes]]:
        return open_user_file_to_write(self._path / name)


class ObjectPartFolder:
    """A prefix in an object store. A part is in memory until it is sent, since a store shows only whole objects."""

    def __init__(self, folder: ObjectFolder) -> None:
        self._folder = folder

    def entry_names(self) -> Collection[str]:
        return [entry.name for entry in self._folder.entries()]

    def remove_files(self, names: Collection[str]) -> None:
        self._folder.remove(names)

    @contextmanager
    def open_for_writing(self, name: str) -> Iterator[IO[bytes]]:
        content = io.BytesIO()
        yield content
        self._folder.write(name, content.getvalue())


def open_part_folder(location: Location) -> PartFolder:
    """The folder at a location; asks a store nothing yet. Raises UsageError where obstore is not installed."""
    if isinstance(location, Path):
        return LocalPartFolder(location)
    return ObjectPartFolder(open_folder(location.address, location.options))
