"""The domains of the companies that portals hold, as the last runs read them: for what is not in HubSpot yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.companies.frame import with_missing_columns
from icp_sync.errors import StateUnusable
from icp_sync.object_store.address import ObjectAddress
from icp_sync.state.directory import StateDirectory, user_state_directory
from icp_sync.state.object_files import open_object_files, portal_profiles_in_store
from icp_sync.state.snapshot import NoSnapshot, SnapshotStore

_DOMAIN: Final = "domain"


def read_company_domains(folders: Iterable[Path]) -> pl.Series:
    """The domains in all snapshots at and below the folders, as HubSpot has them (String, none is null).

    No folder: those of this user's own state. Raises StateUnusable for a folder without a snapshot, and for one that is
    damaged or was cut short: a company that is there must not be bought again unseen.
    """
    domains = [
        _snapshot_domains(store) for folder in folders or [user_state_directory()] for store in _snapshots_below(folder)
    ]
    return pl.concat(domains).drop_nulls()


def read_domains_from_object_store(snapshots: ObjectAddress, scratch: Path | None) -> pl.Series:
    """The domains in all snapshots of an object store, like `read_company_domains`; `scratch`: where they are opened.

    Raises as `read_company_domains` does.
    """
    stores = []
    for portal_id, profile in portal_profiles_in_store(snapshots):
        directory = StateDirectory.open((scratch or user_state_directory()) / str(portal_id) / profile)
        stores.append(SnapshotStore(open_object_files(snapshots, directory, portal_id, profile), portal_id, profile))
    if not stores:
        raise _no_snapshot_error(snapshots)
    return pl.concat(map(_snapshot_domains, stores)).drop_nulls()


def _snapshots_below(folder: Path) -> Iterator[SnapshotStore]:
    named = [(path.parent, path.name.split(".", 2)) for path in sorted(folder.rglob("snapshot.*.json"))]
    stores = [
        SnapshotStore(StateDirectory(home), int(portal_id), rest.removesuffix(".json"))
        for home, (_, portal_id, rest) in named
        if portal_id.isdecimal()
    ]
    if not stores:
        raise _no_snapshot_error(folder)
    yield from stores


def _no_snapshot_error(place: Path | ObjectAddress) -> StateUnusable:
    return StateUnusable(
        f"{place} has no snapshot, so which companies HubSpot holds is not known; run `icp-sync plan` once, "
        "or name the directory of a portal's state with --portal-state"
    )


def _snapshot_domains(store: SnapshotStore) -> pl.Series:
    snapshot, place = store.load(), store.directory.location_text("").rstrip("/")
    if isinstance(snapshot, NoSnapshot):
        raise StateUnusable(f"{place}: {snapshot.why}; `icp-sync plan --full` reads it anew")
    if snapshot.after is not None:
        raise StateUnusable(f"{place}: the last reading was cut short; run `icp-sync plan` once")
    return with_missing_columns(snapshot.companies, [_DOMAIN])[_DOMAIN]
