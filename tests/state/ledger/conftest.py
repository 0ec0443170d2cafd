"""A ledger in SQLite, and the same in PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from icp_sync.plan.run_record import RunRecord
from icp_sync.state.ledger.address import LedgerAddress, parse_ledger_address, sqlite_address
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.opening import open_ledger
from icp_sync.state.ledger.runs import RunStore
from icp_sync.state.ledger.schema import METADATA, VERSION_TABLE
from tests.postgres import Server

PORTAL = 1_234_567
PROFILE = "devops-dach"
NIGHT = dt.datetime(2026, 11, 3, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def shared(server: Server) -> Iterator[LedgerAddress]:
    """The address of a ledger in PostgreSQL that is not made yet."""
    with server.database() as url:
        yield parse_ledger_address(url)


@pytest.fixture(scope="session")
def made(server: Server) -> Iterator[Ledger]:
    """A ledger in PostgreSQL for all tests, since making one takes a second; `host` is it without rows."""
    with server.database() as url:
        yield open_ledger(parse_ledger_address(url))


@pytest.fixture
def host(made: Ledger) -> Ledger:
    """An empty ledger in PostgreSQL."""
    tables = ", ".join(f'"{name}"' for name in METADATA.tables if name != VERSION_TABLE)
    with made.write_transaction() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    """An empty ledger, in either database."""
    if request.param == "sqlite":
        return open_ledger(sqlite_address(tmp_path / "ledger.db"))
    shared: Ledger = request.getfixturevalue("host")
    return shared


def record(run_id: str = "20261103T020000Z-abc123", **facts: object) -> RunRecord:
    """A run that has begun, with what the test says of it."""
    begun: dict[str, object] = {
        "run_id": run_id, "portal_id": PORTAL, "profile": PROFILE, "command": "run", "started_at": NIGHT,
        "host": "cron-1", "os_user": "icp", "version": "0.1.0", "digest": "d1", "whole": "w1", "as_of": NIGHT.date(),
    }  # fmt: skip
    return RunRecord(**(begun | facts))  # type: ignore[arg-type]


@pytest.fixture
def runs(ledger: Ledger) -> RunStore:
    return RunStore(ledger, PORTAL, PROFILE)
