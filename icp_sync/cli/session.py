"""Wiring: from options and settings to a job with a profile, a connection and a state directory."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from icp_sync.cli.options import Common
from icp_sync.cli.progress import watching
from icp_sync.cli.stopping import Stop, stoppable
from icp_sync.errors import AuthenticationFailed, ProfileInvalid
from icp_sync.portal.connection import Connection
from icp_sync.profile.loading import Loaded, load
from icp_sync.runs.job import Job
from icp_sync.settings import Settings, read_settings
from icp_sync.state.directory import StateDirectory


def load_profile(path: Path) -> Loaded:
    """The profile at `path`. Raises ProfileInvalid, also when there is no such file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProfileInvalid(
            f"the profile {path} cannot be read ({error.strerror}); name another with --profile, "
            "or make one with icp-sync init"
        ) from error
    return load(content, str(path))


@contextmanager
def job(
    command: str,
    common: Common,
    *,
    allow: frozenset[str] = frozenset(),
    limit: int | None = None,
    as_of: dt.datetime | None = None,
) -> Iterator[tuple[Job, Stop]]:
    """A job ready to run. The profile is read before the token is looked at, and both before the first call."""
    loaded = load_profile(common.profile)
    settings = read_settings()
    now = dt.datetime.now(dt.UTC)
    with stoppable() as stop, connected(settings, stop) as connection, watching(quiet=common.quiet) as watch:
        yield (
            Job(
                command=command,
                run_id=new_run_id(now),
                now=now,
                loaded=loaded,
                connection=connection,
                state_of=lambda portal_id: open_state(common, portal_id, loaded.profile.name),
                watch=watch,
                expected_portal=settings.icp_sync_portal_id,
                as_of=as_of.date() if as_of else None,
                allow=allow,
                limit=limit,
            ),
            stop,
        )


@contextmanager
def connected(settings: Settings, stop: Stop) -> Iterator[Connection]:
    """A connection to the portal the settings name. Raises AuthenticationFailed without a token."""
    if settings.hubspot_access_token is None:
        raise AuthenticationFailed(
            "HUBSPOT_ACCESS_TOKEN is not set; make a service key in HubSpot (Settings > Integrations > Service keys) "
            "and put it in the environment, in a secrets file, or in .env"
        )
    token = settings.hubspot_access_token.get_secret_value()
    with Connection(token, settings.hubspot_base_url, settings.hubspot_api_version, stop=stop.event) as connection:
        yield connection


def open_state(common: Common, portal_id: int, profile: str) -> StateDirectory:
    """The state directory: named, or one for each portal and profile in the user's own."""
    home = platformdirs.user_state_path("icp_sync") / str(portal_id) / profile
    return StateDirectory.open(common.state or home)


def new_run_id(now: dt.datetime) -> str:
    """Sorts by time, and two in one second still differ."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
