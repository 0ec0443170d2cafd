"""What an object store holds of portals and profiles: `PREFIX/PORTAL_ID/PROFILE/`, as a user's own directories are."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.object_store.address import ObjectAddress
from icp_sync.object_store.opening import open_folder
from icp_sync.state.directory import StateDirectory
from icp_sync.state.object_files import ObjectFiles
from icp_sync.state.snapshot_pointer import pointer_name


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
