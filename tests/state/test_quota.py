"""The calls of the day, added up over runs."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert

from icp_sync.errors import StateUnusable
from icp_sync.state.ledger.address import sqlite_address
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.schema import document
from icp_sync.state.quota import DailyUsage, QuotaStore

TODAY = dt.date(2026, 11, 21)
YESTERDAY = dt.date(2026, 11, 20)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(sqlite_address(tmp_path / "ledger.db"))


def of(calls: int, day: dt.date = TODAY) -> DailyUsage:
    return DailyUsage(day, calls, "Europe/Berlin", 1_000_000)


def test_nothing_is_spent_at_first(ledger: Ledger) -> None:
    assert QuotaStore(ledger, 1).usage() is None


def test_several_bookings_a_day_add_up(ledger: Ledger) -> None:
    assert QuotaStore(ledger, 1).reserve(of(100), None) == (100, 100)
    assert QuotaStore(ledger, 1).reserve(of(30), None) == (30, 130)
    assert QuotaStore(ledger, 1).usage() == of(130)


@pytest.mark.parametrize(("before", "granted", "total"), [(0, 100, 100), (450, 50, 500), (500, 0, 500), (520, 0, 520)])
def test_no_more_is_granted_than_is_left(ledger: Ledger, before: int, granted: int, total: int) -> None:
    QuotaStore(ledger, 1).reserve(of(before), None)
    assert QuotaStore(ledger, 1).reserve(of(100), 500) == (granted, total)
    assert QuotaStore(ledger, 1).usage() == of(total)


def test_what_was_not_used_is_given_back(ledger: Ledger) -> None:
    QuotaStore(ledger, 1).reserve(of(100), 500)
    assert QuotaStore(ledger, 1).reserve(of(-63), None) == (-63, 37)


def test_a_new_day_begins_at_nothing(ledger: Ledger) -> None:
    QuotaStore(ledger, 1).reserve(of(500, YESTERDAY), None)
    assert QuotaStore(ledger, 1).reserve(of(100), 500) == (100, 100)
    assert QuotaStore(ledger, 1).usage() == of(100)


def test_each_portal_has_a_day_of_its_own(ledger: Ledger) -> None:
    QuotaStore(ledger, 1).reserve(of(100), None)
    QuotaStore(ledger, 2).reserve(of(7), None)
    assert (QuotaStore(ledger, 1).usage(), QuotaStore(ledger, 2).usage()) == (of(100), of(7))


def test_bookings_at_the_same_time_are_all_counted(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as threads:
        granted = [one for one, _ in threads.map(lambda _: QuotaStore(ledger, 1).reserve(of(7), 100), range(40))]
    assert sum(granted) == 100
    assert QuotaStore(ledger, 1).usage() == of(100)


@pytest.mark.parametrize(
    "body",
    [[], 7, {"latest": {"day": "today", "calls": 1, "time_zone": "UTC"}}],
)
def test_a_damaged_document_is_said_with_its_remedy_and_left_as_it_is(ledger: Ledger, body: object) -> None:
    with ledger.write_transaction() as connection:
        connection.execute(insert(document).values(portal_id=1, name="quota", body=body, version=1))
    with pytest.raises(StateUnusable, match="is damaged; delete that row of the table document"):
        QuotaStore(ledger, 1).usage()
    with pytest.raises(StateUnusable):
        QuotaStore(ledger, 1).reserve(of(1), None)
