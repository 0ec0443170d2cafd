"""Where a file of companies is: on this machine, or an object in a store; both are read alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TypeAlias

from icp_sync.object_store.address import ObjectAddress
from icp_sync.object_store.opening import open_folder
from icp_sync.object_store.options import StorageOptions


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


Location: TypeAlias = Path | ObjectLocation


def open_bytes(location: Location) -> IO[bytes]:
    """The file, to read and seek in. Raises OSError, ObjectStoreUnusable."""
    if isinstance(location, Path):
        return location.open("rb")
    folder, _, name = location.address.key.rpartition("/")
    return open_folder(ObjectAddress(location.address.root, folder), location.options).open_object(name)


def absolute_location(location: Location) -> Location:
    """The location as any process names it, whatever its working directory."""
    return location.absolute() if isinstance(location, Path) else location


def with_storage_options(location: Location, options: StorageOptions) -> Location:
    """The location, its store told these options; a file of this machine as it is."""
    return location if isinstance(location, Path) else replace(location, options=options)


def storage_options(location: Location) -> dict[str, str] | None:
    """What Polars is told as `storage_options`; None for a file of this machine."""
    return None if isinstance(location, Path) else location.options.for_polars()


def is_below(location: Location, folder: Location) -> bool:
    """Whether a file is the folder's, at any depth."""
    if isinstance(location, Path):
        return isinstance(folder, Path) and location.resolve().is_relative_to(folder.resolve())
    return isinstance(folder, ObjectLocation) and folder.address.contains(location.address)
