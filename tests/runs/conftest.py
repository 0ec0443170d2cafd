"""A portal of some companies, and a job whose plan would write every one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import polars as pl
import pytest

from icp_sync.plan.plan import Plan
from icp_sync.portal.account import get_account
from icp_sync.portal.client.connection import Connection
from icp_sync.profile.load import load
from icp_sync.runs.apply.create_properties import create_missing
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.plan import PlannedRun, plan
from icp_sync.runs.progress import NoProgress
from icp_sync.sandbox import SandboxPortal, serving
from icp_sync.state.store import StateStore
from tests.cli.conftest import PROFILES
from tests.portal.instant import InstantClock

SMALL = PROFILES / "small.yaml"


@pytest.fixture
def clock() -> InstantClock:
    return InstantClock()


@pytest.fixture
def size(request: pytest.FixtureRequest) -> int:
    """How many companies there are."""
    return int(getattr(request, "param", 3))


@pytest.fixture
def portal(clock: InstantClock, size: int) -> SandboxPortal:
    """German companies with the ids 1, 2, …, of unknown size."""
    portal = SandboxPortal(clock=clock.now)
    portal.add_companies(pl.DataFrame({"id": range(1, size + 1), "country": ["DE"] * size}))
    return portal


@pytest.fixture
def store(portal: SandboxPortal, tmp_path: Path) -> StateStore:
    return StateStore.open(tmp_path / "state", portal.portal_id, "small")


@pytest.fixture
def job(portal: SandboxPortal, clock: InstantClock, store: StateStore) -> Iterator[ProfileRun]:
    now = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
    with (
        serving(portal) as address,
        Connection(address.token, address.url, stop=Event(), clock=clock) as connection,
    ):
        loaded = load(SMALL.read_bytes(), str(SMALL))
        yield ProfileRun("run", "run-1", now, loaded, connection, lambda _: store, NoProgress())


@pytest.fixture
def planned(job: ProfileRun, store: StateStore) -> PlannedRun:
    """The plan, once its properties are made."""
    account = get_account(job.connection)
    (first,) = plan([job], account, [store])
    list(create_missing(job.connection, job.profile, first.preview.plan.to_make, first.portal_state.preflight))
    return plan([job], account, [store])[0]


@pytest.fixture
def drawn(planned: PlannedRun) -> Plan:
    return planned.preview.plan
