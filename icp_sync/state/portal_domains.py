"""The domains of the companies that portals hold, as the last runs read them: for what is not in HubSpot yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.companies.frame import with_absent
from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory, user_directory
from icp_sync.state.snapshot import NoSnapshot, SnapshotStore

_DOMAIN: Final = "domain"


def read_domains(folders: Iterable[Path]) -> pl.Series:
    """The domains in all snapshots at and below the folders, as HubSpot has them (String, none is null).

    No folder: those of this user's own state. Raises StateUnusable for a folder without a snapshot, and for one that is
    damaged or was cut short: a company that is there must not be bought again unseen.
    """
    domains = [_domains_of(store) for folder in folders or [user_directory()] for store in _snapshots_below(folder)]
    return pl.concat(domains).drop_nulls()


def _snapshots_below(folder: Path) -> Iterator[SnapshotStore]:
    named = [(path.parent, path.name.split(".", 2)) for path in sorted(folder.rglob("snapshot.*.json"))]
    stores = [
        SnapshotStore(StateDirectory(home), int(portal_id), rest.removesuffix(".json"))
        for home, (_, portal_id, rest) in named
        if portal_id.isdecimal()
    ]
    if not stores:
        raise StateUnusable(
            f"{folder} has no snapshot, so which companies HubSpot holds is not known; run `icp-sync plan` once, "
            "or name the directory of a portal's state with --portal-state"
        )
    yield from stores


def _domains_of(store: SnapshotStore) -> pl.Series:
    snapshot = store.load()
    if isinstance(snapshot, NoSnapshot):
        raise StateUnusable(f"{store.directory.path}: {snapshot.why}; `icp-sync plan --full` reads it anew")
    if snapshot.after is not None:
        raise StateUnusable(f"{store.directory.path}: the last reading was cut short; run `icp-sync plan` once")
    return with_absent(snapshot.companies, [_DOMAIN])[_DOMAIN]
