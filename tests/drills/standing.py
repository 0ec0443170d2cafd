"""What is compared: how a portal stands, and whether a snapshot says the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from icp_sync.companies import snapshot as replica
from icp_sync.companies.frame import ID
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.store.records import MOMENTS
from icp_sync.state import snapshot
from icp_sync.state.home import StateHome
from tests.drills.scene import LOADED
from tests.drills.witness import MOMENT


def standing(portal: SandboxPortal) -> dict[str, Any]:
    """The portal's digests of companies, lists and properties, without moments; that a moment is told still counts."""
    names = sorted(set(portal.schema.definitions).difference(MOMENTS, [MOMENT, "hs_object_id"]))
    dated = portal.companies_frame(MOMENT).filter(pl.col(MOMENT).is_not_null())[ID]
    return {**portal.state_digest(names), "dated": dated.to_list()}


def differing(record: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The parts in which two portals stand differently."""
    return [part for part in record if part != "digest" and record[part] != other[part]]


def kept(state: Path, portal: SandboxPortal) -> snapshot.Snapshot | snapshot.NoSnapshot:
    """The snapshot in a state directory."""
    return StateHome(state).open(portal.portal_id, LOADED.profile.name).snapshot.load()


def untrue(state: Path, portal: SandboxPortal, *, undated: bool = False) -> list[str]:
    """What the snapshot says that the portal does not: ids, properties, members of lists.

    `undated`: a company of which the snapshot holds no date will be read again anyway, so its values may be old.
    """
    known = kept(state, portal)
    if isinstance(known, snapshot.NoSnapshot):
        return [known.why]
    ours = known.companies
    names = [name for name in ours.columns if name != ID and not name.startswith(replica.LIST)]
    live = portal.companies_frame(*names)
    if not ours[ID].equals(live[ID]):
        return [f"companies: {sorted(set(ours[ID]).symmetric_difference(live[ID]))[:10]}"]
    certain = ours[MODIFIED].is_not_null() if undated else pl.repeat(True, ours.height, dtype=pl.Boolean, eager=True)
    wrong = [name for name in names if not ours.filter(certain)[name].equals(live.filter(certain)[name])]
    for list_id, members in replica.members_by_list(ours).items():
        if members.to_list() != portal.list_members(list_id):
            wrong.append(f"list {list_id}")
    return wrong
