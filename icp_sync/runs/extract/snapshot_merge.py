"""Snapshots of a run: merging those it starts from, and saving the one the next run starts from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.input_differences import KEY, NOW, carry_over_differences, with_current_texts
from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.portal.client.timestamps import parse_timestamp
from icp_sync.runs.evaluation_cache import save_evaluations
from icp_sync.runs.extract.portal_sync import Extract
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.scoring.evaluation_cache import CachedEvaluations
from icp_sync.scoring.program import Program
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.snapshot_pointer import EvaluatedFile
from icp_sync.state.stored_companies import StoredCompanies


def merge_profile_snapshots(snapshots: Sequence[Snapshot | NoSnapshot]) -> Snapshot | NoSnapshot:
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
    made = ((name, parse_timestamp(definition.created_at)) for name, definition in definitions.items())
    return frozenset(name for name, at in made if at is not None and at > snapshot.as_of)


@dataclass(frozen=True, slots=True)
class SnapshotWriter:
    """Saves one profile's snapshot: the columns `names` of its extract, and its lists' members by list id.

    `changed_by`: list id → the run that had last changed the list's members when they were read. `differences`: what
    differs from the last verdicts, with the state of holds beside it (`held_inputs.attach_holds`). `is_decided`: see
    `Snapshot.decided`. `stored`: the companies of the extract with all columns, as they lie on disk but for the rows
    that changed; None where anybody may have changed, so that all are at hand. `former`: the companies of the last
    snapshot, which those are compared with then. `evaluated`: what lies on disk of what predicates made of them.
    """

    profile_run: ProfileRun
    extract: Extract
    names: Sequence[str]
    members: Mapping[str, pl.Series]
    changed_by: Mapping[str, str | None]
    differences: pl.DataFrame
    is_decided: bool = False
    stored: StoredCompanies | None = None
    former: StoredCompanies | None = None
    evaluated: EvaluatedFile | None = None

    def save(self, cached: CachedEvaluations | None, program: Program) -> SnapshotWriter:
        """Save the extract once the plan is drawn: a run killed while it writes need not read the portal again.

        `cached`: what predicates made of the companies as they were scored by `program`. Returns the writer that writes
        again only what changes from there on.
        """
        evaluated = save_evaluations(self.profile_run.store.snapshot, cached, self.extract.companies, program)
        writer = replace(self, evaluated=evaluated)
        stored = writer.save_companies(self.members, self.changed_by)
        # From here on all is read from there: half a gigabyte of a million companies is let go.
        extract = replace(self.extract, companies=self.extract.companies.select(ID))
        return replace(writer, stored=stored, extract=extract)

    def save_with_writes(self, writes: pl.DataFrame, made: Sequence[str], members: Mapping[str, pl.Series]) -> None:
        """Save the extract with this run's writes (long frame, see `apply_writes`), new columns and list members."""
        new = [name for name in made if name not in self.names]
        writer = self._with_properties(new) if new else self
        writer.with_writes([writes]).save_companies(members, self.profile_run.store.lists.last_changing_runs())

    def with_writes(self, writes: Iterable[pl.DataFrame]) -> SnapshotWriter:
        """The same writer with writes of this or other profiles (long frames, see `apply_writes`) in its extract."""
        companies, stored, evaluated = self.extract.companies, self.stored, self.evaluated
        for frame in writes:
            if frame.is_empty():
                continue
            evaluated = evaluated and evaluated.unless_reads_any(frame["property"].unique().to_list())
            if stored is not None:
                stored = stored.with_writes(frame)
            else:
                companies = snapshot_frames.apply_writes(companies, frame)
        return replace(self, extract=replace(self.extract, companies=companies), stored=stored, evaluated=evaluated)

    def _with_properties(self, names: Sequence[str]) -> SnapshotWriter:
        """The same writer with properties the run made: a new column is written of everybody."""
        extract = replace(self.extract, companies=with_missing_columns(self._whole(), names))
        return replace(self, names=[*self.names, *names], extract=extract, stored=None, former=None)

    def without_settled_differences(
        self, unsettled: Collection[int], kept: pl.DataFrame, *, is_decided: bool
    ) -> SnapshotWriter:
        """The same writer without the differences this run has settled, by `carry_over_differences`."""
        ids = pl.Series(ID, list(unsettled), dtype=pl.Int64)
        return replace(self, differences=carry_over_differences(self.differences, ids, kept), is_decided=is_decided)

    def save_differences(self) -> None:
        """Save the differences alone, for a run that wrote nothing."""
        self.profile_run.store.snapshot.save_differences(self.differences, decided=self.is_decided)

    def modified_dates(self, ids: pl.Series) -> dict[int, str]:
        """Company id → its `hs_lastmodifieddate` in the extract; companies without one are left out."""
        companies = self.extract.companies if self.stored is None else self.stored.rows_by_id(ids, [MODIFIED])
        return dict(companies.select(ID, MODIFIED).filter(pl.col(ID).is_in(ids.implode())).drop_nulls().iter_rows())

    def save_companies(self, members: Mapping[str, pl.Series], changed_by: Mapping[str, str | None]) -> StoredCompanies:
        """Save the extract with these members of lists; returns how its companies lie on disk now."""
        # The portal's clock tells whole seconds, so properties created within this second must not count as newer.
        as_of = (self.profile_run.connection.portal_time or self.profile_run.session.now) + dt.timedelta(seconds=1)
        extract, changed = self.extract, self._stored_as_wanted(members)
        snapshot = Snapshot(
            extract.companies if changed else self._companies_to_save(members),
            extract.watermark,
            extract.last_full_at,
            as_of,
            lists={list_id: changed_by.get(list_id) for list_id in members},
            differences=self.differences,
            decided=self.is_decided,
            evaluated=self.evaluated,
            stored=self.former,
        )
        return self.profile_run.store.snapshot.save(snapshot, changed)

    def _stored_as_wanted(self, members: Mapping[str, pl.Series]) -> StoredCompanies | None:
        """The stored companies with these members of lists; None where other columns than theirs are to be saved."""
        if self.stored is None:
            return None
        available = self._properties(self.stored.schema)
        wanted = [ID, *available, *(snapshot_frames.list_column(list_id) for list_id in members)]
        return self.stored.with_members(members) if wanted == self.stored.schema.names() else None

    def _companies_to_save(self, members: Mapping[str, pl.Series]) -> pl.DataFrame:
        """The company frame with the columns to be saved."""
        whole = self._whole()
        return snapshot_frames.with_list_members(whole.select(ID, *self._properties(whole.columns)), members)

    def _whole(self) -> pl.DataFrame:
        companies = self.extract.companies
        return companies if self.stored is None else self.stored.whole(companies)

    def _properties(self, available: Collection[str]) -> list[str]:
        return [name for name in snapshot_frames.snapshot_property_names(self.names) if name in available]


def save_writes_to_snapshot(profile_run: ProfileRun, writes: pl.DataFrame, settled: pl.DataFrame) -> None:
    """Save what a run wrote that read no companies: `writes`, a long frame (see `apply_writes`).

    The differences of what it wrote go with it, and those of the inputs its changes stood on: `settled`, as of
    `inputs_behind`, where the snapshot still shows that text. Other inputs had no part in a verdict. Members of lists
    stay as the last run left them: whom people moved since, the next run has yet to find, and it knows from the ledger
    whom this one moved. Does nothing without a complete snapshot.
    """
    store = profile_run.store.snapshot
    snapshot = store.load()
    if isinstance(snapshot, NoSnapshot) or snapshot.after is not None:
        return
    companies = snapshot_frames.apply_writes(snapshot.companies, writes)
    differences = snapshot.differences.join(writes, on=KEY, how="anti", maintain_order="left")
    seen = with_current_texts(differences, companies).with_columns(pl.col(NOW).fill_null(""))
    differences = differences.join(
        seen.join(settled, on=[*KEY, NOW], how="semi"), on=KEY, how="anti", maintain_order="left"
    )
    evaluated = snapshot.evaluated and snapshot.evaluated.unless_reads_any(writes["property"].unique().to_list())
    store.save(replace(snapshot, companies=companies, differences=differences, evaluated=evaluated))


def members_unchanged_by_runs(
    snapshot: Snapshot | NoSnapshot, changed_by: Mapping[str, str | None]
) -> dict[str, pl.Series]:
    """List id → member ids in the snapshot, for every list that no run has changed since."""
    if isinstance(snapshot, NoSnapshot):
        return {}
    known = snapshot_frames.members_by_list(snapshot.companies)
    return {list_id: ids for list_id, ids in known.items() if snapshot.lists.get(list_id) == changed_by.get(list_id)}
