"""`icp-sync fleet status`: the last run of every portal, from ledgers and state alone."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from icp_sync.cli.fleet_processes import fleet_state_root, secret_resolver
from icp_sync.cli.options import CommonOptions
from icp_sync.cli.profile_loading import load_profile
from icp_sync.errors import IcpSyncError, UsageError
from icp_sync.fleet.load import LoadedFleet
from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import PortalOutcome, error_outcome
from icp_sync.fleet.portal_command import profile_paths, state_path
from icp_sync.object_store.address import parse_address
from icp_sync.runs.fleet_status import portal_status
from icp_sync.state.home import StateHome


def read_status(fleet: LoadedFleet, portals: Sequence[Portal], common: CommonOptions) -> tuple[PortalOutcome, ...]:
    """How each portal's last run ended; no token is read."""
    root, folder, vault, now = fleet_state_root(common), fleet.folder, secret_resolver(), dt.datetime.now(dt.UTC)
    name_of = functools.cache(lambda path: load_profile(path, "`profiles` in the fleet file").profile.name)
    home_of = functools.cache(lambda url: StateHome(url=url))

    def status(portal: Portal) -> PortalOutcome:
        try:
            names = _profile_names(portal, folder, name_of)
            # Portals of one ledger share its engine: a server takes a hundred connections, fleets have more portals.
            home = home_of(vault.resolve(portal.ledger) if portal.ledger else None)
        except IcpSyncError as error:
            return error_outcome(portal.name, portal.portal_id, error)
        except click.UsageError as error:  # of a folder without profiles
            return error_outcome(portal.name, portal.portal_id, UsageError(error.message))
        snapshots = parse_address(portal.snapshots) if portal.snapshots else None
        kept = replace(home, named=state_path(portal, folder, root), snapshots=snapshots)
        return portal_status(portal, names, kept, now)

    return tuple(map(status, portals))


def _profile_names(portal: Portal, folder: Path, name_of: Callable[[Path], str]) -> list[str]:
    files = CommonOptions(tuple(profile_paths(portal, folder)), None, as_json=False, quiet=False).profile_files
    return [name_of(path) for path in files]
