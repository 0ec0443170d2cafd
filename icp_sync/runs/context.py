"""The context of one profile's run: everything a command passes down."""

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
from icp_sync.state.store import StateStore


@dataclass(frozen=True, slots=True)
class ProfileRun:
    """One profile's run.

    `now` is UTC; `as_of` None = today in the portal's time zone; `state_of` opens the state store of a portal,
    whose id is known only once the token has been used. `first`: the first of several profiles run together. `full`:
    read every company, whatever the snapshot has. `quota`: our own daily ceiling, None without one. `limit`: change
    only so many companies (a canary). `retry_failed`: change only companies in quarantine.
    """

    command: str
    run_id: str
    now: dt.datetime
    loaded: LoadedProfile
    connection: Connection
    state_of: Callable[[int], StateStore]
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
        """The same run with `now` from the portal's clock, where known: this machine's may be minutes off."""
        return replace(self, now=self.connection.portal_time or self.now)

    def day(self, account: Account) -> dt.date:
        """The scoring date: `as_of`, or today in the portal's time zone."""
        return self.as_of or day_of(self.now, account.time_zone)

    def origin(self, account: Account) -> PlanOrigin:
        """The origin of a plan made by this run."""
        return PlanOrigin(
            run_id=self.run_id,
            portal_id=account.portal_id,
            created_at=self.now,
            as_of=self.day(account),
            profile_name=self.profile.name,
            profile_digest=self.loaded.digest,
            profile_whole=self.loaded.file_digest,
        )
