"""The state store: everything one profile remembers of one portal, bound once to both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icp_sync.plan.list_pins import ListMove
from icp_sync.plan.run_record import RunRecord
from icp_sync.state.backtest_verdicts import VerdictStore
from icp_sync.state.committees import CommitteeStore
from icp_sync.state.deals import DealStore
from icp_sync.state.directory import DiskUsage, StateDirectory, probe_disk_usage
from icp_sync.state.ended_holds import EndedHoldStore
from icp_sync.state.enrichment import EnrichmentStore
from icp_sync.state.files import StateFiles
from icp_sync.state.ledger.journal import Fence, Journal, no_fence
from icp_sync.state.ledger.lease import Lease, hold_leases
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.overrides import OverrideStore
from icp_sync.state.ledger.pins import PinStore
from icp_sync.state.ledger.profile_texts import ProfileTextStore
from icp_sync.state.ledger.runs import RunStore, latest_portal
from icp_sync.state.ledger.sent_notices import SentNoticeStore
from icp_sync.state.ledger.sent_texts import SentText, first_sent_at, ids_changed_from, last_values_sent
from icp_sync.state.ledger.written_changes import (
    UnfinishedRun,
    find_unfinished_run,
    last_write_time,
    read_list_moves,
)
from icp_sync.state.list_ids import ListStore
from icp_sync.state.own_history_sources import OwnSourceStore
from icp_sync.state.plans import PlanStore
from icp_sync.state.portal_description import PortalDescriptionStore
from icp_sync.state.quarantine import QuarantineStore
from icp_sync.state.quota import QuotaStore
from icp_sync.state.reports import ReportStore
from icp_sync.state.snapshot import SnapshotStore

KEEP: Final = dt.timedelta(days=400)
SILENCE: Final = dt.timedelta(hours=1)
"""A run writes to the ledger with every batch, and waits some minutes for a HubSpot that is down, never an hour."""
_FORMER_FILES: Final = ("runs.jsonl", "lists.json", "quarantine.json", "quota.json")


@dataclass(frozen=True, slots=True)
class StateStore:
    """One profile's state on one portal; several profiles may share `directory` and `ledger`.

    `lists` and `quota` are the portal's, shared by its profiles; `quota` may lie in another ledger. `lease`: of a
    ledger that hosts share, None where the lock of the directory is enough. `files`: what is kept beside the ledger,
    in the directory or in an object store. `keep`: how long what runs wrote is
    remembered. Every sub-store raises StateUnusable where it cannot be read or written.
    """

    directory: StateDirectory
    portal_id: int
    profile: str
    ledger: Ledger
    runs: RunStore
    profile_texts: ProfileTextStore
    lists: ListStore
    quarantine: QuarantineStore
    quota: QuotaStore
    files: StateFiles
    lease: Lease | None = None
    keep: dt.timedelta = KEEP

    @property
    def snapshot(self) -> SnapshotStore:
        """The companies as last read."""
        return SnapshotStore(self.files, self.portal_id, self.profile)

    @property
    def plans(self) -> PlanStore:
        """Plans that a guardrail held."""
        return PlanStore(self.files)

    @property
    def path(self) -> Path:
        """Where the state lies, for messages."""
        return self.directory.path

    @property
    def overrides(self) -> OverrideStore:
        """Tiers and flags that others set and that stand."""
        return OverrideStore(self.ledger, self.portal_id, self.profile)

    @property
    def portal_description(self) -> PortalDescriptionStore:
        """What the portal said of itself when the snapshot was read."""
        return PortalDescriptionStore(self.files, self.portal_id, self.profile)

    @property
    def reports(self) -> ReportStore:
        """The documents of runs."""
        return ReportStore(self.files, self.portal_id, self.profile)

    @property
    def enrichment(self) -> EnrichmentStore:
        """Values of vendors for companies."""
        return EnrichmentStore(self.files, self.portal_id, self.profile)

    @property
    def deals(self) -> DealStore:
        """The portal's deals as last read; of all profiles of the portal."""
        return DealStore(self.files, self.portal_id)

    @property
    def committees(self) -> CommitteeStore:
        """What is known of the contacts of accounts: counts and personas."""
        return CommitteeStore(self.files, self.portal_id, self.profile)

    @property
    def backtest_verdict(self) -> VerdictStore:
        """What the last backtest said."""
        return VerdictStore(self.directory, self.portal_id, self.profile)

    @property
    def membership_pins(self) -> PinStore:
        """Members that people put on lists or took off; of all profiles of the portal."""
        return PinStore(self.ledger, self.portal_id)

    @property
    def notices(self) -> SentNoticeStore:
        """The last message sent about each topic."""
        return SentNoticeStore(self.ledger, self.portal_id, self.profile)

    @property
    def ended_holds(self) -> EndedHoldStore:
        """The lost inputs that count no more."""
        return EndedHoldStore(self.ledger, self.portal_id, self.profile, self.keep)

    @property
    def own_sources(self) -> OwnSourceStore:
        """The sources of HubSpot's histories that are icp_sync itself."""
        return OwnSourceStore(self.ledger, self.portal_id)

    def journal(self, run: int, tier: str | None, clock: Callable[[], dt.datetime]) -> Journal:
        """The write-ahead log of the run of that row id; `tier`: the property that holds the tier."""
        fence: Fence = self.lease.fence if self.lease else no_fence
        return Journal(self.ledger, run, tier, clock, fence)

    def interrupted_run(self) -> UnfinishedRun | None:
        """The last run of this profile if it died while it wrote. Call it under the lock."""
        return find_unfinished_run(self.ledger, self.portal_id, self.profile)

    def last_activity_of_run(self, record: RunRecord) -> dt.datetime:
        """When a run that has no end last did something, as far as the ledger knows."""
        written = None if record.row_id is None else last_write_time(self.ledger, record.row_id)
        return max(record.started_at, written or record.started_at)

    def is_running(self, record: RunRecord, now: dt.datetime) -> bool:
        """Whether a run that has no end still works, by the ledger alone; otherwise it died.

        It has the lease of a ledger that hosts share; in a file it did something within `SILENCE`.
        """
        if self.lease is not None:
            return self.lease.current_run() == record.run_id
        return now - self.last_activity_of_run(record) < SILENCE

    def last_values_sent(self, since: dt.datetime, properties: Collection[str]) -> dict[tuple[int, str], SentText]:
        """(company id, property) → what runs of this profile last sent since then."""
        return last_values_sent(self.ledger, self.portal_id, self.profile, since, properties)

    def first_sent_at(self, name: str) -> dict[int, dt.datetime]:
        """Company id → when runs of this profile first sent a text for the property."""
        return first_sent_at(self.ledger, self.portal_id, self.profile, name)

    def ids_changed_from(self, texts_by_key: Mapping[str, Mapping[str, Collection[str]]]) -> dict[str, frozenset[int]]:
        """Key → the companies that runs of this profile changed from a record with its texts (property → texts)."""
        return ids_changed_from(self.ledger, self.portal_id, self.profile, texts_by_key)

    def load_list_moves_by_runs(self, since: dt.datetime | None) -> dict[str, tuple[ListMove, ...]]:
        """List id → the members that runs moved since then (None: ever), in their order."""
        return read_list_moves(self.ledger, self.portal_id, since)

    def require_lease(self) -> None:
        """Raise StateUnusable where this run has held the lease of a shared ledger and lost it."""
        if self.lease is not None:
            self.lease.require_valid()

    def prune_ledger(self, now: dt.datetime) -> None:
        """Forget what runs wrote more than `keep` ago."""
        self.ledger.prune(now - self.keep)

    def known_portals(self) -> frozenset[int]:
        """Return the ids of the portals with a snapshot here, and of the latest run in a ledger of this directory."""
        last = latest_portal(self.ledger) if self.lease is None else None
        return self.snapshot.portals() | (frozenset() if last is None else {last})

    def disk_usage(self) -> DiskUsage:
        """Return the sizes of the files and the free space, after a write that proves the directory writable."""
        return probe_disk_usage(self.directory)

    def former_files(self) -> tuple[str, ...]:
        """The files of an older icp-sync that lie in the directory and that nothing reads any more."""
        return tuple(name for name in _FORMER_FILES if (self.path / name).exists())


@contextmanager
def lock_all(stores: Mapping[str, StateStore]) -> Iterator[None]:
    """Lock the state of every run (run id → store), once where several share it, and hold the leases.

    Raises LockHeld, also where another host holds a lease.
    """
    directories = {store.path: store.directory for store in stores.values()}
    ledgers = [store.ledger.path.parent for store in stores.values() if store.ledger.path]
    directories |= {path: StateDirectory(path) for path in ledgers}
    with ExitStack() as locks:
        for path in sorted(directories):
            locks.enter_context(directories[path].lock())
        locks.enter_context(hold_leases({run_id: store.lease for run_id, store in stores.items() if store.lease}))
        for store in stores.values():
            # Before the portal is read for an hour, and before anything is written to it.
            store.files.require_writable()
        yield
