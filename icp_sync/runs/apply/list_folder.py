"""The folder of our lists: created once, by the plan's stage for it or by the first list that needs it."""

from __future__ import annotations

from dataclasses import dataclass

from icp_sync.errors import ObjectNotFound, PortalError, RequestRejected, ScopeMissing
from icp_sync.portal import lists
from icp_sync.portal.client.connection import Connection
from icp_sync.runs.extract.list_resolution import FOLDER

LIST_REFUSALS = (RequestRejected, ObjectNotFound, ScopeMissing)
"""Errors that fail one list (deleted by hand, name taken, quota used up) and are no reason to leave the others."""


@dataclass(slots=True)
class ListFolder:
    """Our list folder; `id`: None until it is created, and for good where the account has no folders."""

    connection: Connection
    id: str | None
    _tried: bool = False
    _refusal: PortalError | None = None

    def create(self) -> None:
        """Create the folder unless its id is known. A refusal is kept for `ensure`: it fails lists, not the run."""
        if self.id is not None or self._tried:
            return
        self._tried = True
        try:
            self.id = self._create()
        except LIST_REFUSALS as refused:
            self._refusal = refused

    def ensure(self) -> str | None:
        """The folder's id, created on first use; None in an account without folders. Raises what refused it."""
        self.create()
        if self._refusal is not None:
            raise self._refusal
        return self.id

    def contains(self, list_id: str) -> bool:
        """Whether the list is in it, where another host with a state directory of its own creates lists too."""
        return self.id is not None and list_id in lists.lists_in_folder(self.connection, self.id)

    def _create(self) -> str | None:
        try:
            return lists.create_folder(self.connection, FOLDER)
        except ObjectNotFound:  # an account without list folders; lists then lie at the root
            return None
        except RequestRejected:  # another profile of this run, or a lost first attempt, created it before us
            folders = lists.find_folder_ids(self.connection, FOLDER)
            if not folders:
                raise ObjectNotFound(
                    f"HubSpot neither makes nor shows the list folder {FOLDER}; make it by hand"
                ) from None
            return folders[0]
