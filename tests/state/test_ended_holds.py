"""When held inputs ended, as hosts that share a ledger tell each other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from icp_sync.state.ended_holds import EndedHoldStore
from icp_sync.state.ledger.address import sqlite_address
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.opening import open_ledger

NIGHT = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(sqlite_address(tmp_path / "ledger.db"))


def store(ledger: Ledger, profile: str = "icp") -> EndedHoldStore:
    return EndedHoldStore(ledger, 1, profile, keep=30 * DAY)


def holds(*keys: tuple[int, str]) -> pl.DataFrame:
    return pl.DataFrame(keys, {"id": pl.Int64, "property": pl.String}, orient="row")


def test_the_last_end_of_each_input_is_known(ledger: Ledger) -> None:
    store(ledger).add(holds((7, "industry"), (8, "industry")), NIGHT)
    store(ledger).add(holds((8, "industry"), (7, "country")), NIGHT + DAY)
    assert sorted(store(ledger).load().rows()) == [
        (7, "country", NIGHT + DAY),
        (7, "industry", NIGHT),
        (8, "industry", NIGHT + DAY),
    ]
    assert store(ledger, "ecp").load().is_empty()


def test_what_ended_long_ago_is_forgotten(ledger: Ledger) -> None:
    store(ledger).add(holds((7, "industry")), NIGHT)
    store(ledger).add(holds((8, "country")), NIGHT + 31 * DAY)
    assert store(ledger).load()["id"].to_list() == [8]


def test_where_nothing_ended_nothing_is_written(ledger: Ledger) -> None:
    store(ledger).add(holds(), NIGHT)
    assert store(ledger).load().is_empty()
