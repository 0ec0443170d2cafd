"""The run of one profile: the session of its portal, the profile, its state and its id."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from icp_sync.errors import WrongPortal
from icp_sync.plan.plan import PlanOrigin
from icp_sync.portal.client.connection import Connection
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.portal_session import PortalSession
from icp_sync.state.store import StateStore

OTHER_PORTAL: Final = "other-portal"
_MOMENT: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class ProfileRun:
    """One profile's run on a connected session."""

    session: PortalSession
    loaded: LoadedProfile
    store: StateStore
    run_id: str

    @property
    def profile(self) -> Profile:
        return self.loaded.profile

    @property
    def connection(self) -> Connection:
        return self.session.connection

    @property
    def allowed_names(self) -> frozenset[str]:
        return self.session.options.allow

    @property
    def is_first_in_session(self) -> bool:
        """Whether this is the session's first profile, which writes what all of them have in common."""
        return self.loaded is self.session.profiles[0]

    @property
    def repeat_options(self) -> tuple[str, ...]:
        """The options that a later command on this profile and state needs, as words of a command line."""
        return self.session.repeat_options(self.loaded)

    def current_time(self) -> dt.datetime:
        """The time by the portal's clock, by this machine's before its first response."""
        return self.connection.portal_time or dt.datetime.now(dt.UTC)

    def new_plan_origin(self) -> PlanOrigin:
        """The origin of a plan made by this run."""
        return PlanOrigin(
            run_id=self.run_id,
            portal_id=self.session.account.portal_id,
            created_at=self.session.now,
            as_of=self.session.day,
            profile_name=self.profile.name,
            profile_digest=self.loaded.digest,
            profile_whole=self.loaded.file_digest,
        )


def open_profile_runs(session: PortalSession) -> tuple[ProfileRun, ...]:
    """One run for each profile of a connected session, with its state opened.

    Raises WrongPortal for the state of another portal, unless that is allowed.
    """
    profile_runs = tuple(
        ProfileRun(session, loaded, _open_store(session, loaded), new_run_id(session.now))
        for loaded in session.profiles
    )
    bind_log_context(session, profile_runs)
    return profile_runs


def bind_log_context(session: PortalSession, profile_runs: Sequence[ProfileRun]) -> None:
    """Name the runs that what is logged from here on belongs to."""
    session.progress.identify(
        ", ".join(profile_run.run_id for profile_run in profile_runs),
        ", ".join(profile_run.profile.name for profile_run in profile_runs),
        session.account.portal_id,
    )


def _open_store(session: PortalSession, loaded: LoadedProfile) -> StateStore:
    portal_id = session.account.portal_id
    store = session.state.open(portal_id, loaded.profile.name)
    portals = store.known_portals()
    # Record ids and list ids are numbers that another portal has too, for other things, so nothing in the state of one
    # portal may meet the records of another.
    if portals and portal_id not in portals and OTHER_PORTAL not in session.options.allow:
        raise WrongPortal(
            f"the state directory {store.path} belongs to portal {', '.join(map(str, sorted(portals)))}, the token to "
            f"portal {portal_id}; use that portal's token, name another --state, or --allow {OTHER_PORTAL}"
        )
    return store


def new_run_id(now: dt.datetime) -> str:
    """Sorts by time, and two in one second still differ."""
    return f"{now:{_MOMENT}}-{secrets.token_hex(3)}"


def run_start_time(run_id: str) -> dt.datetime:
    """When the run of that id began, in UTC."""
    return dt.datetime.strptime(run_id.partition("-")[0], _MOMENT).replace(tzinfo=dt.UTC)
