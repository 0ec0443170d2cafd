"""The domains of the companies that portals hold, as the last runs read them: for what is not in HubSpot yet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import orjson
import platformdirs
import polars as pl

from icp_sync.errors import StateUnusable

_DOMAIN: Final = "domain"
_POINTERS: Final = "snapshot.*.json"


def read_domains(folders: Iterable[Path]) -> tuple[pl.Series, int]:
    """The domains in all snapshots at and below the folders (String, as HubSpot has them), and how many snapshots.

    No folder: those of this user's own state. Raises StateUnusable for a folder without a snapshot, and for one that
    is damaged: a company that is there must not be bought again unseen.
    """
    domains: list[pl.Series] = []
    for folder in folders or [_own_state()]:
        pointers = sorted(folder.rglob(_POINTERS))
        if not pointers:
            raise StateUnusable(
                f"{folder} has no snapshot, so which companies HubSpot holds is not known; run `icp-sync plan` once, "
                "or name the directory of a portal's state with --state"
            )
        domains += [_domains_of(pointer) for pointer in pointers]
    return pl.concat(domains).drop_nulls(), len(domains)


def _own_state() -> Path:
    try:
        return platformdirs.user_state_path("icp_sync")
    except RuntimeError as error:  # no HOME, and a user id the machine does not know
        raise StateUnusable("this user has no home directory; name the state with --state") from error


def _domains_of(pointer: Path) -> pl.Series:
    try:
        content = orjson.loads(pointer.read_bytes())
        companies = pl.scan_parquet(pointer.with_name(content["file"]), glob=False).select(_DOMAIN).collect()
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise StateUnusable(f"the snapshot {pointer} is damaged; `icp-sync plan --full` reads it anew") from error
    if content.get("after"):
        raise StateUnusable(f"the snapshot {pointer} is of a reading that was cut short; run `icp-sync plan` once")
    return companies[_DOMAIN]
