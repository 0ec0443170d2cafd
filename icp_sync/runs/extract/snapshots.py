"""From snapshots to a reading and back: what a run can go on from, and what it keeps for the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies import snapshot as replica
from icp_sync.companies.frame import ID, with_absent
from icp_sync.companies.properties import PropertyDefinition
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.portal.client.clock import parse_timestamp
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.extract.sync import Extract
from icp_sync.state import snapshot
from icp_sync.state.directory import StateDirectory
from icp_sync.state.lists import known_lists
from icp_sync.state.snapshot import NoSnapshot, Snapshot


def merge_snapshots(snapshots: Sequence[Snapshot | NoSnapshot]) -> Snapshot | NoSnapshot:
    """One snapshot for all the profiles of a run; Missing where one of them has none.

    Profiles that were run together hold the same companies, each with its own properties. Of others the latest stands
    for all, and what it lacks is read.
    """
    there = [one for one in snapshots if isinstance(one, Snapshot)]
    if len(there) < len(snapshots):
        return next(one for one in snapshots if isinstance(one, NoSnapshot))
    if len({one.after for one in there}) > 1:
        return NoSnapshot("the last reading of one of the profiles was cut short")
    latest = max(there, key=lambda one: one.read_from)
    companies = latest.companies
    for one in there:
        if one.read_from == latest.read_from and one.companies[ID].equals(companies[ID]):
            others = [name for name in one.companies.columns if name not in companies.columns]
            companies = companies.hstack(one.companies.select(others))
    return replace(latest, companies=companies, as_of=min(one.as_of for one in there))


def recreated_properties(held: Snapshot | NoSnapshot, definitions: Mapping[str, PropertyDefinition]) -> frozenset[str]:
    """Properties made after the snapshot: of one deleted and made anew it holds values that are gone."""
    if isinstance(held, NoSnapshot):
        return frozenset()
    made = ((name, one.created_at) for name, one in definitions.items())
    return frozenset(name for name, at in made if at is not None and parse_timestamp(at) > held.as_of)


@dataclass(frozen=True, slots=True)
class SnapshotWriter:
    """What one profile's run keeps of its reading: the properties `names`, and who is on its lists (by list id).

    `changed_by`: list id → the run that had last changed who is on it when its members were looked at.
    """

    job: ProfileRun
    state: StateDirectory
    portal_id: int
    reading: Extract
    names: Sequence[str]
    members: Mapping[str, pl.Series]
    changed_by: Mapping[str, str | None]

    def keep(self) -> None:
        """Save the reading as it is, so that a run that dies from now on has not read in vain."""
        self._save(self.reading.companies, self.names, self.members, self.changed_by)

    def keep_written(self, landed: pl.DataFrame, made: Sequence[str], members: Mapping[str, pl.Series]) -> None:
        """Save it with what was written since (as `replica.written` takes it), properties `made` and lists changed."""
        names = [*self.names, *(name for name in made if name not in self.names)]
        companies = with_absent(replica.apply_writes(self.reading.companies, landed), names)
        self._save(companies, names, members, list_versions(self.state, self.portal_id))

    def after(self, landed: Iterable[pl.DataFrame]) -> SnapshotWriter:
        """The same after others have written (as `replica.written` takes it)."""
        companies = self.reading.companies
        for one in landed:
            companies = companies if one.is_empty() else replica.apply_writes(companies, one)
        return replace(self, reading=replace(self.reading, companies=companies))

    def dates(self, ids: pl.Series) -> dict[int, str]:
        """Company id → the `hs_lastmodifieddate` read of it."""
        dated = self.reading.companies.select(ID, MODIFIED).filter(pl.col(ID).is_in(ids.implode())).drop_nulls()
        return dict(dated.iter_rows())

    def _save(
        self,
        companies: pl.DataFrame,
        names: Sequence[str],
        members: Mapping[str, pl.Series],
        changed_by: Mapping[str, str | None],
    ) -> None:
        own = replica.select_present(companies, replica.required_properties(names))
        # The portal tells whole seconds; what it made within this one is ours.
        as_of = (self.job.connection.portal_time or self.job.now) + dt.timedelta(seconds=1)
        whole, reading = replica.with_members(own, members), self.reading
        lists = {one: changed_by.get(one) for one in members}
        kept = Snapshot(whole, reading.read_from, reading.full_at, as_of, lists=lists)
        snapshot.save(self.state, self.portal_id, self.job.profile.name, kept)


def list_versions(state: StateDirectory, portal_id: int) -> dict[str, str | None]:
    """List id → the run that last changed who is on it, as far as the state knows."""
    return {one.id: one.changed_by for one in known_lists(state, portal_id).values() if one.id is not None}


def cached_members(held: Snapshot | NoSnapshot, changed_by: Mapping[str, str | None]) -> dict[str, pl.Series]:
    """List id → who is on it, for every list of the snapshot that no run has changed since."""
    if isinstance(held, NoSnapshot):
        return {}
    known = replica.members(held.companies)
    return {one: ids for one, ids in known.items() if held.lists.get(one) == changed_by.get(one)}
