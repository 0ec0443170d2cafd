"""Wiring: from options and settings to runs, each with its profile, state directory and the one connection."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from icp_sync.cli.boundary import TRACE
from icp_sync.cli.options import Common
from icp_sync.cli.profiles import load_profiles
from icp_sync.cli.progress import progress_for
from icp_sync.cli.signals import StopRequest, graceful_stop
from icp_sync.errors import AuthenticationFailed, ProfileInvalid, UsageError
from icp_sync.portal.client.connection import Connection
from icp_sync.profile.load import LoadedProfile
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.daily_quota import Quota
from icp_sync.runs.progress import CallStats, Progress
from icp_sync.scoring.profile_tests import run_profile_tests
from icp_sync.settings import Settings, read_settings
from icp_sync.state.store import StateHome, StateStore


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the options of a command set for its run; `as_of` None is now, `limit` None is no limit."""

    allow: frozenset[str] = frozenset()
    limit: int | None = None
    as_of: dt.datetime | None = None
    verdicts: bool = True
    full: bool = False


@contextmanager
def open_run(
    command: str, common: Common, options: RunOptions = RunOptions()
) -> Iterator[tuple[ProfileRun, StopRequest]]:
    """The run of the one profile of a command, connected. Raises click.UsageError for several profiles."""
    common.only_profile()
    with open_runs(command, common, options) as ((only,), stop):
        yield only, stop


@contextmanager
def open_runs(
    command: str, common: Common, options: RunOptions = RunOptions()
) -> Iterator[tuple[list[ProfileRun], StopRequest]]:
    """One run a profile. Profiles are read before the token, and both before the first call.

    Raises ProfileInvalid for a profile whose own tests fail, unless `options.verdicts` is false.
    """
    with graceful_stop(as_json=common.as_json) as stop:
        loaded = load_profiles(common)
        if options.verdicts:
            _require_passing_tests(loaded, options.as_of)
        _check_adopt_names(loaded, options.allow)
        settings = read_settings()
        with (
            connected(settings, stop) as connection,
            progress_for(lambda: traffic(connection), quiet=common.quiet) as progress,
        ):
            first = _first_run(command, common, loaded[0], connection, progress)
            first = replace(
                first,
                expected_portal=settings.icp_sync_portal_id,
                as_of=options.as_of.date() if options.as_of else None,
                allow=options.allow,
                limit=options.limit,
                full=options.full,
                quota=_quota(common, settings, connection),
            )
            yield [first, *(_next_run(first, common, profile) for profile in loaded[1:])], stop


def _require_passing_tests(loaded: Sequence[LoadedProfile], as_of: dt.datetime | None) -> None:
    """Raises ProfileInvalid when one of the profiles' own tests fails: such an edit must not reach the portal."""
    day = (as_of or dt.datetime.now(dt.UTC)).date()
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


def _check_adopt_names(loaded: Sequence[LoadedProfile], allow: frozenset[str]) -> None:
    """Raises UsageError when `adopt-list:` names a list the profile has not, or `forget-list:` one it has."""
    kept = {target.name for profile in loaded for target in profile.profile.lists}
    for name in sorted(allow):
        kind, _, list_name = name.partition(":")
        if kind == "adopt-list" and list_name not in kept:
            raise UsageError(
                f"--allow {name}: the profile keeps no list of that name; it keeps {', '.join(sorted(kept))}"
            )
        if kind == "forget-list" and list_name in kept:
            raise UsageError(f"--allow {name}: the profile keeps that list; take it out of the profile first")


def _first_run(
    command: str, common: Common, loaded: LoadedProfile, connection: Connection, progress: Progress
) -> ProfileRun:
    now = dt.datetime.now(dt.UTC)
    return ProfileRun(command, new_run_id(now), now, loaded, connection, _state_opener(common, loaded), progress)


def _next_run(first: ProfileRun, common: Common, loaded: LoadedProfile) -> ProfileRun:
    return replace(
        first, run_id=new_run_id(first.now), loaded=loaded, state_of=_state_opener(common, loaded), first=False
    )


def _quota(common: Common, settings: Settings, connection: Connection) -> Quota | None:
    """The daily ceiling, None without one. It is kept per portal: all its profiles share the day's calls."""
    daily = settings.icp_sync_daily_calls
    if daily is None:
        return None
    return Quota(
        daily.calls,
        daily.share,
        StateHome(common.state).quota,
        lambda: connection.portal_time or dt.datetime.now(dt.UTC),
    )


def traffic(connection: Connection) -> CallStats:
    """Calls made, and calls that wait for the portal."""
    return CallStats(connection.calls.total, connection.waiting())


def _state_opener(common: Common, loaded: LoadedProfile) -> Callable[[int], StateStore]:
    home = StateHome(common.state, _note_state)
    return lambda portal_id: home.open(portal_id, loaded.profile.name)


@contextmanager
def connected(settings: Settings, stop: StopRequest) -> Iterator[Connection]:
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


def _note_state(path: Path) -> None:
    TRACE.state = path


def new_run_id(now: dt.datetime) -> str:
    """Sorts by time, and two in one second still differ."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
