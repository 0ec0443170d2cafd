"""Snapshots of a run: merging those it starts from, and saving the one the next run starts from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.input_differences import KEY, carry_over_differences
from icp_sync.companies.properties import PropertyDefinition
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.portal.client.clock import parse_timestamp
from icp_sync.runs.evaluation_cache import save_evaluations
from icp_sync.runs.extract.sync import Extract
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.scoring.evaluation_cache import CachedEvaluations
from icp_sync.scoring.program import Program
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.snapshot_pointer import EvaluatedFile
from icp_sync.state.stored_companies import StoredCompanies


def merge_snapshots(snapshots: Sequence[Snapshot | NoSnapshot]) -> Snapshot | NoSnapshot:
    """One snapshot for all profiles of a run; NoSnapshot where one of them has none.

    Snapshots of profiles that were run together have the same companies, so their columns are joined. Otherwise the
    latest one is used, and the columns it lacks are read.
    """
    existing = [other for other in snapshots if isinstance(other, Snapshot)]
    if len(existing) < len(snapshots):
        return next(other for other in snapshots if isinstance(other, NoSnapshot))
    if len({other.after for other in existing}) > 1:
        return NoSnapshot("the last reading of one of the profiles was cut short")
    latest = max(existing, key=lambda other: other.read_from)
    companies = latest.companies
    for other in existing:
        if other.read_from == latest.read_from and other.companies[ID].equals(companies[ID]):
            others = [name for name in other.companies.columns if name not in companies.columns]
            companies = companies.hstack(other.companies.select(others))
    return replace(latest, companies=companies, as_of=min(other.as_of for other in existing))


def recreated_properties(
    snapshot: Snapshot | NoSnapshot, definitions: Mapping[str, PropertyDefinition]
) -> frozenset[str]:
    """Properties created after the snapshot: one deleted and created again has stale values in it."""
    if isinstance(snapshot, NoSnapshot):
        return frozenset()
    # A property created under the name of an archived one gets new values while the snapshot still has the old ones.
    made = ((name, definition.created_at) for name, definition in definitions.items())
    return frozenset(name for name, at in made if at is not None and parse_timestamp(at) > snapshot.as_of)


@dataclass(frozen=True, slots=True)
class SnapshotWriter:
    """Saves one profile's snapshot: the columns `names` of its extract, and its lists' members by list id.

    `changed_by`: list id → the run that had last changed the list's members when they were read. `differences`: what
    differs from the last verdicts, with the state of holds beside it (`held_inputs.attach_holds`). `is_decided`: see
    `Snapshot.decided`. `stored`, `evaluated`: what lies on disk of the companies and of what predicates made of them.
    """

    profile_run: ProfileRun
    extract: Extract
    names: Sequence[str]
    members: Mapping[str, pl.Series]
    changed_by: Mapping[str, str | None]
    differences: pl.DataFrame
    is_decided: bool = False
    stored: StoredCompanies | None = None
    evaluated: EvaluatedFile | None = None

    def save(self, cached: CachedEvaluations | None, program: Program) -> SnapshotWriter:
        """Save the extract once the plan is drawn: a run killed while it writes need not read the portal again.

        `cached`: what predicates made of the companies as they were scored by `program`. Returns the writer that writes
        again only what changes from there on.
        """
        evaluated = save_evaluations(self.profile_run.store.snapshot, cached, self.extract.companies, program)
        stored = self._save(self.extract.companies, evaluated, self.names, self.members, self.changed_by)
        return replace(self, evaluated=evaluated, stored=stored)

    def save_with_writes(self, writes: pl.DataFrame, made: Sequence[str], members: Mapping[str, pl.Series]) -> None:
        """Save the extract with this run's writes (long frame, see `apply_writes`), new columns and list members."""
        names = [*self.names, *(name for name in made if name not in self.names)]
        written = self.with_writes([writes])
        companies = with_missing_columns(written.extract.companies, names)
        self._save(companies, written.evaluated, names, members, self.profile_run.store.lists.versions())

    def with_writes(self, writes: Iterable[pl.DataFrame]) -> SnapshotWriter:
        """The same writer with the writes of other profiles (long frames, see `apply_writes`) in its extract."""
        companies, evaluated = self.extract.companies, self.evaluated
        for frame in writes:
            companies = companies if frame.is_empty() else snapshot_frames.apply_writes(companies, frame)
            evaluated = evaluated and evaluated.after_writes(frame["property"].unique().to_list())
        return replace(self, extract=replace(self.extract, companies=companies), evaluated=evaluated)

    def settled(self, unsettled: Collection[int], kept: pl.DataFrame, *, is_decided: bool) -> SnapshotWriter:
        """The same writer without the differences this run has settled, by `carry_over_differences`."""
        ids = pl.Series(ID, list(unsettled), dtype=pl.Int64)
        return replace(self, differences=carry_over_differences(self.differences, ids, kept), is_decided=is_decided)

    def save_differences(self) -> None:
        """Save the differences alone, for a run that wrote nothing."""
        self.profile_run.store.snapshot.save_differences(self.differences, decided=self.is_decided)

    def modified_dates(self, ids: pl.Series) -> dict[int, str]:
        """Company id → its `hs_lastmodifieddate` in the extract; companies without one are left out."""
        dated = self.extract.companies.select(ID, MODIFIED).filter(pl.col(ID).is_in(ids.implode())).drop_nulls()
        return dict(dated.iter_rows())

    def _save(
        self,
        companies: pl.DataFrame,
        evaluated: EvaluatedFile | None,
        names: Sequence[str],
        members: Mapping[str, pl.Series],
        changed_by: Mapping[str, str | None],
    ) -> StoredCompanies:
        own = snapshot_frames.select_available_properties(companies, snapshot_frames.with_snapshot_properties(names))
        # The portal's clock tells whole seconds, so properties created within this second must not count as newer.
        as_of = (self.profile_run.connection.portal_time or self.profile_run.session.now) + dt.timedelta(seconds=1)
        rows, extract = snapshot_frames.with_list_members(own, members), self.extract
        lists = {list_id: changed_by.get(list_id) for list_id in members}
        times = (extract.watermark, extract.last_full_at, as_of)
        snapshot = Snapshot(
            rows,
            *times,
            lists=lists,
            differences=self.differences,
            decided=self.is_decided,
            evaluated=evaluated,
            stored=self.stored,
        )
        return self.profile_run.store.snapshot.save(snapshot)


def save_writes_to_snapshot(profile_run: ProfileRun, writes: pl.DataFrame) -> None:
    """Save what a run wrote that read no companies: `writes`, a long frame (see `apply_writes`).

    The differences of what it wrote go with it; those of the inputs stay, since no verdict was given. Members of lists
    stay as the last run left them: whom people moved since, the next run has yet to find, and it knows from the ledger
    whom this one moved. Does nothing without a complete snapshot.
    """
    store = profile_run.store.snapshot
    snapshot = store.load()
    if isinstance(snapshot, NoSnapshot) or snapshot.after is not None:
        return
    companies = snapshot_frames.apply_writes(snapshot.companies, writes)
    differences = snapshot.differences.join(writes, on=KEY, how="anti", maintain_order="left")
    evaluated = snapshot.evaluated and snapshot.evaluated.after_writes(writes["property"].unique().to_list())
    store.save(replace(snapshot, companies=companies, differences=differences, evaluated=evaluated))


def members_unless_run_changed(
    snapshot: Snapshot | NoSnapshot, changed_by: Mapping[str, str | None]
) -> dict[str, pl.Series]:
    """List id → member ids in the snapshot, for every list that no run has changed since."""
    if isinstance(snapshot, NoSnapshot):
        return {}
    known = snapshot_frames.members_by_list(snapshot.companies)
    return {list_id: ids for list_id, ids in known.items() if snapshot.lists.get(list_id) == changed_by.get(list_id)}
