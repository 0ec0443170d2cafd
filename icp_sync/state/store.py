"""The state store: everything one profile remembers of one portal, bound once to both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import DiskUsage, StateDirectory, disk_usage
from icp_sync.state.journal import Journal
from icp_sync.state.lists import ListStore
from icp_sync.state.plans import PlanStore
from icp_sync.state.quarantine import QuarantineStore
from icp_sync.state.quota import QuotaStore
from icp_sync.state.runs import RunStore
from icp_sync.state.snapshot import SnapshotStore


@dataclass(frozen=True, slots=True)
class StateStore:
    """One profile's state on one portal; several profiles may share `directory`.

    `lists` and `quota` are the portal's, shared by its profiles; `quota` may lie in another directory. Every sub-store
    raises StateUnusable where its files cannot be read or written.
    """

    directory: StateDirectory
    portal_id: int
    profile: str
    runs: RunStore
    lists: ListStore
    quarantine: QuarantineStore
    quota: QuotaStore
    snapshot: SnapshotStore
    plans: PlanStore

    @classmethod
    def open(cls, path: Path, portal_id: int, profile: str, quota: QuotaStore | None = None) -> StateStore:
        """Open the directory at `path`, created when missing; `quota` None = kept there too. Raises StateUnusable."""
        directory = StateDirectory.open(path)
        return cls(
            directory,
            portal_id,
            profile,
            RunStore(directory, portal_id, profile),
            ListStore(directory, portal_id),
            QuarantineStore(directory, portal_id, profile),
            quota or QuotaStore(directory, portal_id),
            SnapshotStore(directory, portal_id, profile),
            PlanStore(directory),
        )

    @property
    def path(self) -> Path:
        """Where the state lies, for messages."""
        return self.directory.path

    def journal(self, run_id: str) -> Journal:
        """The write-ahead log of one run."""
        return Journal(self.directory, self.portal_id, self.profile, run_id)

    def lock(self) -> AbstractContextManager[None]:
        """Lock the state for one run; a second run gets LockHeld at once instead of waiting."""
        return self.directory.locked()

    def known_portals(self) -> frozenset[int]:
        """Return the ids of the portals with a snapshot here, and of the latest run."""
        last = self.runs.last_portal()
        return self.snapshot.portals() | (frozenset() if last is None else {last})

    def disk_usage(self) -> DiskUsage:
        """Return the sizes of the files and the free space, after a write that proves the directory writable."""
        return disk_usage(self.directory)


@contextmanager
def lock_all(stores: Iterable[StateStore]) -> Iterator[None]:
    """Lock every store's state, once where several share a directory. Raises LockHeld."""
    with ExitStack() as locks:
        for store in {store.path: store for store in stores}.values():
            locks.enter_context(store.lock())
        yield


@dataclass(frozen=True, slots=True)
class StateHome:
    """Where all state lies: in the directory `named`, else one for each portal and profile in the user's own.

    `on_open` is told the path of each store that is opened.
    """

    named: Path | None = None
    on_open: Callable[[Path], None] = lambda _: None

    def open(self, portal_id: int, profile: str) -> StateStore:
        """Open the store of one profile on one portal. Raises StateUnusable."""
        store = StateStore.open(self._of_portal(portal_id, profile), portal_id, profile, self.quota(portal_id))
        self.on_open(store.path)
        return store

    def quota(self, portal_id: int) -> QuotaStore:
        """Open the day's calls to one portal, the same for all its profiles. Raises StateUnusable."""
        return QuotaStore(StateDirectory.open(self._of_portal(portal_id)), portal_id)

    def _of_portal(self, portal_id: int, *below: str) -> Path:
        return self.named or _user_directory(portal_id).joinpath(*below)


def _user_directory(portal_id: int) -> Path:
    try:
        return platformdirs.user_state_path("icp_sync") / str(portal_id)
    except RuntimeError as error:  # no HOME, and a user id the machine does not know: usual on OpenShift
        raise StateUnusable(
            "this user has no home directory to keep the state in; name a directory with --state or ICP_SYNC_STATE"
        ) from error
