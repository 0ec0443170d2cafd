"""A sandbox portal over loopback, and a connection to it on which no wait takes time."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import polars as pl
import pytest

from icp_sync.portal.client.connection import Connection
from icp_sync.sandbox import SandboxPortal, serve_in_thread
from tests.portal.instant import InstantClock


@pytest.fixture
def clock() -> InstantClock:
    return InstantClock()


@pytest.fixture
def stop() -> Event:
    return Event()


@pytest.fixture
def portal(clock: InstantClock) -> SandboxPortal:
    """Three companies with the ids 1, 2 and 3, in a portal that lives by the same clock."""
    portal = SandboxPortal(clock=clock.now)
    frame = {"id": [1, 2, 3], "name": ["Acme", "Beta", "Gamma"], "country": ["DE", None, "FR"]}
    portal.add_companies(pl.DataFrame(frame))
    return portal


@pytest.fixture(params=["v3"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def connection(portal: SandboxPortal, clock: InstantClock, stop: Event, version: str) -> Iterator[Connection]:
    with (
        serve_in_thread(portal) as address,
        Connection(address.token, address.url, version, stop=stop, clock=clock) as connection,
    ):
        yield connection


ANY_TOKEN = "t0ken"
BOTH_VERSIONS = pytest.mark.parametrize("version", ["v3", "2026-03", "2026-09"], indirect=True)


def to(url: str, clock: InstantClock, token: str = ANY_TOKEN) -> Connection:
    """A connection to any server, on which no wait takes time."""
    return Connection(token, url, stop=Event(), clock=clock)
