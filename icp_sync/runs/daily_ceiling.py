"""Our own daily ceiling, ICP_SYNC_DAILY_CALLS: shared by all runs of a day and kept even if a run is killed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from icp_sync.errors import DailyLimitReached, PreflightFailed
from icp_sync.plan.forecast import Forecast, QuotaLeft, forecast_cost
from icp_sync.plan.plan import Plan
from icp_sync.portal import account as account_api
from icp_sync.portal.account import Account
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.quota_day import format_local, local_date, next_midnight
from icp_sync.portal.client.rate_limit import DEFAULT_SHARE
from icp_sync.state.quota import DailyUsage, QuotaStore

SETTING: Final = "ICP_SYNC_DAILY_CALLS"
BLOCK: Final = 100


@dataclass(frozen=True, slots=True)
class DailyCeiling:
    """The ceiling as it was set, in calls or as a share (0-1) of the account's daily limit.

    `open_store` opens the usage of a portal, the same for all its profiles; `now` is the time in UTC.
    """

    calls: int | None
    share: float | None
    open_store: Callable[[int], QuotaStore]
    now: Callable[[], dt.datetime]

    def calls_per_day(self, limit: int | None) -> int | None:
        """Calls a day; None for a share of an unknown `limit`."""
        if self.calls is not None or self.share is None:
            return self.calls
        return None if limit is None else max(1, int(limit * self.share))

    def __str__(self) -> str:
        return f"{self.calls:,}" if self.calls is not None else f"{100 * (self.share or 0):g}%"


class DailyQuota:
    """Today's calls, reserved in the state directory in blocks of 100 before they are sent. Thread-safe.

    So no run, not even one that is killed, exceeds the ceiling; `close` gives unused calls back. With `counts_only`
    calls are counted, but none is refused.
    """

    def __init__(
        self, quota: DailyCeiling, account: Account, ceiling: int, limit: int | None, *, counts_only: bool
    ) -> None:
        self.ceiling = ceiling
        self._quota, self._account, self._limit = quota, account, limit
        self._store = quota.open_store(account.portal_id)
        self._at_most = None if counts_only else ceiling
        self._lock = Lock()
        # The day begins at midnight in the portal's time zone, as HubSpot's own daily count does.
        self._reserved = self._booked = 0
        self._begin_day()

    def count_call(self) -> None:
        """Count one call about to be sent. Raises DailyLimitReached, StateUnusable."""
        with self._lock:
            # A run over midnight goes on with the new day's calls, as HubSpot counts them anew then.
            if self._quota.now() >= self._ends:
                self._begin_day()
            if not self._reserved:
                self._reserved = self._reserve_calls(BLOCK, self._at_most)
            if not self._reserved:
                raise ceiling_error(self._booked, self.ceiling, self._ends, self._account.time_zone)
            self._reserved -= 1

    def add_sent_calls(self, calls: int) -> None:
        """Count calls that were sent before the portal was known."""
        with self._lock:
            self._reserve_calls(calls, None)

    def calls_used(self) -> int:
        """Calls sent today, by this run and by others."""
        with self._lock:
            return self._booked - self._reserved

    def calls_left(self) -> int:
        return max(0, self.ceiling - self.calls_used())

    def close(self) -> None:
        with self._lock:
            # What is left of a block of yesterday is nobody's calls of today.
            if self._reserved and self._quota.now() < self._ends:
                self._reserve_calls(-self._reserved, None)
            self._reserved = 0

    def _begin_day(self) -> None:
        now = self._quota.now()
        self._day = local_date(now, self._account.time_zone)
        self._ends = next_midnight(now, self._account.time_zone)
        self._reserved = 0
        known = self._store.usage()
        self._booked = known.calls if known is not None and known.day == self._day else 0

    def _reserve_calls(self, calls: int, at_most: int | None) -> int:
        wanted = DailyUsage(self._day, calls, self._account.time_zone, self._limit)
        granted, self._booked = self._store.reserve(wanted, at_most)
        return granted


def install_daily_ceiling(
    connection: Connection, quota: DailyCeiling, account: Account, *, counts_only: bool = False
) -> DailyQuota:
    """Enforce the ceiling on the connection from now on; calls it has sent already count.

    Raises PreflightFailed when the ceiling is a share and HubSpot does not tell the limit.
    """
    limit = connection.daily_limit()
    if quota.calls is None and limit is None:
        # The endpoint lags behind (it read 0 after 14 calls), so only its limit is taken, never its count.
        daily_usage = account_api.fetch_daily_usage(connection)
        limit = daily_usage.limit if daily_usage else None
    ceiling = quota.calls_per_day(limit)
    if ceiling is None:
        raise PreflightFailed(
            f"{SETTING} is {quota} of the account's daily limit, and HubSpot does not tell this token the limit; "
            "set a number of calls instead"
        )
    daily_quota = DailyQuota(quota, account, ceiling, limit, counts_only=counts_only)
    # The portal, and with it the state directory, is known only after the first call, so that call is counted late.
    daily_quota.add_sent_calls(connection.calls.total)
    connection.quota_guard = daily_quota
    return daily_quota


def fail_if_exhausted(quota: DailyCeiling, portal_id: int) -> None:
    """Raise DailyLimitReached from the recorded usage, before the first call, when the portal is known in advance."""
    recorded = quota.open_store(portal_id).usage()
    # The account is not asked: that would be a call, and none is left.
    if recorded is None or recorded.day != local_date(quota.now(), recorded.time_zone):
        return
    ceiling = quota.calls_per_day(recorded.limit)
    if ceiling is not None and recorded.calls >= ceiling:
        raise ceiling_error(recorded.calls, ceiling, next_midnight(quota.now(), recorded.time_zone), recorded.time_zone)


def ceiling_error(used: int, ceiling: int, ends: dt.datetime, time_zone: str) -> DailyLimitReached:
    """The error for our own ceiling used up. `ends`: when the day ends, UTC."""
    return DailyLimitReached(
        f"our own ceiling {SETTING} is reached: {used:,} of {ceiling:,} calls are used today; it counts anew at "
        f"{format_local(ends, time_zone)}; the next run continues"
    )


def quota_left_today(connection: Connection, *, fetch: bool = False) -> QuotaLeft:
    """The calls left today, of the account's limit or of our ceiling, whichever is less.

    With `fetch` one call is spent where no response header has told it.
    """
    # The X-HubSpot-RateLimit-Daily headers are not sent to every kind of token, and never on search responses.
    limit, left = connection.daily_limit(), connection.daily_remaining()
    if fetch and (limit is None or left is None) and (daily_usage := account_api.fetch_daily_usage(connection)):
        limit, left = daily_usage.limit, max(0, daily_usage.limit - daily_usage.used)
    own_left = connection.quota_guard.calls_left() if connection.quota_guard else None
    if own_left is not None and (left is None or own_left < left):
        return QuotaLeft(limit, own_left, SETTING)
    return QuotaLeft(limit, left, "the HubSpot account")


def forecast_apply(plan: Plan, connection: Connection, day: QuotaLeft | None = None, *, history: int = 0) -> Forecast:
    """The calls, minutes and share of the day's quota that applying takes; the portal's burst limit is per ten seconds.

    `day`: the day's quota; None takes it from the headers of the last response. `history`: see `Forecast`.
    """
    calls_per_second = connection.burst_limit() * DEFAULT_SHARE / 10
    return forecast_cost(plan, calls_per_second, quota_left_today(connection) if day is None else day, history)
