"""A portal of some companies, and a run whose plan would write every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import polars as pl
import pytest

from icp_sync.plan.plan import Plan
from icp_sync.portal.client.connection import Connection
from icp_sync.profile.load import parse_profile
from icp_sync.runs.apply.create_properties import create_missing_objects
from icp_sync.runs.plan import PlannedRun, plan
from icp_sync.runs.portal_session import PortalSession, RunOptions
from icp_sync.runs.profile_run import ProfileRun, open_profile_runs
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from icp_sync.state.home import StateHome
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
def session(portal: SandboxPortal, clock: InstantClock, tmp_path: Path) -> Iterator[PortalSession]:
    """A connected session of the small profile."""
    with (
        serve_in_thread(portal) as address,
        Connection(address.token, address.url, stop=Event(), clock=clock) as connection,
    ):
        loaded = parse_profile(SMALL.read_bytes(), str(SMALL))
        session = PortalSession(connection, StateHome(tmp_path / "state"), (loaded,), RunOptions("run"))
        session.connect()
        yield session


@pytest.fixture
def profile_run(session: PortalSession) -> ProfileRun:
    (profile_run,) = open_profile_runs(session)
    return profile_run


@pytest.fixture
def planned(session: PortalSession, profile_run: ProfileRun) -> PlannedRun:
    """The plan, once its properties are made."""
    (first,) = plan(session, [profile_run])
    to_make = first.preview.plan.to_make
    list(create_missing_objects(session.connection, profile_run.profile, to_make, first.portal_state.preflight))
    return plan(session, [profile_run])[0]


@pytest.fixture
def drawn(planned: PlannedRun) -> Plan:
    return planned.preview.plan
