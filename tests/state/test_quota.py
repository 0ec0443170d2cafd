"""The calls of the day, added up over runs."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory
from icp_sync.state.quota import FILE, DailyUsage, QuotaStore

TODAY = dt.date(2026, 11, 21)
YESTERDAY = dt.date(2026, 11, 20)


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory.open(tmp_path)


def of(calls: int, day: dt.date = TODAY) -> DailyUsage:
    return DailyUsage(day, calls, "Europe/Berlin", 1_000_000)


def test_nothing_is_spent_at_first(state: StateDirectory) -> None:
    assert QuotaStore(state, 1).usage() is None


def test_several_bookings_a_day_add_up(state: StateDirectory) -> None:
    assert QuotaStore(state, 1).reserve(of(100), None) == (100, 100)
    assert QuotaStore(state, 1).reserve(of(30), None) == (30, 130)
    assert QuotaStore(state, 1).usage() == of(130)


@pytest.mark.parametrize(("before", "granted", "total"), [(0, 100, 100), (450, 50, 500), (500, 0, 500), (520, 0, 520)])
def test_no_more_is_granted_than_is_left(state: StateDirectory, before: int, granted: int, total: int) -> None:
    QuotaStore(state, 1).reserve(of(before), None)
    assert QuotaStore(state, 1).reserve(of(100), 500) == (granted, total)
    assert QuotaStore(state, 1).usage() == (of(total) if total else None)


def test_what_was_not_used_is_given_back(state: StateDirectory) -> None:
    QuotaStore(state, 1).reserve(of(100), 500)
    assert QuotaStore(state, 1).reserve(of(-63), None) == (-63, 37)


def test_a_new_day_begins_at_nothing(state: StateDirectory) -> None:
    QuotaStore(state, 1).reserve(of(500, YESTERDAY), None)
    assert QuotaStore(state, 1).reserve(of(100), 500) == (100, 100)
    assert QuotaStore(state, 1).usage() == of(100)


def test_each_portal_has_a_day_of_its_own(state: StateDirectory) -> None:
    QuotaStore(state, 1).reserve(of(100), None)
    QuotaStore(state, 2).reserve(of(7), None)
    assert (QuotaStore(state, 1).usage(), QuotaStore(state, 2).usage()) == (of(100), of(7))


def test_bookings_at_the_same_time_are_all_counted(state: StateDirectory) -> None:
    with ThreadPoolExecutor(8) as threads:
        granted = [one for one, _ in threads.map(lambda _: QuotaStore(state, 1).reserve(of(7), 100), range(40))]
    assert sum(granted) == 100
    assert QuotaStore(state, 1).usage() == of(100)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"1": {"day": "today", "calls": 1, "time_zone": "UTC"}}'])
def test_a_damaged_file_is_said_with_its_remedy(state: StateDirectory, content: bytes) -> None:
    state.replace(FILE, content)
    with pytest.raises(StateUnusable, match=r"quota\.json is damaged; remove it"):
        QuotaStore(state, 1).reserve(of(1), None)


def test_the_file_is_one_a_person_can_read(state: StateDirectory) -> None:
    QuotaStore(state, 1).reserve(of(100), None)
    assert orjson.loads(state.read(FILE) or b"") == {
        "1": {"day": "2026-11-21", "calls": 100, "time_zone": "Europe/Berlin", "limit": 1_000_000}
    }
