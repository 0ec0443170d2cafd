"""A job: what one command brings to a run, gathered in one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from icp_sync.plan.plan import PlanOrigin
from icp_sync.portal.account import Account
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.quota_day import day_of
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.daily_quota import Quota
from icp_sync.runs.progress import Progress
from icp_sync.state.directory import StateDirectory


@dataclass(frozen=True, slots=True)
class ProfileRun:
    """One command's run.

    `now` is UTC; `as_of` None = today in the portal's time zone; `state_of` opens the state directory of a portal,
    whose id is known only once the token has been used. `first`: of several profiles run together, the first. `full`:
    every company is read, whatever the snapshot holds. `quota`: our own ceiling for the day, None without one.
    `retry_failed`: the run is over the companies in quarantine, and no others.
    """

    command: str
    run_id: str
    now: dt.datetime
    loaded: LoadedProfile
    connection: Connection
    state_of: Callable[[int], StateDirectory]
    watch: Progress
    expected_portal: int | None = None
    as_of: dt.date | None = None
    allow: frozenset[str] = frozenset()
    limit: int | None = None
    first: bool = True
    full: bool = False
    quota: Quota | None = None
    retry_failed: bool = False

    @property
    def profile(self) -> Profile:
        return self.loaded.profile

    def by_portal_clock(self) -> ProfileRun:
        """The same job at the portal's time, where it has told it: a machine's clock may be minutes ahead."""
        return replace(self, now=self.connection.portal_time or self.now)

    def day(self, account: Account) -> dt.date:
        """The calendar day dates are judged by: given, or today where the portal is."""
        return self.as_of or day_of(self.now, account.time_zone)

    def origin(self, account: Account) -> PlanOrigin:
        """What a plan of this job says about where it comes from."""
        return PlanOrigin(
            run_id=self.run_id,
            portal_id=account.portal_id,
            created_at=self.now,
            as_of=self.day(account),
            profile_name=self.profile.name,
            profile_digest=self.loaded.digest,
            profile_whole=self.loaded.file_digest,
        )
