"""What is remembered between runs cannot be used, or does not hold what was asked for."""

from __future__ import annotations

from icp_sync.errors.base import IcpSyncError


class StateUnusable(IcpSyncError):
    """The state directory or the ledger cannot be read or written."""

    code = "state"


class ObjectStoreUnusable(StateUnusable):
    """An object store cannot be reached, refuses, or has no such bucket or object.

    `is_missing`: the last of these.
    """

    code = "object_store"

    def __init__(self, message: str, *, is_missing: bool = False) -> None:
        super().__init__(message)
        self.is_missing = is_missing


class ObjectChanged(StateUnusable):
    """Another writer replaced the snapshot in the object store since this run read it; it was not written over."""

    code = "snapshot_replaced"


class ReportUnusable(IcpSyncError):
    """The document of a run is damaged, or of another format."""

    code = "report_unusable"


class LockHeld(IcpSyncError):
    """Another run is at work on the same state directory, or on the same portal and profile of a shared ledger."""

    code = "lock_held"


class UnknownRun(IcpSyncError):
    """No run of that id in the ledger, several that begin so, or one of another portal or profile."""

    code = "unknown_run"


class NothingToScore(IcpSyncError):
    """No reading of the portal is remembered that the profile could be scored on without a call."""

    code = "nothing_read"


class NothingToRelease(IcpSyncError):
    """No override, held input or pin of that kind stands."""

    code = "nothing_to_release"


class NothingToUndo(IcpSyncError):
    """The run wrote nothing, nothing to that company or list, or has not ended yet."""

    code = "nothing_to_undo"
