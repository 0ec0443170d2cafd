"""What is remembered of the members of static lists: who was on them after our last change, and who is pinned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.frame import ID
from icp_sync.plan.list_pins import (
    ListMove,
    OpenPins,
    members_after_last_change,
    members_possibly_added_by_runs,
    members_surely_added_by_runs,
    required_outputs,
)
from icp_sync.plan.plan_inputs import LiveList
from icp_sync.runs.extract.list_resolution import ResolvedLists
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.ledger.pins import Pin, Side
from icp_sync.state.snapshot import NoSnapshot, Snapshot

CLOCK_TOLERANCE: Final = dt.timedelta(seconds=3)
"""The portal tells its clock in whole seconds, and a snapshot is dated one second later."""


def with_remembered_members(
    profile_run: ProfileRun, snapshot: Snapshot | NoSnapshot, lists: ResolvedLists
) -> ResolvedLists:
    """The lists with what is remembered of the members of the static ones. Raises StateUnusable."""
    store, names = profile_run.store, [target.name for target in profile_run.profile.lists if target.kind == "static"]
    static = {name: list_id for name in names if (list_id := lists.live[name].id) is not None}
    if not static:
        return lists
    remembered = snapshot_frames.members_by_list(snapshot.companies) if isinstance(snapshot, Snapshot) else {}
    # The hosts' clocks differ: a move taken twice changes nothing, one left out would look like a person's.
    since = snapshot.as_of - CLOCK_TOLERANCE if isinstance(snapshot, Snapshot) else None
    recent = store.load_list_moves_by_runs(since)
    # The moves of all runs are read only for a list without members in the snapshot, as after a lost disk.
    ever = recent if since is None or remembered.keys() >= {*static.values()} else store.load_list_moves_by_runs(None)
    pins = store.membership_pins.list_open()
    forgotten = [name for name, list_id in static.items() if list_id not in remembered]
    left = _ids_that_met_before(profile_run, forgotten) if forgotten else {}
    live = dict(lists.live)
    for name, list_id in static.items():
        own = [pin for pin in pins if pin.list_id == list_id]
        pinned = replace(live[name], pins=OpenPins(_pinned_ids(own, "in"), _pinned_ids(own, "out")))
        if name in left:
            live[name] = _with_members_sent(pinned, ever.get(list_id, ()), left[name])
        else:
            last = members_after_last_change(remembered[list_id], pinned.members, recent.get(list_id, ()))
            live[name] = replace(pinned, last=last)
    return replace(lists, live=live)


def _ids_that_met_before(profile_run: ProfileRun, names: Collection[str]) -> dict[str, frozenset[int]]:
    """List name → companies whose record met the list until a run of ours wrote it, as a canary leaves lists alone."""
    written = profile_run.profile.write.properties()
    required = {target.name: required_outputs(target.where) for target in profile_run.profile.lists}
    return profile_run.store.ids_changed_from(
        {
            name: {written[output]: texts for output, texts in required[name].items() if output in written}
            for name in names
        }
    )


def _with_members_sent(live: LiveList, moves: Iterable[ListMove], earlier: Collection[int]) -> LiveList:
    sent = tuple(moves)
    return replace(live, sent=members_possibly_added_by_runs(sent, earlier), placed=members_surely_added_by_runs(sent))


def _pinned_ids(pins: Iterable[Pin], side: Side) -> pl.Series:
    return pl.Series(ID, [pin.company_id for pin in pins if pin.side == side], dtype=pl.Int64)
