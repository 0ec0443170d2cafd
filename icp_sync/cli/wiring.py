"""Builds the session of a command from options and settings: profiles, state and connection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from icp_sync.cli.crash_handler import TRACE
from icp_sync.cli.extras import require_extra
from icp_sync.cli.notifications import ALERTING, ALERTS
from icp_sync.cli.options import DEFAULT_PROFILE, CommonOptions
from icp_sync.cli.profile_loading import load_profiles, only_profile_name
from icp_sync.cli.progress import open_progress
from icp_sync.cli.stop_signals import StopRequest, graceful_stop
from icp_sync.errors import AuthenticationFailed, ProfileInvalid, UnknownRun, UsageError, WrongPortal
from icp_sync.plan.multi_profile import missing_champion_profile_findings
from icp_sync.portal.client.connection import Connection
from icp_sync.profile.load import LoadedProfile
from icp_sync.runs.daily_ceiling import DailyCeiling
from icp_sync.runs.interfaces import CallStats
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.scoring.profile_tests import run_profile_tests
from icp_sync.settings import Settings, StateSettings, read_alert_settings, read_settings, read_state_settings
from icp_sync.state.home import StateHome
from icp_sync.state.store import StateStore

_ASSIGNING: Final = frozenset({"plan", "run", "backfill"})
"""Commands that put companies into the arms of experiments; others leave arms as they stand."""


@contextmanager
def open_session(
    common: CommonOptions, options: RunOptions, *, several: bool = True, verdicts: bool = True
) -> Iterator[tuple[PortalSession, StopRequest]]:
    """The session of a command, not connected yet. Reads the profiles, then the token; makes no call.

    Raises click.UsageError for several profiles unless `several`, and ProfileInvalid for a profile whose own tests
    fail unless `verdicts` is false.
    """
    if options.command in ALERTING:
        files = ", ".join(path.stem for path in common.profiles or (DEFAULT_PROFILE,))
        ALERTS.ping_start(options.command, files, read_alert_settings())
    if not several:
        common.single_profile()
    with graceful_stop(as_json=common.as_json) as stop:
        loaded = load_profiles(common)
        if verdicts:
            _require_passing_tests(loaded, options.as_of)
        _check_adopt_names(loaded, options.allow)
        _require_champions(loaded, options.command)
        settings = read_settings()
        given_state = common.state if common.named_states else None
        options = replace(options, names_profile=common.names_profile, state=given_state)
        with (
            open_connection(settings, stop) as connection,
            open_progress(lambda: call_stats(connection), quiet=common.quiet) as progress,
        ):
            state = _open_state_home(common, settings)
            session = PortalSession(
                connection,
                state,
                tuple(loaded),
                options,
                progress,
                quota=_build_quota(settings, state, connection),
                expected_portal=settings.icp_sync_portal_id,
            )
            ALERTS.session = session
            yield session, stop


def open_store_offline(common: CommonOptions) -> tuple[StateStore, LoadedProfile]:
    """The state of the one profile on the portal it has run on, without a call to HubSpot; the token is not read.

    ICP_SYNC_PORTAL_ID decides between several portals. Raises UnknownRun for none, or none of that portal; UsageError
    for several.
    """
    common.single_profile()
    (loaded,) = load_profiles(common)
    return _open_store_offline(common, loaded.profile.name), loaded


def open_store_by_profile_name(common: CommonOptions) -> StateStore:
    """The same for a command about what is remembered: the profile may be invalid but for its name."""
    return _open_store_offline(common, only_profile_name(common))


def _open_store_offline(common: CommonOptions, name: str) -> StateStore:
    settings = read_state_settings()
    home = _open_state_home(common, settings)
    portals = home.portals(name)
    wanted = settings.icp_sync_portal_id
    if wanted is not None:
        portals = (wanted,) if wanted in portals else ()
    if not portals:
        where = f" on portal {wanted}, which ICP_SYNC_PORTAL_ID names" if wanted is not None else ""
        raise UnknownRun(
            f"profile {name} has not run with this state yet{where}; run icp-sync plan first, or name the state of its "
            "runs with --state"
        )
    if len(portals) > 1:
        listed = ", ".join(map(str, portals))
        raise UsageError(f"profile {name} has run on the portals {listed}; set ICP_SYNC_PORTAL_ID to one of them")
    return home.open(portals[0], name)


def open_store_of_other_profile(common: CommonOptions, store: StateStore, other: LoadedProfile) -> StateStore | None:
    """The state of another profile on the portal of `store`; None where it has not run yet. Makes no call.

    Raises WrongPortal where it has run, and on other portals only.
    """
    home, name = _open_state_home(common, read_state_settings()), other.profile.name
    portals = home.portals(name)
    if portals and store.portal_id not in portals:
        raise WrongPortal(
            f"{other.file} has run on portal {', '.join(map(str, portals))} and {store.profile} on {store.portal_id}; "
            "two profiles are compared on one portal"
        )
    return home.open(store.portal_id, name) if portals else None


def _open_state_home(common: CommonOptions, settings: StateSettings) -> StateHome:
    """Where the state is. Raises UsageError where it needs what is not installed."""
    if settings.icp_sync_snapshot_url is not None:
        require_extra("object-store", "obstore")
    return StateHome(
        common.state,
        _set_crash_file_folder,
        _ledger_url(settings),
        settings.icp_sync_keep,
        settings.icp_sync_snapshot_url,
    )


def _require_passing_tests(loaded: Sequence[LoadedProfile], as_of: dt.date | None) -> None:
    """Raises ProfileInvalid when a test in a profile fails, so that such an edit never reaches the portal."""
    day = as_of or dt.datetime.now(dt.UTC).date()
    failed = [
        f"{profile.file}: {test.name}"
        for profile in loaded
        for test in run_profile_tests(profile.profile, day)
        if not test.ok
    ]
    if failed:
        raise ProfileInvalid(
            f"{len(failed)} of the profile's own tests fail; icp-sync check shows what came out", details=failed
        )


def _require_champions(loaded: Sequence[LoadedProfile], command: str) -> None:
    """Raises ProfileInvalid for an experiment whose champion a run lacks: no company would get an arm."""
    missing = missing_champion_profile_findings(loaded) if command in _ASSIGNING else ()
    if missing:
        raise ProfileInvalid("an experiment runs beside its champion, with --profile for each", details=missing)


def _check_adopt_names(loaded: Sequence[LoadedProfile], allow: frozenset[str]) -> None:
    """Raises UsageError when `adopt-list:` names a list missing in the profile, or `forget-list:` one that is in it."""
    kept = {target.name for profile in loaded for target in profile.profile.lists}
    for name in sorted(allow):
        kind, _, list_name = name.partition(":")
        if kind == "adopt-list" and list_name not in kept:
            raise UsageError(
                f"--allow {name}: the profile keeps no list of that name; it keeps {', '.join(sorted(kept))}"
            )
        if kind == "forget-list" and list_name in kept:
            raise UsageError(f"--allow {name}: the profile keeps that list; take it out of the profile first")


def _build_quota(settings: Settings, state: StateHome, connection: Connection) -> DailyCeiling | None:
    """The daily limit on calls, None without one. All profiles of a portal share it."""
    daily = settings.icp_sync_daily_calls
    if daily is None:
        return None
    return DailyCeiling(
        daily.calls, daily.share, state.open_quota, lambda: connection.portal_time or dt.datetime.now(dt.UTC)
    )


def _ledger_url(settings: StateSettings) -> str | None:
    """The address of a ledger elsewhere, which may hold a password; None for a file in the state directory."""
    url = settings.icp_sync_state_url
    return url.get_secret_value() or None if url else None


def call_stats(connection: Connection) -> CallStats:
    """The calls made, and the calls that wait for the portal."""
    return CallStats(connection.calls.total, connection.calls_in_backoff())


@contextmanager
def open_connection(settings: Settings, stop: StopRequest) -> Iterator[Connection]:
    """A connection to the portal the settings name. Raises AuthenticationFailed without a token."""
    if settings.hubspot_access_token is None:
        raise AuthenticationFailed(
            "HUBSPOT_ACCESS_TOKEN is not set; make a service key in HubSpot (Settings > Integrations > Service keys) "
            "and put it in the environment, in a secrets file, or in .env"
        )
    token = settings.hubspot_access_token.get_secret_value()
    with Connection(token, settings.hubspot_base_url, settings.hubspot_api_version, stop=stop.event) as connection:
        TRACE.has_written = lambda: connection.has_written
        yield connection


def _set_crash_file_folder(path: Path) -> None:
    TRACE.state = path
