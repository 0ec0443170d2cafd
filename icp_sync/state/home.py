"""Where all state lies, by portal and profile: it opens the store of one, and knows which there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from icp_sync.object_store.address import ObjectAddress
from icp_sync.state.directory import StateDirectory, translate_os_errors, user_state_directory
from icp_sync.state.files import StateFiles
from icp_sync.state.ledger.address import FILE, parse_ledger_address, sqlite_address
from icp_sync.state.ledger.lease import Lease
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.profile_texts import ProfileTextStore
from icp_sync.state.ledger.runs import RunStore, portals_with_runs
from icp_sync.state.list_ids import ListStore
from icp_sync.state.object_files import open_object_files, portal_profiles_in_store
from icp_sync.state.quarantine import QuarantineStore
from icp_sync.state.quota import QuotaStore
from icp_sync.state.snapshot_pointer import portals_with_snapshot
from icp_sync.state.store import KEEP, StateStore


@dataclass(frozen=True, slots=True)
class StateHome:
    """Where all state lies: in the directory `named`, else one for each portal and profile in the user's own.

    `on_open` is told the path of each store that is opened. `url`: of the ledger, None for a file in the directory.
    `snapshots`: where in an object store the files beside the ledger are kept, None for the directory.
    """

    named: Path | None = None
    on_open: Callable[[Path], None] = lambda _: None
    url: str | None = field(default=None, repr=False)
    keep: dt.timedelta = KEEP
    snapshots: ObjectAddress | None = None
    _ledgers: dict[str, Ledger] = field(default_factory=dict, compare=False, repr=False)

    def open(self, portal_id: int, profile: str) -> StateStore:
        """Open the store of one profile on one portal. Raises StateUnusable, and UsageError for a bad `url`."""
        directory = StateDirectory.open(self._portal_path(portal_id, profile))
        self.on_open(directory.path)
        ledger = self._open_ledger(directory)
        return StateStore(
            directory,
            portal_id,
            profile,
            ledger,
            RunStore(ledger, portal_id, profile),
            ProfileTextStore(ledger),
            ListStore(ledger, portal_id),
            QuarantineStore(ledger, portal_id, profile),
            self.open_quota(portal_id),
            self._open_snapshot_files(directory, portal_id, profile),
            None if ledger.path else Lease(ledger, portal_id, profile),
            self.keep,
        )

    def open_quota(self, portal_id: int) -> QuotaStore:
        """Open the day's calls to one portal, the same for all its profiles. Raises StateUnusable."""
        return QuotaStore(self._open_ledger(StateDirectory.open(self._portal_path(portal_id))), portal_id)

    def portals(self, profile: str) -> tuple[int, ...]:
        """The portals that have a run or a snapshot of the profile here; makes none. Raises StateUnusable."""
        if self.named:
            with translate_os_errors(self.named):
                # A plan alone records no run, but leaves a snapshot.
                portals = portals_with_snapshot(self.named, profile)
                has_ledger = (self.named / FILE).exists()
        else:
            has_ledger = False
            homes = [home for home in user_state_directory().glob(f"*/{profile}") if home.parent.name.isdecimal()]
            used = (home for home in homes if (home / FILE).exists() or portals_with_snapshot(home, profile))
            portals = frozenset(int(home.parent.name) for home in used)
        if self.url or has_ledger:
            portals |= {*portals_with_runs(self._open_ledger(StateDirectory(self.named or Path())), profile)}
        # A store is asked a question for each portal in it, so only where nothing else knows.
        if self.snapshots and not portals:
            portals = frozenset(portal for portal, name in portal_profiles_in_store(self.snapshots) if name == profile)
        return tuple(sorted(portals))

    def describe_former_state(self, store: StateStore, profiles: Collection[str]) -> str:
        """What to do where this profile never ran here and another did that is none of `profiles`; "" where none did.

        By default a profile's name is its directory's, so a renamed one begins anew: its lists and what people set are
        remembered where no run looks again. One that has run is at home, whatever lies beside it. Raises StateUnusable.
        """
        if self.named or self.url or store.runs.last() is not None:
            return ""
        homes = sorted(_portal_directory(store.portal_id).glob("*"))
        others = [home for home in homes if home.name not in {store.profile, *profiles} and (home / FILE).exists()]
        if not others:
            return ""
        names = ", ".join(home.name for home in others)
        return (
            f"this profile has not run on portal {store.portal_id} yet, and {names} has; if it was called so, rename "
            f"{others[-1]} to {store.path} before the first run, or its lists and what it remembers stay behind"
        )

    def _open_ledger(self, directory: StateDirectory) -> Ledger:
        address = parse_ledger_address(self.url) if self.url else sqlite_address(directory.path / FILE)
        if address.name not in self._ledgers:
            self._ledgers[address.name] = open_ledger(address, directory.lock)
        return self._ledgers[address.name]

    def _open_snapshot_files(self, directory: StateDirectory, portal_id: int, profile: str) -> StateFiles:
        if self.snapshots is None:
            return directory
        return open_object_files(self.snapshots, directory, portal_id, profile)

    def _portal_path(self, portal_id: int, *below: str) -> Path:
        return self.named or _portal_directory(portal_id).joinpath(*below)


def _portal_directory(portal_id: int) -> Path:
    return user_state_directory() / str(portal_id)
