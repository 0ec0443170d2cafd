"""Where a file of companies is: on this machine, or an object in a store; both are read alike."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from icp_sync.errors import StateUnusable
from icp_sync.files import is_same_path, open_user_file_to_write
from icp_sync.object_store.address import ObjectAddress
from icp_sync.object_store.opening import open_folder
from icp_sync.object_store.options import StorageOptions

if TYPE_CHECKING:
    from icp_sync.object_store.folder import ObjectFolder


@dataclass(frozen=True, slots=True, order=True)
class ObjectLocation:
    """An object, or a folder or pattern of objects, and what its store is told beside the environment."""

    address: ObjectAddress
    options: StorageOptions = field(default=StorageOptions(), compare=False)

    def __str__(self) -> str:
        return str(self.address)

    @property
    def name(self) -> str:
        return self.address.name

    @property
    def suffix(self) -> str:
        return self.address.suffix

    @property
    def folder(self) -> ObjectFolder:
        """What the object lies in, where it is called `name`; asks the store nothing yet."""
        return open_folder(ObjectAddress(self.address.root, self.address.key.rpartition("/")[0]), self.options)


Location: TypeAlias = Path | ObjectLocation


def open_bytes(location: Location) -> IO[bytes]:
    """The file, to read and seek in. Raises OSError, ObjectStoreUnusable."""
    if isinstance(location, Path):
        return location.open("rb")
    return location.folder.open_object(location.name)


def file_exists(location: Location) -> bool:
    """Whether there is a file, or an object. Raises ObjectStoreUnusable."""
    return location.exists() if isinstance(location, Path) else location.folder.version(location.name) is not None


@contextmanager
def open_result_file(location: Location) -> Iterator[IO[bytes]]:
    """A file to write, there once the block ends; nothing where it raises. Raises StateUnusable, ObjectStoreUnusable.

    What goes to a store is on this machine until it is whole, since a store shows only whole objects.
    """
    if isinstance(location, Path):
        with open_user_file_to_write(location) as file:
            yield file
        return
    try:
        with tempfile.TemporaryFile() as file:
            yield file
            file.seek(0)
            location.folder.write(location.name, file)
    except OSError as error:
        raise StateUnusable(
            f"{location} cannot be written, since it is put together in {tempfile.gettempdir()} first "
            f"({error.strerror or error}); make room there, or name another directory with TMPDIR"
        ) from error


def absolute_location(location: Location) -> Location:
    """The location as any process names it, whatever its working directory."""
    return location.absolute() if isinstance(location, Path) else location


def with_storage_options(location: Location, options: StorageOptions) -> Location:
    """The location, its store told these options; a file of this machine as it is."""
    return location if isinstance(location, Path) else replace(location, options=options)


def polars_storage_options(location: Location) -> dict[str, str] | None:
    """What Polars is told as `storage_options`; None for a file of this machine."""
    return None if isinstance(location, Path) else location.options.for_polars()


def is_same_file(location: Location, other: Location) -> bool:
    """Whether both name one file or one object, whether it is there or not."""
    if isinstance(location, Path):
        return isinstance(other, Path) and is_same_path(location, other)
    return location == other


def is_in_folder(location: Location, folder: Location) -> bool:
    """Whether a file is the folder's, at any depth."""
    if isinstance(location, Path):
        return isinstance(folder, Path) and location.resolve().is_relative_to(folder.resolve())
    return isinstance(folder, ObjectLocation) and folder.address.contains(location.address)
