"""Our own ceiling for the day: never exceeded, by threads, by runs side by side, or by one that was killed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from icp_sync.errors import DailyLimitReached, PreflightFailed
from icp_sync.portal import account
from icp_sync.portal.account import Account
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import ACCOUNT
from icp_sync.runs.daily_ceiling import (
    DailyCeiling,
    DailyQuota,
    fail_if_exhausted,
    install_daily_ceiling,
    quota_left_today,
)
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from icp_sync.state.ledger.address import sqlite_address
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.quota import QuotaStore
from tests.marks import with_slow
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

BERLIN = Account(7, "Europe/Berlin", "app.hubspot.com", "STANDARD", "EUR")
EVENING = dt.datetime(2026, 11, 21, 21, 0, tzinfo=dt.UTC)


class Wall:
    """A clock on the wall that a test sets."""

    def __init__(self) -> None:
        self.time = EVENING

    def __call__(self) -> dt.datetime:
        return self.time


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def store(tmp_path: Path) -> QuotaStore:
    return QuotaStore(open_ledger(sqlite_address(tmp_path / "ledger.db")), BERLIN.portal_id)


@pytest.fixture
def portal() -> SandboxPortal:
    return SandboxPortal()


@pytest.fixture
def connection(portal: SandboxPortal) -> Iterator[Connection]:
    with (
        serve_in_thread(portal) as address,
        Connection(address.token, address.url, stop=Event(), clock=InstantClock()) as connection,
    ):
        yield connection


def quota(store: QuotaStore, wall: Wall, calls: int | None = None, share: float | None = None) -> DailyCeiling:
    return DailyCeiling(calls, share, lambda _: store, wall)


def allowed(store: QuotaStore, wall: Wall, calls: int) -> DailyQuota:
    return DailyQuota(quota(store, wall, calls), BERLIN, calls, None, counts_only=False)


def taken(allowance: DailyQuota, tries: int) -> int:
    """How many of so many calls were allowed."""

    def take(_: int) -> bool:
        try:
            allowance.count_call()
        except DailyLimitReached:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        return sum(threads.map(take, range(tries)))


def calls_of(store: QuotaStore) -> int:
    known = store.usage()
    return known.calls if known else 0


@pytest.mark.slow
@pytest.mark.parametrize("ceiling", with_slow([101], [1, 99, 100, 250]))
def test_eight_threads_take_no_more_than_the_ceiling(store: QuotaStore, wall: Wall, ceiling: int) -> None:
    assert taken(allowed(store, wall, ceiling), 400) == ceiling


def test_runs_of_a_day_share_the_ceiling(store: QuotaStore, wall: Wall) -> None:
    for calls in (30, 15):
        run = allowed(store, wall, 100)
        assert taken(run, calls) == calls
        run.close()
    assert calls_of(store) == 45
    assert taken(allowed(store, wall, 100), 200) == 55


@pytest.mark.slow
def test_two_runs_side_by_side_take_no_more_than_the_ceiling(store: QuotaStore, wall: Wall) -> None:
    host, other = allowed(store, wall, 350), allowed(store, wall, 350)
    assert sum(taken(run, 1) for _ in range(300) for run in (host, other)) == 350


def test_a_killed_run_loses_less_than_a_block_and_never_exceeds(store: QuotaStore, wall: Wall) -> None:
    assert taken(allowed(store, wall, 500), 130) == 130
    assert taken(allowed(store, wall, 500), 500) == 500 - 200


def test_the_next_day_begins_at_midnight_in_the_portals_time_zone(store: QuotaStore, wall: Wall) -> None:
    run = allowed(store, wall, 50)
    assert taken(run, 60) == 50
    wall.time = EVENING + dt.timedelta(hours=1, minutes=59)
    assert taken(run, 60) == 0
    wall.time = EVENING + dt.timedelta(hours=2)
    assert taken(run, 60) == 50


def test_a_higher_ceiling_lets_the_same_day_continue(store: QuotaStore, wall: Wall) -> None:
    assert taken(allowed(store, wall, 50), 60) == 50
    assert taken(allowed(store, wall, 80), 60) == 30


def test_the_message_says_whose_limit_how_much_and_until_when(store: QuotaStore, wall: Wall) -> None:
    run = allowed(store, wall, 1_000)
    run.add_sent_calls(1_000)
    with pytest.raises(DailyLimitReached) as reached:
        run.count_call()
    assert reached.value.message == (
        "our own ceiling ICP_SYNC_DAILY_CALLS is reached: 1,000 of 1,000 calls are used today; it counts anew at "
        "2026-11-22 00:00 (Europe/Berlin); the next run continues"
    )


def test_a_connection_sends_what_is_allowed_and_counts_what_it_had_sent(
    connection: Connection, portal: SandboxPortal, store: QuotaStore, wall: Wall
) -> None:
    details = account.fetch_account(connection)
    install_daily_ceiling(connection, quota(store, wall, 5), details)
    with pytest.raises(DailyLimitReached):
        list(connection.map_concurrent(lambda _: connection.call(ACCOUNT), range(40)))
    assert portal.calls.total == connection.calls.total == 5


def test_tries_that_failed_count_too(
    connection: Connection, portal: SandboxPortal, store: QuotaStore, wall: Wall
) -> None:
    install_daily_ceiling(connection, quota(store, wall, 5), account.fetch_account(connection))
    portal.faults.add("503")
    with pytest.raises(DailyLimitReached):
        connection.call(ACCOUNT)
    assert portal.calls.total == 5


@pytest.mark.parametrize(("share", "ceiling"), [(0.5, 500_000), (0.00001, 10), (1e-9, 1), (1.0, 1_000_000)])
def test_a_share_is_of_the_limit_in_the_headers(
    connection: Connection, portal: SandboxPortal, store: QuotaStore, wall: Wall, share: float, ceiling: int
) -> None:
    assert (
        install_daily_ceiling(connection, quota(store, wall, share=share), account.fetch_account(connection)).ceiling
        == ceiling
    )
    assert portal.calls.total == 1


USAGE = {"results": [{"usageLimit": 2_000, "currentUsage": 900, "resetsAt": "2026-11-21T23:00:00Z"}]}
DETAILS = {"portalId": 7, "timeZone": "Europe/Berlin"}


def bare(*bodies: object) -> tuple[Scripted, ...]:
    """A portal that sends no header about its limits."""
    return tuple(Scripted(200, body) for body in bodies)


def test_where_no_header_tells_the_usage_is_asked(store: QuotaStore, wall: Wall) -> None:
    with answering(*bare(DETAILS, USAGE)) as (url, asked), _plain(url) as connection:
        assert (
            install_daily_ceiling(connection, quota(store, wall, share=0.1), account.fetch_account(connection)).ceiling
            == 200
        )
    assert len(asked) == calls_of(store) == 2


def test_a_share_of_nobody_knows_what_is_refused(store: QuotaStore, wall: Wall) -> None:
    with (
        answering(*bare(DETAILS, {"results": []})) as (url, _),
        _plain(url) as connection,
        pytest.raises(PreflightFailed, match=r"ICP_SYNC_DAILY_CALLS is 12.5% of .* set a number"),
    ):
        install_daily_ceiling(connection, quota(store, wall, share=0.125), account.fetch_account(connection))


def test_a_known_portal_whose_ceiling_is_used_up_costs_no_call(store: QuotaStore, wall: Wall) -> None:
    ceiling = quota(store, wall, 50)
    fail_if_exhausted(ceiling, BERLIN.portal_id)
    taken(allowed(store, wall, 50), 60)
    with pytest.raises(DailyLimitReached, match="50 of 50 calls"):
        fail_if_exhausted(ceiling, BERLIN.portal_id)
    wall.time += dt.timedelta(hours=2)
    fail_if_exhausted(ceiling, BERLIN.portal_id)


# What is left of the day


def test_what_is_left_is_the_accounts_without_a_ceiling(connection: Connection) -> None:
    account.fetch_account(connection)
    left = quota_left_today(connection)
    assert (left.limit, left.left, left.bound) == (1_000_000, 999_999, "the HubSpot account")


def test_what_is_left_is_the_lesser_of_the_two(connection: Connection, store: QuotaStore, wall: Wall) -> None:
    install_daily_ceiling(connection, quota(store, wall, 40), account.fetch_account(connection))
    left = quota_left_today(connection)
    assert (left.limit, left.left, left.bound) == (1_000_000, 39, "ICP_SYNC_DAILY_CALLS")


@pytest.mark.parametrize(("ask", "left"), [(True, 1_100), (False, None)])
def test_without_headers_a_call_is_spent_only_when_asked(ask: bool, left: int | None) -> None:
    with answering(*bare(DETAILS, USAGE)) as (url, asked), _plain(url) as connection:
        account.fetch_account(connection)
        assert quota_left_today(connection, fetch=ask).left == left
    assert len(asked) == 1 + ask


def _plain(url: str) -> Connection:
    return Connection("t0ken", url, stop=Event(), clock=InstantClock())
