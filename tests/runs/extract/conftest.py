"""A portal whose nights pass at once, and a reader of it on which no wait takes time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from threading import Event

import polars as pl
import pytest

from icp_sync.portal.client.connection import Connection
from icp_sync.runs.extract.portal_sync import PortalSync
from icp_sync.runs.interfaces import NoProgress
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from tests.portal.instant import InstantClock

NAMES = ("name", "country")


@pytest.fixture
def clock() -> InstantClock:
    return InstantClock()


@pytest.fixture
def portal(clock: InstantClock) -> SandboxPortal:
    """Three hundred companies with the ids 1 to 300, last changed a day ago."""
    portal = SandboxPortal(clock=clock.now, searches=1_000_000)
    ids = range(1, 301)
    portal.add_companies(pl.DataFrame({"id": ids, "name": [f"C{one}" for one in ids], "country": ["DE"] * 300}))
    clock.pass_by(86_400)
    return portal


@pytest.fixture
def connection(portal: SandboxPortal, clock: InstantClock) -> Iterator[Connection]:
    with (
        serve_in_thread(portal) as address,
        Connection(address.token, address.url, stop=Event(), clock=clock) as connection,
    ):
        yield connection


@pytest.fixture
def reader(connection: Connection, clock: InstantClock) -> Callable[..., PortalSync]:
    """A reader that starts now, as a run does: after its first answer, which tells the portal's time."""

    def starting(*names: str) -> PortalSync:
        connection.portal_time = dt.datetime.fromtimestamp(int(clock.now()), dt.UTC)
        return PortalSync(connection, NoProgress(), names or NAMES, connection.portal_time)

    return starting
