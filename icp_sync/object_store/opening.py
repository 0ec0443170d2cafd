"""Opens folders of objects: obstore loads with the first of them, and its lack is said with the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icp_sync.errors import UsageError
from icp_sync.object_store.address import ObjectAddress
from icp_sync.object_store.options import StorageOptions, require_checked_certificates

if TYPE_CHECKING:
    from icp_sync.object_store.folder import ObjectFolder


def open_folder(address: ObjectAddress, options: StorageOptions | None = None) -> ObjectFolder:
    """The objects below an address; asks the store nothing yet.

    Raises UsageError where obstore is not installed, for an option no store knows, and for unchecked certificates.
    """
    require_checked_certificates()
    try:
        from icp_sync.object_store.folder import ObjectFolder
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{address.root} needs {error.name}, which is not installed; pip install 'icp-sync[object-store]'"
        ) from error
    return ObjectFolder.open(address, options or StorageOptions())
