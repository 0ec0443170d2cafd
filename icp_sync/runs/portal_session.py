"""A portal session: what all profiles of one portal share while one process works on it."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from pathlib import Path

from icp_sync.errors import WrongPortal
from icp_sync.portal import account as account_api
from icp_sync.portal.account import Account
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.quota_day import local_date
from icp_sync.profile.load import LoadedProfile
from icp_sync.runs import daily_ceiling
from icp_sync.runs.daily_ceiling import DailyCeiling
from icp_sync.runs.interfaces import NoProgress, Progress
from icp_sync.state.home import StateHome


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a command was asked to do.

    `as_of` None = today in the portal's time zone. `limit`: change only so many companies of each profile (a canary).
    `full`: read every company, whatever the snapshot has. `retry_failed`: change only companies in quarantine.
    `because`: why, in the words of who asked. `names_profile`: `--profile` was given, and `state`: what `--state` was,
    since a command that is named to people needs them too.
    """

    command: str
    allow: frozenset[str] = frozenset()
    limit: int | None = None
    as_of: dt.date | None = None
    full: bool = False
    retry_failed: bool = False
    because: str | None = None
    names_profile: bool = False
    state: Path | None = None


@dataclass(slots=True)
class PortalSession:
    """One portal, its connection, and the profiles to run on it.

    `now` is UTC, by this machine's clock until `connect`, by the portal's afterwards. `quota`: our own daily ceiling,
    None without one. `expected_portal`: the portal the token must belong to, None = any. `account` is known only after
    `connect`. `offline`: no call may be made; what only HubSpot knows stays unknown.
    """

    connection: Connection
    state: StateHome
    profiles: tuple[LoadedProfile, ...]
    options: RunOptions
    progress: Progress = field(default_factory=NoProgress)
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    quota: DailyCeiling | None = None
    expected_portal: int | None = None
    offline: bool = False
    account: Account = field(init=False)
    _started: float = field(default_factory=time.monotonic, init=False)

    def connect(self, *, enforce_quota: bool = True) -> None:
        """Learn whose token this is; the daily ceiling holds from here on.

        Raises WrongPortal when it is not the expected portal, and DailyLimitReached.
        """
        quota = self.quota if enforce_quota else None
        if quota is not None and self.expected_portal is not None:
            daily_ceiling.fail_if_exhausted(quota, self.expected_portal)
        self.account = verify_account(self.connection, self.expected_portal)
        if quota is not None:
            daily_ceiling.install_daily_ceiling(self.connection, quota, self.account)
        # What a run remembers is compared with hs_lastmodifieddate, and this machine's clock may be minutes off, so a
        # run lives by the portal's clock: HubSpot's responses tell it in their `Date` header.
        self.now = self.connection.portal_time or self.now
        self.progress.identify(None, ", ".join(self.profile_names), self.account.portal_id)

    def require_portal(self, portal_id: int) -> None:
        """Raise WrongPortal where the token, once connected, is not of this portal, which the state is of."""
        if self.account.portal_id != portal_id:
            raise WrongPortal(
                f"the token belongs to portal {self.account.portal_id}, the state to {portal_id}; use that portal's "
                "token, or name this portal's state with --state"
            )

    @property
    def day(self) -> dt.date:
        """The scoring date: `as_of`, or today in the portal's time zone."""
        return self.options.as_of or local_date(self.now, self.account.time_zone)

    @property
    def known_portal_id(self) -> int | None:
        """The portal of the token once connected; before that the expected one, None = unknown."""
        return self.account.portal_id if hasattr(self, "account") else self.expected_portal

    @property
    def profile_names(self) -> tuple[str, ...]:
        """The names of the profiles, in their order."""
        return tuple(loaded.profile.name for loaded in self.profiles)

    def only_profile(self) -> LoadedProfile:
        """The profile of a session that has one."""
        (loaded,) = self.profiles
        return loaded

    def repeat_options(self, loaded: LoadedProfile) -> tuple[str, ...]:
        """The options that a later command on this profile and its state needs, as words of a command line."""
        # Most commands look at one profile at a time, also where a variable names several.
        profile = ("--profile", loaded.file) if self.options.names_profile or len(self.profiles) > 1 else ()
        return (*profile, *(("--state", str(self.options.state)) if self.options.state else ()))

    def elapsed_seconds(self) -> float:
        """Seconds since the session began."""
        return time.monotonic() - self._started


def verify_account(connection: Connection, expected: int | None) -> Account:
    """The account of the token. Raises WrongPortal when it is not the expected portal."""
    # A token names no portal; the account details do, so this is the first call of every run.
    account = account_api.fetch_account(connection)
    if expected not in (None, account.portal_id):
        raise WrongPortal(
            f"the token belongs to portal {account.portal_id}, ICP_SYNC_PORTAL_ID asks for {expected}; "
            "use that portal's token"
        )
    return account
